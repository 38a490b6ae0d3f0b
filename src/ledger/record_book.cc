// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/record_book.h"

#include <utility>

#include "src/base/codec.h"

namespace consent::ledger {

core::Record& RecordBook::At(const ConsumerId& consumer) {
  if (const auto ready = ready_.find(consumer); ready != ready_.end()) return ready->second;
  if (ready_.size() >= ready_max_) Pack();
  std::string packed = std::exchange(packed_[consumer], {});
  core::Record& record = ready_[consumer];
  // What was encoded here can be decoded.
  if (!packed.empty()) record = *Decode<core::Record>(packed);
  return record;
}

std::string_view RecordBook::EncodingOf(const ConsumerId& consumer) {
  Pack();
  return packed_.at(consumer);
}

void RecordBook::ForEach(
    const std::function<void(const ConsumerId&, std::string_view encoding)>& visit) {
  Pack();
  for (const auto& [consumer, encoding] : packed_) visit(consumer, encoding);
}

void RecordBook::Pack() {
  for (const auto& [consumer, record] : ready_) packed_[consumer] = Encode(record);
  ready_.clear();
}

}  // namespace consent::ledger
