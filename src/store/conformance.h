// SPDX-License-Identifier: Apache-2.0
//
// What every engine must do: one suite, run on each. Test code only.
//
// An engine joins by adding conformance.cc, conformance_erasure.cc and conformance_tiles.cc to its
// test binary and, in a test file of its own,
//
//   INSTANTIATE_TEST_SUITE_P(Memory, StoreConformance, testing::Values(EngineUnderTest{...}));
//
// Each test opens a store of its own that is empty, or at least has nothing in the shards and facts
// the suite uses: an engine on a shared server makes a new schema for each call.

#ifndef CONSENT_STORE_CONFORMANCE_H_
#define CONSENT_STORE_CONFORMANCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "src/base/ids.h"
#include "src/store/store.h"

namespace consent::store {

struct EngineUnderTest {
  std::string name;
  // A new, empty store. May leave files or tables behind; they go with the test's temporary folder
  // or server.
  std::function<absl::StatusOr<std::unique_ptr<Store>>()> open;

  friend void PrintTo(const EngineUnderTest& engine, std::ostream* out) { *out << engine.name; }
};

class StoreConformance : public testing::TestWithParam<EngineUnderTest> {
 protected:
  void SetUp() override;
  Store& store() { return *store_; }

 private:
  std::unique_ptr<Store> store_;
};

// An id whose bytes are all `byte`, and one whose first bytes are `number`: distinct, in order.
template <typename Id>
Id FilledWith(uint8_t byte) {
  Id id;
  id.bytes.fill(byte);
  return id;
}
template <typename Id>
Id Numbered(uint32_t number) {
  Id id;
  for (size_t i = 0; i < 4; ++i) id.bytes[i] = static_cast<uint8_t>(number >> (24 - 8 * i));
  return id;
}

// A commit of `count` entries at `first`, with a head state that names its size. Entry and opening
// of each leaf differ from those of all other leaves; lengths are in bytes.
CommitRequest MakeCommit(uint64_t first, size_t count, size_t entry_length = 90,
                         size_t opening_length = 200);

}  // namespace consent::store

#endif  // CONSENT_STORE_CONFORMANCE_H_
