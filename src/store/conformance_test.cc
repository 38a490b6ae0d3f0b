// SPDX-License-Identifier: Apache-2.0
//
// The engines that need no server, under the suite of conformance.h.

#include "src/store/conformance.h"

#include "src/store/memory_store.h"
#include "src/store/rocksdb_store.h"
#include "src/store/temporary_folder.h"

namespace consent::store {
namespace {

absl::StatusOr<std::unique_ptr<Store>> OpenRocksDb() {
  // One folder for the whole run, a store in it for each test.
  static const TemporaryFolder folder;
  static int stores = 0;
  return RocksDbStore::Open(folder.path() + "/" + std::to_string(++stores),
                            {.cache_bytes = size_t{8} << 20});
}

absl::StatusOr<std::unique_ptr<Store>> OpenMemory() { return std::make_unique<MemoryStore>(); }

INSTANTIATE_TEST_SUITE_P(Engines, StoreConformance,
                         testing::Values(EngineUnderTest{"Memory", OpenMemory},
                                         EngineUnderTest{"RocksDb", OpenRocksDb}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace consent::store
