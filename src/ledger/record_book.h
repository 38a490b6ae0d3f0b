// SPDX-License-Identifier: Apache-2.0
//
// RecordBook: records of many consumers in little memory. A few thousand lie ready for use, all
// others as their encodings, which take a fraction of the room.
//
// Threads: not safe.

#ifndef CONSENT_LEDGER_RECORD_BOOK_H_
#define CONSENT_LEDGER_RECORD_BOOK_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "src/base/ids.h"
#include "src/consent/record.h"

namespace consent::ledger {

class RecordBook {
 public:
  static constexpr size_t kReadyMax = 16'384;

  explicit RecordBook(size_t ready_max = kReadyMax) : ready_max_(ready_max) {}

  // A consumer's record, to be changed; at first an empty one. Good until the next call.
  core::Record& At(const ConsumerId& consumer);

  bool Has(const ConsumerId& consumer) const { return packed_.contains(consumer); }
  size_t size() const { return packed_.size(); }
  // How many of them lie ready; at most what it was made for.
  size_t ready() const { return ready_.size(); }
  // Of a consumer whom it has. Good until the next call.
  std::string_view EncodingOf(const ConsumerId& consumer);
  // In no order.
  void ForEach(const std::function<void(const ConsumerId&, std::string_view encoding)>& visit);

 private:
  void Pack();

  const size_t ready_max_;
  absl::flat_hash_map<ConsumerId, core::Record> ready_;
  absl::flat_hash_map<ConsumerId, std::string> packed_;  // Of all; empty for those that are ready.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_RECORD_BOOK_H_
