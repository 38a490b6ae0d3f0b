// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/note.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/tlog/text.h"

namespace consent::tlog {
namespace {

constexpr std::string_view kDash = "\u2014 ";
constexpr size_t kIdBytes = 4;

// Two keys that a signature line cannot tell apart.
bool Collide(const VerifierKey& a, const VerifierKey& b) {
  return a.name == b.name && a.id == b.id && a != b;
}

}  // namespace

std::string Signature::ToLine() const {
  std::string raw;
  for (int shift = 24; shift >= 0; shift -= 8) raw.push_back(static_cast<char>(id >> shift));
  raw += bytes;
  std::string line(kDash);
  absl::StrAppend(&line, name, " ", EncodeBase64(raw), "\n");
  return line;
}

std::string Note::ToString() const {
  std::string bytes = absl::StrCat(text, "\n");
  for (const Signature& signature : signatures) bytes += signature.ToLine();
  return bytes;
}

absl::StatusOr<Signature> ParseSignatureLine(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (!line.starts_with(kDash)) {
    return absl::InvalidArgumentError("a signature line begins with an em dash and a space");
  }
  line.remove_prefix(kDash.size());
  const size_t name_end = line.find(' ');
  if (name_end == line.npos || !IsKeyName(line.substr(0, name_end))) {
    return absl::InvalidArgumentError("a signature line has no key name");
  }
  const std::optional<std::string> raw = DecodeBase64(line.substr(name_end + 1));
  if (!raw.has_value() || raw->size() <= kIdBytes) {
    return absl::InvalidArgumentError("a signature is not standard base64 of a key id and more");
  }
  Signature signature;
  signature.name = std::string(line.substr(0, name_end));
  for (size_t i = 0; i < kIdBytes; ++i) {
    signature.id = signature.id << 8 | static_cast<unsigned char>((*raw)[i]);
  }
  signature.bytes = raw->substr(kIdBytes);
  return signature;
}

absl::StatusOr<Note> ParseNote(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a note has ", bytes.size(), " bytes, at most ", kNoteBytesMax));
  }
  if (!IsNoteText(bytes)) {
    return absl::InvalidArgumentError("a note is not UTF-8, or has control characters");
  }
  // The text may have empty lines; the last one ends it.
  const size_t end = bytes.rfind("\n\n");
  if (end == bytes.npos || !bytes.ends_with('\n') || end + 2 == bytes.size()) {
    return absl::InvalidArgumentError(
        "a note is a text, an empty line and signature lines, each ended by a newline");
  }
  Note note;
  note.text = std::string(bytes.substr(0, end + 1));
  std::string_view rest = bytes.substr(end + 2);
  while (const std::optional<std::string_view> line = TakeLine(rest)) {
    if (note.signatures.size() == kSignaturesMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("a note has more than ", kSignaturesMax, " signatures"));
    }
    absl::StatusOr<Signature> signature = ParseSignatureLine(*line);
    if (!signature.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("signature ", note.signatures.size() + 1, ": ",
                                                     signature.status().message()));
    }
    note.signatures.push_back(*std::move(signature));
  }
  return note;
}

absl::StatusOr<std::vector<const VerifierKey*>> VerifyNote(const Note& note,
                                                           absl::Span<const VerifierKey> keys) {
  std::vector<const VerifierKey*> signers;
  for (const Signature& signature : note.signatures) {
    const VerifierKey* known = nullptr;
    for (const VerifierKey& key : keys) {
      if (!signature.Names(key)) continue;
      if (known != nullptr && Collide(*known, key)) {
        return absl::InvalidArgumentError(
            absl::StrCat("two known keys share the name and id of ", key.ToString()));
      }
      known = &key;
    }
    if (known == nullptr || !known->key.has_value()) continue;
    if (const absl::Status status = known->Verify(note.text, signature.bytes); !status.ok()) {
      return absl::PermissionDeniedError(
          absl::StrCat("the signature of ", known->ToString(), " is bad: ", status.message()));
    }
    if (std::find(signers.begin(), signers.end(), known) == signers.end()) {
      signers.push_back(known);
    }
  }
  if (signers.empty()) {
    return absl::UnauthenticatedError(
        absl::StrCat("none of the ", keys.size(), " known keys signed the note"));
  }
  return signers;
}

}  // namespace consent::tlog
