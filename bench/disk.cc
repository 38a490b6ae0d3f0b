// SPDX-License-Identifier: Apache-2.0

#include "bench/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/status_macros.h"

namespace consent::bench {
namespace {

constexpr uint64_t kPiece = 1 << 20;

class ScratchFile {
 public:
  explicit ScratchFile(const std::string& folder)
      : path_(folder + "/disk.probe"),
        file_(open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600)) {}
  ~ScratchFile() {
    if (file_ < 0) return;
    close(file_);
    unlink(path_.c_str());
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  absl::Status Append(const std::string& bytes) {
    const ssize_t written = file_ < 0 ? -1 : write(file_, bytes.data(), bytes.size());
    return Judge(written == static_cast<ssize_t>(bytes.size()));
  }
  absl::Status Sync() { return Judge(fdatasync(file_) == 0); }

 private:
  absl::Status Judge(bool done) const {
    return done ? absl::OkStatus()
                : absl::FailedPreconditionError(absl::StrCat(path_, ": cannot be written"));
  }

  const std::string path_;
  const int file_;
};

}  // namespace

absl::StatusOr<load::Latencies> TimeSyncs(const std::string& folder, size_t bytes,
                                          absl::Duration time) {
  ScratchFile file(folder);
  // No zeros: some disks know how to make little of them.
  const std::string block(bytes, 'j');
  load::Latencies latencies;
  const absl::Time until = absl::Now() + time;
  for (absl::Time began = absl::Now(); began < until;) {
    RETURN_IF_ERROR(file.Append(block));
    RETURN_IF_ERROR(file.Sync());
    const absl::Time now = absl::Now();
    latencies.Add(now - began);
    began = now;
  }
  return latencies;
}

absl::StatusOr<absl::Duration> TimeWrite(const std::string& folder, uint64_t bytes) {
  ScratchFile file(folder);
  const std::string piece(kPiece, 'j');
  const absl::Time began = absl::Now();
  for (uint64_t left = bytes; left > 0; left -= std::min(left, kPiece)) {
    RETURN_IF_ERROR(file.Append(left >= kPiece ? piece : piece.substr(0, left)));
  }
  RETURN_IF_ERROR(file.Sync());
  return absl::Now() - began;
}

uint64_t BytesIn(const std::string& folder) {
  uint64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  return bytes;
}

}  // namespace consent::bench
