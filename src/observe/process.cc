// SPDX-License-Identifier: Apache-2.0

#include "src/observe/process.h"

#include <sys/resource.h>
#include <unistd.h>

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

// When the machine was started, Unix seconds; 0: unknown.
uint64_t BootSeconds() {
  for (const std::string& line :
       std::vector<std::string>(absl::StrSplit(Read("/proc/stat"), '\n'))) {
    uint64_t seconds = 0;
    if (line.starts_with("btime ") && absl::SimpleAtoi(line.substr(6), &seconds)) return seconds;
  }
  return 0;
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
    page.Add("process_start_time_seconds",
             static_cast<double>(BootSeconds()) + number(kStarted) * tick);
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
