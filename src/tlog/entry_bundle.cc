// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/entry_bundle.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::tlog {
namespace {

constexpr size_t kLengthBytes = 2;

}  // namespace

absl::Status AppendToBundle(std::string_view entry, std::string& bundle) {
  if (entry.size() > kBundleEntryBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("an entry of ", entry.size(), " bytes, at most ", kBundleEntryBytesMax));
  }
  bundle.push_back(static_cast<char>(entry.size() >> 8));
  bundle.push_back(static_cast<char>(entry.size()));
  bundle.append(entry);
  return absl::OkStatus();
}

absl::StatusOr<std::string> EncodeBundle(absl::Span<const std::string> entries) {
  if (entries.size() > kBundleEntriesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a bundle of ", entries.size(), " entries, at most ", kBundleEntriesMax));
  }
  std::string bundle;
  for (const std::string& entry : entries) RETURN_IF_ERROR(AppendToBundle(entry, bundle));
  return bundle;
}

absl::StatusOr<std::vector<std::string_view>> DecodeBundle(std::string_view bundle) {
  std::vector<std::string_view> entries;
  while (!bundle.empty()) {
    if (entries.size() == kBundleEntriesMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("a bundle of more than ", kBundleEntriesMax, " entries"));
    }
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(bundle[i]); };
    if (bundle.size() < kLengthBytes ||
        bundle.size() - kLengthBytes < size_t{byte(0)} * 256 + byte(1)) {
      return absl::InvalidArgumentError(
          absl::StrCat("the bundle ends amid its entry ", entries.size()));
    }
    const size_t length = size_t{byte(0)} * 256 + byte(1);
    entries.push_back(bundle.substr(kLengthBytes, length));
    bundle.remove_prefix(kLengthBytes + length);
  }
  return entries;
}

}  // namespace consent::tlog
