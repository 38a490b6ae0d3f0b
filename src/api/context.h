// SPDX-License-Identifier: Apache-2.0
//
// Context: what every handler works with.

#ifndef CONSENT_API_CONTEXT_H_
#define CONSENT_API_CONTEXT_H_

#include "src/api/authenticator.h"
#include "src/api/backup_maker.h"
#include "src/api/observer.h"
#include "src/base/clock.h"
#include "src/contact/contact_id.h"
#include "src/crypto/token.h"
#include "src/ledger/ledger.h"

namespace consent::api {

class Bulk;
class Strangers;

struct Context {
  ledger::Ledger& ledger;
  const contact::Peppers& peppers;
  const crypto::TokenKey& permit_key;  // Seals permit ids.
  const Clock& clock;
  // Says who calls. Null: nobody is asked, and everybody may everything; only for a service that
  // nobody but this machine can reach.
  Authenticator* authenticator = nullptr;
  // Counts and writes down what calls come to. Null: nobody does.
  Observer* observer = nullptr;
  // Counts how many people companies ask about who gave them nothing. Null: nobody does.
  Strangers* strangers = nullptr;
  // Does what large messages bring. Every server has one.
  Bulk* bulk = nullptr;
  // Makes backups. Null: the service has no folder for them.
  BackupMaker* backups = nullptr;
};

}  // namespace consent::api

#endif  // CONSENT_API_CONTEXT_H_
