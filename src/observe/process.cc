// SPDX-License-Identifier: Apache-2.0

#include "src/observe/process.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace consent::observe {
namespace {

std::string Read(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// When the machine was started, Unix seconds. Looked at once, so that a clock that is set does not
// look like another start; not in /proc/stat, which a service that is walled in cannot see.
double BootSeconds() {
  static const double boot = [] {
    timespec wall, since_boot;
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_BOOTTIME, &since_boot);
    return static_cast<double>(wall.tv_sec - since_boot.tv_sec) +
           static_cast<double>(wall.tv_nsec - since_boot.tv_nsec) * kNanosecond;
  }();
  return boot;
}

}  // namespace

void ShowProcess(Page& page) {
  const double tick = 1.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
  // The name of the program stands in parentheses and may hold anything; numbers follow (proc(5)).
  const std::string stat = Read("/proc/self/stat");
  const std::vector<std::string> fields =
      absl::StrSplit(stat.substr(std::min(stat.size(), stat.rfind(')') + 2)), ' ');
  constexpr size_t kUser = 11, kSystem = 12, kStarted = 19, kVirtual = 20, kResident = 21;
  if (fields.size() > kResident) {
    const auto number = [&](size_t field) {
      uint64_t value = 0;
      return absl::SimpleAtoi(fields[field], &value) ? static_cast<double>(value) : 0;
    };
    page.Add("process_start_time_seconds", BootSeconds() + number(kStarted) * tick);
    page.Add("process_cpu_seconds_total", (number(kUser) + number(kSystem)) * tick);
    page.Add("process_virtual_memory_bytes", number(kVirtual));
    page.Add("process_resident_memory_bytes",
             number(kResident) * static_cast<double>(sysconf(_SC_PAGESIZE)));
  }
  std::error_code error;
  const auto open = std::filesystem::directory_iterator("/proc/self/fd", error);
  if (!error)
    page.Add("process_open_fds", static_cast<double>(std::distance(begin(open), end(open))));
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    page.Add("process_max_fds", static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace consent::observe
