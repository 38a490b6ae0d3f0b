// SPDX-License-Identifier: Apache-2.0
//
// A record book holds what a map of records would, however few of them lie ready.

#include "src/ledger/record_book.h"

#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/codec.h"

namespace consent::ledger {
namespace {

ConsumerId Number(uint8_t number) {
  ConsumerId id{};
  id.bytes[0] = number;
  return id;
}

RC_GTEST_PROP(RecordBookTest, HoldsWhatAMapWould, ()) {
  const auto ready_max = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<size_t>(1, 5));
  const auto steps = *rc::gen::container<std::vector<std::pair<uint8_t, bool>>>(
      rc::gen::pair(rc::gen::resize(rc::kNominalSize, rc::gen::inRange<uint8_t>(0, 8)),
                    rc::gen::arbitrary<bool>()));
  RecordBook book(ready_max);
  std::map<ConsumerId, core::Record> map;
  for (const auto& [number, looks] : steps) {
    const ConsumerId id = Number(number);
    if (looks && map.contains(id)) {
      RC_ASSERT(book.EncodingOf(id) == Encode(map[id]));
      continue;
    }
    for (core::Record* const record : {&book.At(id), &map[id]}) {
      record->consumer = id;
      ++record->tag_count;
      record->place.regions.push_back("FR");
    }
    RC_ASSERT(book.At(id) == map[id]);
    RC_ASSERT(book.ready() <= ready_max);
  }
  RC_ASSERT(book.size() == map.size());
  std::map<ConsumerId, std::string> seen;
  book.ForEach([&](const ConsumerId& id, std::string_view encoding) { seen[id] = encoding; });
  RC_ASSERT(seen.size() == map.size());
  for (const auto& [id, record] : map) {
    RC_ASSERT(book.Has(id));
    RC_ASSERT(seen[id] == Encode(record));
  }
  RC_ASSERT(!book.Has(Number(9)));
}

}  // namespace
}  // namespace consent::ledger
