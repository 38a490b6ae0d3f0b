// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/config.h"

#include "gtest/gtest.h"
#include "src/base/machine_memory.h"

namespace consent::consentd {
namespace {

constexpr uint64_t kGiB = uint64_t{1} << 30;

size_t Records(size_t wanted, size_t cache_mib, uint64_t memory_bytes) {
  Config config;
  config.records_in_memory = wanted;
  config.cache_mib = cache_mib;
  return RecordsInMemory(config, memory_bytes);
}

TEST(RecordsInMemoryTest, AreAsManyAsWereAskedFor) { EXPECT_EQ(Records(7, 256, 64 * kGiB), 7u); }

TEST(RecordsInMemoryTest, TakeAThirdOfWhatTheCacheLeaves) {
  EXPECT_EQ(Records(0, 1024, 4 * kGiB), kGiB / kBytesARecord);
  EXPECT_EQ(Records(0, 256, kGiB), kGiB / 4 / kBytesARecord);
}

TEST(RecordsInMemoryTest, AreOneAtLeast) {
  EXPECT_EQ(Records(0, 4096, kGiB), 1u);
  EXPECT_EQ(Records(0, 256, 0), 1u);
}

TEST(MachineMemoryTest, IsThatOfSomeMachine) {
  EXPECT_GT(MachineMemory(), uint64_t{64} << 20);
  EXPECT_LT(MachineMemory(), uint64_t{1} << 50);
}

}  // namespace
}  // namespace consent::consentd
