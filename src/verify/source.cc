// SPDX-License-Identifier: Apache-2.0

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include "consent/verifier.h"

namespace consent {
namespace {

// No file of a log is longer: 256 entries of 65,537 bytes are 16 MiB.
constexpr size_t kFileBytesMax = size_t{17} << 20;

LogFile ReadFileAt(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (file == nullptr) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return {missing ? LogFile::Outcome::kMissing : LogFile::Outcome::kFailed, "",
            std::generic_category().message(errno)};
  }
  LogFile read{LogFile::Outcome::kRead};
  char chunk[65'536];
  while (const size_t size = std::fread(chunk, 1, sizeof(chunk), file.get())) {
    read.bytes.append(chunk, size);
    if (read.bytes.size() > kFileBytesMax) return {LogFile::Outcome::kFailed, "", "too long"};
  }
  if (std::ferror(file.get()) != 0) {
    return {LogFile::Outcome::kFailed, "", std::generic_category().message(errno)};
  }
  return read;
}

}  // namespace

LogSource::LogSource(std::function<LogFile(const std::string&)> read) : read_(std::move(read)) {}

LogSource LogSource::Directory(std::string path) {
  return LogSource(
      [path = std::move(path)](const std::string& name) { return ReadFileAt(path + "/" + name); });
}

LogSource LogSource::Url(std::string prefix, HttpGet get) {
  while (prefix.ends_with('/')) prefix.pop_back();
  return LogSource([prefix = std::move(prefix), get = std::move(get)](const std::string& name) {
    return get(prefix + "/" + name);
  });
}

LogFile LogSource::Read(const std::string& path) const { return read_(path); }

}  // namespace consent
