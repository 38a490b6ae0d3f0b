// SPDX-License-Identifier: Apache-2.0
//
// LedgerCopy: both journals of a ledger as an auditor has them, and further entries that a lying
// ledger adds: well-formed, committed to, under the right tag, signed by the log's key.

#ifndef CONSENT_VERIFY_LEDGER_COPY_H_
#define CONSENT_VERIFY_LEDGER_COPY_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consent/verifier.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/crypto/secret.h"
#include "src/store/store.h"
#include "src/verify/test_log.h"

namespace consent::verify {

class LedgerCopy {
 public:
  // Of all that the store holds.
  explicit LedgerCopy(store::Store& store) : LedgerCopy(store, store) {}
  // The journal of one store, the directory's of another.
  LedgerCopy(store::Store& consumers, store::Store& directory);

  // A lie's place in the journal.
  struct Lie {
    Instant at;
    TreeSize directory_size;
    std::optional<ConsumerId> consumer = {};  // None: a contact point never heard of.
    std::string contact_point = {};
    std::string named_company = {};
  };
  // Adds an entry that nobody decided.
  void Forge(const Lie& lie, const core::EventBody& body);

  // The last event of this journal; who it was about and the directory that it cites.
  core::Event LastEvent() const;
  Lie LastPlace() const;
  // Takes the last entry off.
  void DropLast();

  // Audits both, or the consumers' journal alone.
  AuditReport Audit(AuditOptions options = {.complete = true}) const;
  AuditReport AuditAlone() const;
  static std::string FaultsOf(const AuditReport& report);

  uint64_t size() const { return consumers_.log.size(); }
  std::vector<std::string>& directory_disclosures() { return directory_.disclosures; }
  TestLog& directory_log() { return directory_.log; }

 private:
  struct Journal {
    TestLog log;
    std::vector<std::string> disclosures;
  };
  static Journal Copy(store::Store& store, ShardId shard, const std::string& name);

  Journal directory_;
  Journal consumers_;
};

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_LEDGER_COPY_H_
