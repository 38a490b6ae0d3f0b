// SPDX-License-Identifier: Apache-2.0

#include "src/base/machine_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace consent {
namespace {

// Where a container sees its own limit (cgroup v2): a number, or "max".
constexpr const char* kLimitFile = "/sys/fs/cgroup/memory.max";

}  // namespace

uint64_t MachineMemory() {
  const auto bytes =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  std::ifstream file(kLimitFile);
  uint64_t limit = 0;
  return file >> limit ? std::min(bytes, limit) : bytes;
}

}  // namespace consent
