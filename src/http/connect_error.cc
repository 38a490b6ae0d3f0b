// SPDX-License-Identifier: Apache-2.0

#include "src/http/connect_error.h"

#include <array>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/http/connect_json.h"

namespace consent::http {
namespace {

namespace pb = google::protobuf;

struct Row {
  std::string_view word;
  int http_status;
};

// By the number of the gRPC code.
constexpr std::array<Row, 17> kCodes = {{{"unknown", 500},  // OK is no error.
                                         {"canceled", 499},
                                         {"unknown", 500},
                                         {"invalid_argument", 400},
                                         {"deadline_exceeded", 504},
                                         {"not_found", 404},
                                         {"already_exists", 409},
                                         {"permission_denied", 403},
                                         {"resource_exhausted", 429},
                                         {"failed_precondition", 400},
                                         {"aborted", 409},
                                         {"out_of_range", 400},
                                         {"unimplemented", 501},
                                         {"internal", 500},
                                         {"unavailable", 503},
                                         {"data_loss", 500},
                                         {"unauthenticated", 401}}};

const Row& RowOf(grpc::StatusCode code) {
  const auto number = static_cast<size_t>(code);
  return kCodes[number < kCodes.size() ? number : 2];  // UNKNOWN.
}

// The protocol's base64 has no padding.
std::string Base64(std::string_view bytes) {
  std::string text = absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()));
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::string DetailJson(const pb::Any& any) {
  const std::string name = any.type_url().substr(any.type_url().rfind('/') + 1);
  std::string json =
      absl::StrCat("{\"type\":", Quoted(name), ",\"value\":\"", Base64(any.value()), "\"");
  const pb::Descriptor* const type =
      pb::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  if (type != nullptr) {
    if (const auto debug = BytesToJson(*type, any.value()); debug.ok()) {
      absl::StrAppend(&json, ",\"debug\":", *debug);
    }
  }
  return json + "}";
}

// The details of a google.rpc.Status, whose C++ class belongs to whoever linked it in.
std::string DetailsJson(const std::string& bytes) {
  const pb::Descriptor* const type =
      pb::DescriptorPool::generated_pool()->FindMessageTypeByName("google.rpc.Status");
  if (type == nullptr || bytes.empty()) return "";
  const std::unique_ptr<pb::Message> status(
      pb::MessageFactory::generated_factory()->GetPrototype(type)->New());
  const pb::FieldDescriptor* const details = type->FindFieldByName("details");
  if (details == nullptr || !status->ParseFromString(bytes)) return "";
  std::string json;
  for (int i = 0; i < status->GetReflection()->FieldSize(*status, details); ++i) {
    const auto& any = dynamic_cast<const pb::Any&>(
        status->GetReflection()->GetRepeatedMessage(*status, details, i));
    absl::StrAppend(&json, json.empty() ? "" : ",", DetailJson(any));
  }
  return json;
}

}  // namespace

std::string_view ConnectCodeOf(grpc::StatusCode code) { return RowOf(code).word; }

int HttpStatusOf(grpc::StatusCode code) { return RowOf(code).http_status; }

Response ConnectError(const grpc::Status& status) {
  return ConnectError(HttpStatusOf(status.error_code()), status);
}

Response ConnectError(int http_status, const grpc::Status& status) {
  std::string json = absl::StrCat("{\"code\":\"", std::string(ConnectCodeOf(status.error_code())),
                                  "\",\"message\":", Quoted(status.error_message()));
  if (const std::string details = DetailsJson(status.error_details()); !details.empty()) {
    absl::StrAppend(&json, ",\"details\":[", details, "]");
  }
  return {.status = http_status, .content_type = "application/json", .body = json + "}\n"};
}

}  // namespace consent::http
