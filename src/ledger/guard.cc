// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/guard.h"

#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

// Checkpoints are a few hundred bytes each; a line of the other file has 33.
constexpr size_t kGuardBytesMax = size_t{1} << 20;
constexpr size_t kErasedBytesMax = size_t{1} << 30;
// Stands before each checkpoint.
constexpr std::string_view kRule = "-- checkpoint\n";

absl::Status NoGuard(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(
      path, ": expected a guard: lines of \"-- checkpoint\", each before a signed checkpoint"));
}

std::string ErasedPath(const std::string& path) { return path + ".erased"; }

}  // namespace

absl::StatusOr<std::unique_ptr<Guard>> Guard::Open(const std::string& path) {
  auto guard = std::unique_ptr<Guard>(new Guard(path));
  RETURN_IF_ERROR(guard->Read());
  return guard;
}

absl::StatusOr<std::unique_ptr<Guard>> Guard::Create(const std::string& path) {
  RETURN_IF_ERROR(AppendDurably(path, ""));
  return Open(path);
}

absl::Status Guard::Read() {
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path_, kGuardBytesMax));
  if (!content.empty()) {
    std::string_view rest = content;
    if (!rest.starts_with(kRule)) return NoGuard(path_);
    rest.remove_prefix(kRule.size());
    while (true) {
      const size_t next = rest.find(kRule);
      const std::string note(rest.substr(0, next));
      const size_t line = note.find('\n');
      if (line == std::string::npos || line == 0) return NoGuard(path_);
      checkpoints_[note.substr(0, line)] = note;
      if (next == std::string_view::npos) break;
      rest.remove_prefix(next + kRule.size());
    }
  }
  absl::StatusOr<std::string> erased = ReadFile(ErasedPath(path_), kErasedBytesMax);
  if (absl::IsNotFound(erased.status())) return absl::OkStatus();
  RETURN_IF_ERROR(erased.status());
  for (absl::string_view line : absl::StrSplit(*erased, '\n', absl::SkipEmpty())) {
    const bool hex = line.size() == 2 * Handle::kSize &&
                     line.find_first_not_of("0123456789abcdef") == absl::string_view::npos;
    // A line that a crash cut short: its erasure was never committed.
    if (hex) erased_.push_back(*Handle::FromBytes(absl::HexStringToBytes(line)));
  }
  return absl::OkStatus();
}

std::optional<std::string> Guard::Checkpoint(const std::string& origin) const {
  MutexLock lock(&mutex_);
  const auto kept = checkpoints_.find(origin);
  if (kept == checkpoints_.end()) return std::nullopt;
  return kept->second;
}

absl::Status Guard::Keep(const std::string& origin, const std::string& note) {
  MutexLock lock(&mutex_);
  checkpoints_[origin] = note;
  std::string content;
  for (const auto& [name, kept] : checkpoints_) content.append(kRule).append(kept);
  return WriteDurably(path_, content);
}

absl::Status Guard::Erase(const Handle& handle) {
  MutexLock lock(&mutex_);
  // The newline first ends what a crash may have cut short.
  RETURN_IF_ERROR(AppendDurably(ErasedPath(path_),
                                absl::StrCat("\n", absl::BytesToHexString(handle.str()), "\n")));
  erased_.push_back(handle);
  return absl::OkStatus();
}

std::vector<Handle> Guard::Erased() const {
  MutexLock lock(&mutex_);
  return erased_;
}

}  // namespace consent::ledger
