// SPDX-License-Identifier: Apache-2.0

#include "src/backup/manifest.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"

namespace consent::backup {
namespace {

constexpr std::string_view kFirstLine = "consent-ledger backup 1";

std::string Hex(const Digest& digest) { return absl::BytesToHexString(digest.str()); }

std::optional<Digest> FromHex(const std::string& text) {
  const bool hex = text.size() == 2 * Digest::kSize &&
                   text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hex) return std::nullopt;
  return Digest::FromBytes(absl::HexStringToBytes(text));
}

// In its one form: no sign, no zero in front.
template <typename Number>
bool ReadNumber(const std::string& text, Number& number) {
  return absl::SimpleAtoi(text, &number) && absl::StrCat(number) == text;
}

bool IsWord(const std::string& text) {
  return !text.empty() && text.size() <= 256 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isgraph(c); });
}

// Takes the lines one by one; each begins with a name that is expected.
class Lines {
 public:
  explicit Lines(std::string_view text)
      : lines_(absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {}

  bool NextIs(std::string_view name) const {
    return next_ < lines_.size() && lines_[next_].starts_with(std::string(name) + " ");
  }
  // The words after the name; there must be `count`, and each a word.
  absl::StatusOr<std::vector<std::string>> Take(std::string_view name, size_t count) {
    if (!NextIs(name)) return Fault();
    std::vector<std::string> words = absl::StrSplit(lines_[next_], ' ');
    words.erase(words.begin());
    if (words.size() != count || !std::all_of(words.begin(), words.end(), IsWord)) return Fault();
    ++next_;
    return words;
  }
  template <typename Number>
  absl::Status TakeNumber(std::string_view name, Number& number) {
    ASSIGN_OR_RETURN(const std::vector<std::string> words, Take(name, 1));
    if (ReadNumber(words[0], number)) return absl::OkStatus();
    --next_;
    return Fault();
  }
  absl::Status TakeFirst() {
    if (lines_.empty() || lines_[0] != kFirstLine) return Fault();
    ++next_;
    return absl::OkStatus();
  }
  absl::Status Fault() const {
    return absl::DataLossError(
        absl::StrCat("the manifest's line ", next_ + 1, " is not what it should be"));
  }
  // Nothing but the newline at the end of the last line.
  bool AtEnd() const { return next_ + 1 == lines_.size() && lines_.back().empty(); }

 private:
  const std::vector<std::string> lines_;
  size_t next_ = 0;
};

}  // namespace

std::string WriteManifest(const Manifest& manifest) {
  std::string text = absl::StrCat(
      std::string(kFirstLine), "\nid ", manifest.id, "\nmade ", manifest.made_at.unix_seconds,
      "\norigin ", manifest.origin, "\nformat ", manifest.store_format, "\nrelease ",
      manifest.release, "\nbytes ", manifest.bytes, "\ncatalogue ", Hex(manifest.catalogue), "\n");
  for (const BackedUpJournal& journal : manifest.journals) {
    absl::StrAppend(&text, "journal ", journal.origin, " ", journal.size.value, " ",
                    Hex(journal.root), "\n");
  }
  absl::StrAppend(&text, "sha256 ", Hex(crypto::Sha256({text})), "\n");
  return text;
}

absl::StatusOr<Manifest> ParseManifest(std::string_view text) {
  Lines lines(text);
  Manifest manifest;
  RETURN_IF_ERROR(lines.TakeFirst());
  RETURN_IF_ERROR(lines.TakeNumber("id", manifest.id));
  RETURN_IF_ERROR(lines.TakeNumber("made", manifest.made_at.unix_seconds));
  ASSIGN_OR_RETURN(std::vector<std::string> words, lines.Take("origin", 1));
  manifest.origin = words[0];
  RETURN_IF_ERROR(lines.TakeNumber("format", manifest.store_format));
  ASSIGN_OR_RETURN(words, lines.Take("release", 1));
  manifest.release = words[0];
  RETURN_IF_ERROR(lines.TakeNumber("bytes", manifest.bytes));
  ASSIGN_OR_RETURN(words, lines.Take("catalogue", 1));
  const std::optional<Digest> catalogue = FromHex(words[0]);
  if (!catalogue.has_value() || manifest.id == 0) return lines.Fault();
  manifest.catalogue = *catalogue;
  while (lines.NextIs("journal") && manifest.journals.size() < Manifest::kJournalsMax) {
    ASSIGN_OR_RETURN(words, lines.Take("journal", 3));
    BackedUpJournal journal{.origin = words[0], .size = {}, .root = {}};
    const std::optional<Digest> root = FromHex(words[2]);
    if (!root.has_value() || !ReadNumber(words[1], journal.size.value)) return lines.Fault();
    journal.root = *root;
    manifest.journals.push_back(std::move(journal));
  }
  ASSIGN_OR_RETURN(words, lines.Take("sha256", 1));
  const size_t signed_bytes = text.rfind("sha256 ");
  if (!lines.AtEnd() || FromHex(words[0]) != crypto::Sha256({text.substr(0, signed_bytes)})) {
    return absl::DataLossError("the manifest's last line is not the SHA-256 of those before");
  }
  return manifest;
}

}  // namespace consent::backup
