// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "src/base/status_macros.h"
#include "src/crypto/random.h"

namespace consent::crypto {
namespace {

// An open file, closed when it goes out of scope.
struct Descriptor {
  int fd;
  explicit Descriptor(int d) : fd(d) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

absl::Status SystemError(const std::string& path, const char* action) {
  return absl::ErrnoToStatus(errno, absl::StrCat("key file ", path, ": cannot ", action));
}

absl::Status Unexpected(const std::string& path, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("key file ", path, ": ", what));
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status SyncDirectory(const std::string& path) {
  const Descriptor directory(open(DirectoryOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.fd < 0 || fsync(directory.fd) != 0) return SystemError(path, "sync its directory");
  return absl::OkStatus();
}

// Writes a new file of mode 0600 and makes its bytes durable.
absl::Status WriteNew(const std::string& path, std::string_view text) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.fd < 0) return SystemError(path, "create");
  while (!text.empty()) {
    const ssize_t written = write(file.fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(path, "write");
    text.remove_prefix(static_cast<size_t>(written));
  }
  // The umask may have taken the owner's own bits away.
  if (fchmod(file.fd, 0600) != 0) return SystemError(path, "set the mode");
  if (fsync(file.fd) != 0) return SystemError(path, "sync");
  return absl::OkStatus();
}

// link() gives the name to a file that is already whole, and fails where the name is taken: no
// crash leaves half a key, and no race overwrites one.
absl::Status CreateDurably(const std::string& path, std::string_view text) {
  const std::string beside =
      absl::StrCat(path, ".", absl::BytesToHexString(RandomBytes(8)), ".new");
  absl::Status status = WriteNew(beside, text);
  if (status.ok() && link(beside.c_str(), path.c_str()) != 0) status = SystemError(path, "create");
  unlink(beside.c_str());
  if (status.ok()) status = SyncDirectory(path);
  return status;
}

}  // namespace

std::string_view KeyText::Line() const {
  std::string_view line = text_;
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line;
}

absl::Status CreateKeyFile(const std::string& path, const PrivateKey& key) {
  const KeyText pem(key.ToPem());
  return CreateDurably(path, pem.view());
}

absl::Status CreateSecretFile(const std::string& path, const Secret& secret) {
  const std::string_view bytes = secret.view();
  std::string line = absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()));
  line.push_back('\n');
  return CreateDurably(path, KeyText(std::move(line)).view());
}

absl::StatusOr<KeyText> ReadKeyText(const std::string& path) {
  // O_NONBLOCK: opening a pipe must not wait for its writer before it is refused.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0) return SystemError(path, "open");
  struct stat about;
  if (fstat(file.fd, &about) != 0) return SystemError(path, "inspect");
  if (!S_ISREG(about.st_mode)) return Unexpected(path, "expected a regular file, found another");
  if ((about.st_mode & 077) != 0) {
    return absl::PermissionDeniedError(
        absl::StrFormat("key file %s: expected mode 0600, found %04o: others may know the key; if "
                        "they cannot, chmod 600 it",
                        path, about.st_mode & 07777));
  }
  std::string read(kMaxKeyFileBytes + 1, '\0');
  size_t size = 0;
  while (size < read.size()) {
    const ssize_t got = ::read(file.fd, read.data() + size, read.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path, "read");
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > kMaxKeyFileBytes) {
    return Unexpected(path,
                      absl::StrCat("expected at most ", kMaxKeyFileBytes, " bytes, found more"));
  }
  read.resize(size);
  return KeyText(std::move(read));
}

absl::StatusOr<PrivateKey> ReadKeyFile(const std::string& path) {
  ASSIGN_OR_RETURN(const KeyText pem, ReadKeyText(path));
  absl::StatusOr<PrivateKey> key = PrivateKey::FromPem(pem.view());
  if (!key.ok()) return Unexpected(path, std::string(key.status().message()));
  return key;
}

absl::StatusOr<Secret> ParseSecret(const KeyText& text) {
  const std::string_view line = text.Line();
  std::string bytes;
  // Base64Unescape forgives other spellings; writing the bytes again shows them.
  const bool decodes = absl::Base64Unescape(absl::string_view(line.data(), line.size()), &bytes);
  const KeyText decoded(std::move(bytes));
  const KeyText again(
      decodes ? absl::Base64Escape(absl::string_view(decoded.view().data(), decoded.view().size()))
              : "");
  if (!decodes || decoded.view().size() != Secret::kSize || again.view() != line) {
    return absl::InvalidArgumentError(
        "expected 32 bytes as one line of 44 characters of base64, found other");
  }
  return Secret::FromBytes(decoded.view());
}

absl::StatusOr<Secret> ReadSecretFile(const std::string& path) {
  ASSIGN_OR_RETURN(const KeyText line, ReadKeyText(path));
  absl::StatusOr<Secret> secret = ParseSecret(line);
  if (!secret.ok()) return Unexpected(path, std::string(secret.status().message()));
  return secret;
}

}  // namespace consent::crypto
