// SPDX-License-Identifier: Apache-2.0
//
// Reads any bytes as the JSON of each request that the HTTP port takes. What is accepted can be
// written and read again and means the same; no refusal repeats a run of digits of the input.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "consent/v1/contact_service.pb.h"
#include "consent/v1/directory_service.pb.h"
#include "consent/v1/grant_service.pb.h"
#include "consent/v1/journal_service.pb.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/util/message_differencer.h"
#include "src/http/connect_json.h"

namespace consent::http {
namespace {

namespace pb = google::protobuf;

void Require(bool holds) {
  if (!holds) std::abort();
}

bool HasLongNumber(std::string_view text) {
  int digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits > 4) return true;
  }
  return false;
}

std::unique_ptr<pb::Message> Parse(const pb::Descriptor& type, const std::string& bytes) {
  std::unique_ptr<pb::Message> message(
      pb::MessageFactory::generated_factory()->GetPrototype(&type)->New());
  Require(message->ParseFromString(bytes));
  return message;
}

void Try(const pb::Descriptor& type, std::string_view json) {
  const absl::StatusOr<std::string> bytes = JsonToBytes(type, json);
  if (!bytes.ok()) {
    Require(bytes.status().code() == absl::StatusCode::kInvalidArgument);
    const auto said = bytes.status().message();
    Require(!HasLongNumber(std::string_view(said.data(), said.size())));
    return;
  }
  const absl::StatusOr<std::string> written = BytesToJson(type, *bytes);
  Require(written.ok());
  const absl::StatusOr<std::string> again = JsonToBytes(type, *written);
  Require(again.ok());
  Require(pb::util::MessageDifferencer::Equals(*Parse(type, *bytes), *Parse(type, *again)));
}

}  // namespace
}  // namespace consent::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace v1 = consent::v1;
  static const bool quiet = (google::protobuf::SetLogHandler(nullptr), true);
  (void)quiet;
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  consent::http::Try(*v1::CheckAndConsumeRequest::descriptor(), json);
  consent::http::Try(*v1::BatchCheckAndConsumeRequest::descriptor(), json);
  consent::http::Try(*v1::RecordStatementsRequest::descriptor(), json);
  consent::http::Try(*v1::PutPartyRequest::descriptor(), json);
  consent::http::Try(*v1::GetTileRequest::descriptor(), json);
  // Any bytes as an answer, and as a text.
  (void)consent::http::BytesToJson(*v1::CheckAndConsumeResponse::descriptor(), json);
  const std::string quoted = consent::http::Quoted(json);
  consent::http::Require(quoted.size() >= 2 && quoted.find('\n') == std::string::npos);
  return 0;
}
