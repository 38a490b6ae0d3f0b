// SPDX-License-Identifier: Apache-2.0

#include "src/http/head.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace consent::http {
namespace {

constexpr std::string_view kOtherTokenCharacters = "!#$%&'*+-.^_`|~";

bool IsOfToken(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         kOtherTokenCharacters.find(c) != std::string_view::npos;
}

}  // namespace

void Head::See(std::string_view bytes) {
  for (const char c : bytes) {
    if (over_) return;
    if (c == '\n') {
      EndLine();
    } else if (line_.size() < kLineKept) {
      line_.push_back(c);
    }
    last_ = c;
  }
}

void Head::EndLine() {
  const bool crlf = last_ == '\r';
  if (crlf && line_.ends_with('\r')) line_.pop_back();
  over_ = crlf && line_.empty();
  if (!over_ && !first_) {
    const size_t colon = line_.find(':');
    const std::string name = line_.substr(0, colon);
    if (!crlf || colon == std::string::npos || name.empty() ||
        !std::all_of(name.begin(), name.end(), IsOfToken)) {
      malformed_ = true;
    } else if (absl::EqualsIgnoreCase(name, "authorization")) {
      // Of a value that begins beyond what is kept nothing is known but that it was said.
      const std::string value = line_.substr(colon + 1);
      authorization_is_empty_ |= value.find_first_not_of(" \t") == std::string::npos;
    }
  }
  first_ = false;
  line_.clear();
}

}  // namespace consent::http
