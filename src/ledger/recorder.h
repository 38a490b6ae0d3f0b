// SPDX-License-Identifier: Apache-2.0
//
// Recorder: turns an event into an entry with its sealed opening, and stages it.
//
// Threads: belongs to the shard's committer.

#ifndef CONSENT_LEDGER_RECORDER_H_
#define CONSENT_LEDGER_RECORDER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "src/base/ids.h"
#include "src/consent/event.h"
#include "src/contact/contact_id.h"
#include "src/crypto/secret.h"
#include "src/directory/directory.h"
#include "src/ledger/committer.h"
#include "src/ledger/consumers.h"

namespace consent::ledger {

// What a command said of whom an event is about; nothing where it named no contact point.
struct About {
  std::string_view contact_point = {};  // Canonical text.
  const contact::ContactName* name = nullptr;
};

class Recorder {
 public:
  explicit Recorder(Consumers& consumers) : consumers_(consumers) {}

  // Stages the event and takes it into the consumer's record; the contact point goes by the newest
  // of its ids from then on. Returns the entry's position.
  LeafIndex Record(Turn& turn, const directory::Directory& directory, Consumer& consumer,
                   const About& about, core::EventBody body);

  // The same for a contact point that the ledger has never heard of: makes no record. Its opening
  // is sealed under a secret of the day.
  LeafIndex RecordStranger(Turn& turn, const directory::Directory& directory,
                           std::string_view contact_point, const core::EventBody& body);

  // Forgets the secret of the day; after what was staged has been lost.
  void Clear() { today_.reset(); }

 private:
  struct Day {
    int32_t day;
    Handle handle;
    crypto::Secret secret;
  };
  const Day& Today(Turn& turn);

  Consumers& consumers_;
  std::optional<Day> today_;
};

// A new consumer with fresh random names; its secret becomes durable with the group.
Consumer& AddConsumer(Consumers& consumers, Turn& turn);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_RECORDER_H_
