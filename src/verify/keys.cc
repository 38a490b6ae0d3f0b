// SPDX-License-Identifier: Apache-2.0

#include "src/verify/keys.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/tlog/note.h"

namespace consent::verify {

absl::StatusOr<std::vector<tlog::VerifierKey>> ParseKeys(const std::vector<std::string>& texts) {
  std::vector<tlog::VerifierKey> keys;
  for (const std::string& text : texts) {
    for (const absl::string_view word :
         absl::StrSplit(text, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty())) {
      auto key = tlog::ParseVerifierKey({word.data(), word.size()});
      if (!key.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat("verifier key ", keys.size() + 1, ": ", key.status().message()));
      }
      keys.push_back(*std::move(key));
    }
  }
  return keys;
}

absl::StatusOr<std::vector<tlog::VerifierKey>> KeysOf(std::string_view note,
                                                      const std::vector<tlog::VerifierKey>& keys) {
  const std::string origin(note.substr(0, note.find('\n')));
  std::vector<tlog::VerifierKey> named;
  for (const tlog::VerifierKey& key : keys) {
    if (key.name == origin) named.push_back(key);
  }
  if (!named.empty()) return named;
  return absl::UnauthenticatedError("it is of a log that none of the given keys is of");
}

absl::StatusOr<tlog::SignedCheckpoint> OpenByKeys(std::string_view note,
                                                  const std::vector<tlog::VerifierKey>& keys) {
  RETURN_IF_ERROR(tlog::ParseNote(note).status());
  ASSIGN_OR_RETURN(const std::vector<tlog::VerifierKey> named, KeysOf(note, keys));
  return tlog::OpenCheckpoint(note, named.front().name, named);
}

}  // namespace consent::verify
