// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/log_input.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/strip.h"
#include "src/base/status_macros.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/key_input.h"
#include "src/http/getter.h"

namespace consent::ctl {

absl::StatusOr<LogSource> SourceOf(const std::string& log, const std::string& option) {
  if (log.find("://") == std::string::npos) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(log, ignored)) {
      return BadInput(option + ": expected a directory, or a URL that begins with http");
    }
    return LogSource::Directory(log);
  }
  auto getter = http::Getter::Create(log);
  if (!getter.ok()) return AsBadInput(getter.status());
  // Read is given the whole URL; the getter wants what follows the prefix.
  const std::string prefix(absl::StripSuffix(log, "/"));
  return LogSource::Url(
      prefix, [getter = *std::move(getter), skip = prefix.size() + 1](const std::string& url) {
        const absl::StatusOr<std::string> body = getter.Get(url.substr(skip));
        if (body.ok()) return LogFile{LogFile::Outcome::kRead, *body, {}};
        return LogFile{absl::IsNotFound(body.status()) ? LogFile::Outcome::kMissing
                                                       : LogFile::Outcome::kFailed,
                       {},
                       std::string(body.status().message())};
      });
}

absl::StatusOr<std::vector<std::string>> ReadKeys(const std::vector<std::string>& typed) {
  std::vector<std::string> keys;
  for (const std::string& key : typed) {
    std::error_code ignored;
    if (key.find('+') != std::string::npos && !std::filesystem::exists(key, ignored)) {
      keys.push_back(key);
    } else {
      ASSIGN_OR_RETURN(keys.emplace_back(), ReadWholeFile(key, kTextBytesMax));
    }
  }
  return keys;
}

}  // namespace consent::ctl
