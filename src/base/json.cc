// SPDX-License-Identifier: Apache-2.0

#include "src/base/json.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent {
namespace {

constexpr double kWholeMax = 9007199254740992.0;  // 2^53.

void AppendUtf8(uint32_t code, std::string* out) {
  const auto byte = [out](uint32_t value) { out->push_back(static_cast<char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6)), byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12)), byte(0x80 | ((code >> 6) & 0x3F)), byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18)), byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F)), byte(0x80 | (code & 0x3F));
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  absl::StatusOr<Json> ReadWhole() {
    Json value;
    RETURN_IF_ERROR(ReadValue(0, &value));
    SkipBlanks();
    if (at_ != text_.size()) return Unexpected("nothing behind the value");
    return value;
  }

 private:
  absl::Status Unexpected(const char* expected) const {
    return absl::InvalidArgumentError(absl::StrCat("JSON, byte ", at_, ": expected ", expected));
  }
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void SkipBlanks() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos) {
      ++at_;
    }
  }

  absl::Status ReadValue(int depth, Json* out) {
    if (depth > Json::kDepthMax) return Unexpected("fewer values within each other");
    SkipBlanks();
    switch (Peek()) {
      case '{':
        return ReadObject(depth, out);
      case '[':
        return ReadArray(depth, out);
      case '"': {
        std::string text;
        RETURN_IF_ERROR(ReadText(&text));
        out->value_ = std::move(text);
        return absl::OkStatus();
      }
      default:
        break;
    }
    if (IsDigit(Peek()) || Peek() == '-') return ReadNumber(out);
    if (TakeWord("true")) {
      out->value_ = true;
    } else if (TakeWord("false")) {
      out->value_ = false;
    } else if (!TakeWord("null")) {
      return Unexpected("a value");
    }
    return absl::OkStatus();
  }

  bool TakeWord(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  absl::Status ReadObject(int depth, Json* out) {
    ++at_;
    Json::Object members;
    SkipBlanks();
    while (!Take('}')) {
      if (!members.empty() && !Take(',')) return Unexpected("',' or '}'");
      SkipBlanks();
      std::string name;
      RETURN_IF_ERROR(ReadText(&name));
      const bool known = std::any_of(members.begin(), members.end(),
                                     [&](const auto& member) { return member.first == name; });
      if (known) return Unexpected("each name once");
      if (members.size() == kMembersMax) return Unexpected("fewer members");
      SkipBlanks();
      if (!Take(':')) return Unexpected("':'");
      members.emplace_back(std::move(name), Json());
      RETURN_IF_ERROR(ReadValue(depth + 1, &members.back().second));
      SkipBlanks();
    }
    out->value_ = std::move(members);
    return absl::OkStatus();
  }

  absl::Status ReadArray(int depth, Json* out) {
    ++at_;
    Json::Array items;
    SkipBlanks();
    while (!Take(']')) {
      if (!items.empty() && !Take(',')) return Unexpected("',' or ']'");
      items.emplace_back();
      RETURN_IF_ERROR(ReadValue(depth + 1, &items.back()));
      SkipBlanks();
    }
    out->value_ = std::move(items);
    return absl::OkStatus();
  }

  absl::Status ReadText(std::string* out) {
    if (!Take('"')) return Unexpected("'\"'");
    while (!Take('"')) {
      if (at_ >= text_.size()) return Unexpected("the end of a text");
      const char c = text_[at_++];
      if (static_cast<unsigned char>(c) < 0x20) return Unexpected("no control characters");
      if (c != '\\') {
        out->push_back(c);
        continue;
      }
      RETURN_IF_ERROR(ReadEscape(out));
    }
    return absl::OkStatus();
  }

  absl::Status ReadEscape(std::string* out) {
    constexpr std::string_view kEscapes = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    const char c = Peek();
    ++at_;
    if (c != 'u') {
      const size_t which = kEscapes.find(c);
      if (which == std::string_view::npos) return Unexpected("an escape that there is");
      out->push_back(kMeant[which]);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(uint32_t code, ReadCode());
    if (code >= 0xD800 && code < 0xDC00) {
      if (!Take('\\') || !Take('u')) return Unexpected("the second half of a character");
      ASSIGN_OR_RETURN(const uint32_t low, ReadCode());
      if (low < 0xDC00 || low >= 0xE000) return Unexpected("the second half of a character");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xDC00 && code < 0xE000) {
      return Unexpected("the first half of a character");
    }
    AppendUtf8(code, out);
    return absl::OkStatus();
  }

  absl::StatusOr<uint32_t> ReadCode() {
    uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = absl::ascii_tolower(static_cast<unsigned char>(Peek()));
      if (!IsDigit(c) && (c < 'a' || c > 'f')) return Unexpected("four hexadecimal digits");
      code = code * 16 + static_cast<uint32_t>(IsDigit(c) ? c - '0' : c - 'a' + 10);
    }
    return code;
  }

  absl::Status ReadNumber(Json* out) {
    const size_t begin = at_;
    Take('-');
    if (Peek() == '0' && at_ + 1 < text_.size() && IsDigit(text_[at_ + 1])) {
      return Unexpected("a number without a leading zero");
    }
    if (!TakeDigits()) return Unexpected("digits");
    if (Take('.') && !TakeDigits()) return Unexpected("digits");
    if (Take('e') || Take('E')) {
      if (!Take('+')) Take('-');
      if (!TakeDigits()) return Unexpected("digits");
    }
    double value = 0;
    const std::string digits(text_.substr(begin, at_ - begin));
    if (!absl::SimpleAtod(digits, &value)) return Unexpected("a number");
    out->value_ = Json::Number{value};
    return absl::OkStatus();
  }

  bool TakeDigits() {
    const size_t begin = at_;
    while (IsDigit(Peek())) ++at_;
    return at_ > begin;
  }

  static constexpr size_t kMembersMax = 256;  // Of one object: each name is compared with all.

  const std::string_view text_;
  size_t at_ = 0;
};

absl::StatusOr<Json> Json::Parse(std::string_view text) {
  if (text.size() > kBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("JSON: expected at most ", kBytesMax, " bytes"));
  }
  return JsonReader(text).ReadWhole();
}

std::optional<int64_t> Json::whole() const {
  const Number* const number = std::get_if<Number>(&value_);
  // Also false for what is not a number at all.
  if (number == nullptr || !(std::abs(number->value) <= kWholeMax)) return std::nullopt;
  return static_cast<int64_t>(std::trunc(number->value));
}

const Json* Json::Find(std::string_view name) const {
  const Object* const members = object();
  if (members == nullptr) return nullptr;
  for (const auto& [known, value] : *members) {
    if (known == name) return &value;
  }
  return nullptr;
}

const std::string* Json::FindText(std::string_view name) const {
  const Json* const member = Find(name);
  return member == nullptr ? nullptr : member->text();
}

}  // namespace consent
