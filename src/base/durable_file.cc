// SPDX-License-Identifier: Apache-2.0

#include "src/base/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent {
namespace {

constexpr mode_t kMode = 0640;

absl::Status Failed(const std::string& path, const char* doing) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": cannot ", doing, ": ", std::strerror(errno)));
}

// An open file; closed at the end of its life.
class File {
 public:
  File(const std::string& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC, kMode)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool ok() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  bool Write(std::string_view content) const {
    while (!content.empty()) {
      const ssize_t written = write(fd_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      content.remove_prefix(static_cast<size_t>(written));
    }
    return true;
  }
  bool Sync() const { return fsync(fd_) == 0; }

 private:
  const int fd_;
};

absl::Status SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file(folder, O_RDONLY | O_DIRECTORY);
  if (!file.ok() || !file.Sync()) return Failed(folder, "sync the folder");
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteDurably(const std::string& path, std::string_view content) {
  const std::string unfinished = path + ".new";
  {
    const File file(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.ok()) return Failed(unfinished, "open");
    if (!file.Write(content)) return Failed(unfinished, "write");
    if (!file.Sync()) return Failed(unfinished, "sync");
  }
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) return Failed(path, "rename into place");
  return SyncFolderOf(path);
}

absl::Status AppendDurably(const std::string& path, std::string_view content) {
  const File file(path, O_WRONLY | O_CREAT | O_APPEND);
  if (!file.ok()) return Failed(path, "open");
  if (!file.Write(content)) return Failed(path, "write");
  if (!file.Sync()) return Failed(path, "sync");
  return SyncFolderOf(path);
}

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t bytes_max) {
  const File file(path, O_RDONLY);
  if (!file.ok()) {
    if (errno == ENOENT) return absl::NotFoundError(absl::StrCat(path, ": no such file"));
    return Failed(path, "open");
  }
  std::string content;
  char block[64 * 1024];
  while (true) {
    const ssize_t got = read(file.fd(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed(path, "read");
    if (got == 0) return content;
    content.append(block, static_cast<size_t>(got));
    if (content.size() > bytes_max) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": expected at most ", bytes_max, " bytes, found more"));
    }
  }
}

}  // namespace consent
