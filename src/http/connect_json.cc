// SPDX-License-Identifier: Apache-2.0

#include "src/http/connect_json.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"

namespace consent::http {
namespace {

namespace pb = google::protobuf;

constexpr size_t kFieldNameMax = 100;
constexpr int kDigitsMax = 4;

std::unique_ptr<pb::Message> New(const pb::Descriptor& type) {
  return std::unique_ptr<pb::Message>(
      pb::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

// Whether this is a path of field names such as "items[2].contact_point", and nothing that tells
// more: a long number is never part of a name.
bool IsFieldPath(std::string_view text) {
  if (text.empty() || text.size() > kFieldNameMax) return false;
  int digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (digits > kDigitsMax) return false;
    if (!letter && digits == 0 && c != '.' && c != '[' && c != ']') return false;
  }
  return true;
}

// Protobuf's messages: "name: Cannot find field.", "(place) name: Cannot find field.",
// "(place): invalid value ... for type ...", else the parser's, which quotes the input.
std::string Explain(const pb::Descriptor& type, std::string_view said) {
  std::string_view place;
  if (said.starts_with('(')) {
    const size_t end = said.find(')');
    if (end != std::string_view::npos) {
      place = said.substr(1, end - 1);
      said.remove_prefix(end + 1);
      if (said.starts_with(' ')) said.remove_prefix(1);
    }
  }
  const std::string where = IsFieldPath(place) ? absl::StrCat(std::string(place), ": ") : "";
  if (const size_t end = said.find(": Cannot find field"); end != std::string_view::npos) {
    const std::string_view name = said.substr(0, end);
    return absl::StrCat(where,
                        IsFieldPath(name)
                            ? absl::StrCat("there is no field \"", std::string(name), "\"")
                            : "there is a field of an unknown name",
                        " here; the request is a ", type.full_name());
  }
  if (said.find("invalid value") != std::string_view::npos) {
    return absl::StrCat(where, where.empty() ? "a field has" : "has",
                        " a value of another kind than this field takes");
  }
  return absl::StrCat(where, "expected the JSON of a ", type.full_name(),
                      ", found something that cannot be read as that");
}

}  // namespace

absl::StatusOr<std::string> JsonToBytes(const pb::Descriptor& type, std::string_view json) {
  const std::unique_ptr<pb::Message> message = New(type);
  const auto status =
      pb::util::JsonStringToMessage(pb::StringPiece(json.data(), json.size()), message.get());
  if (!status.ok()) {
    const auto said = status.message();
    return absl::InvalidArgumentError(Explain(type, std::string_view(said.data(), said.size())));
  }
  return message->SerializeAsString();
}

absl::StatusOr<std::string> BytesToJson(const pb::Descriptor& type, std::string_view bytes) {
  const std::unique_ptr<pb::Message> message = New(type);
  std::string json;
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !pb::util::MessageToJsonString(*message, &json).ok()) {
    return absl::InternalError(
        absl::StrCat("an answer could not be written as the JSON of a ", type.full_name()));
  }
  return json;
}

std::string Quoted(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += text[i];
    } else if (c < 0x20 || c == 0x7f) {
      quoted += "\\u00";
      quoted += kHex[c >> 4];
      quoted += kHex[c & 15];
    } else if (c < 0x80) {
      quoted += text[i];
    } else {
      // A whole sequence of the right shape, or '?'.
      const size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
      bool whole = c >= 0xc2 && c <= 0xf4 && i + more < text.size();
      for (size_t k = 1; whole && k <= more; ++k) {
        whole = (static_cast<unsigned char>(text[i + k]) & 0xc0) == 0x80;
      }
      if (whole) {
        quoted += text.substr(i, more + 1);
        i += more;
      } else {
        quoted += '?';
      }
    }
  }
  return quoted += '"';
}

}  // namespace consent::http
