// SPDX-License-Identifier: Apache-2.0

#include "src/api/test_matrix.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "consent/v1/contact_service.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/access/table.h"
#include "src/api/test_server.h"

namespace consent::api {
namespace {

namespace pb = google::protobuf;

constexpr char kPackage[] = "consent.v1.";

const pb::MethodDescriptor* MethodOf(const std::string& method) {
  std::string name = kPackage + method;
  name[name.find('/')] = '.';
  return pb::DescriptorPool::generated_pool()->FindMethodByName(name);
}

// Gives a field a value that is not its default.
void Set(const std::string& path, const std::string& text, pb::Message* message) {
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    message = message->GetReflection()->MutableMessage(
        message, message->GetDescriptor()->FindFieldByName(names[i]));
  }
  const pb::FieldDescriptor* const field = message->GetDescriptor()->FindFieldByName(names.back());
  if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL) {
    message->GetReflection()->SetBool(message, field, true);
  } else {
    message->GetReflection()->SetString(message, field, text);
  }
}

// About themselves: what the rights of this role want named is named, and nothing else.
std::string RequestOf(const access::Row& row, access::Role role, bool about_self) {
  const pb::Message* const prototype =
      pb::MessageFactory::generated_factory()->GetPrototype(MethodOf(row.method)->input_type());
  const std::unique_ptr<pb::Message> request(prototype->New());
  for (const access::Right& right : row.rights) {
    const bool owns = right.scope == access::Scope::kOwn && right.role == role;
    if (about_self && !owns) continue;
    for (const std::string& field : right.fields) {
      Set(field, about_self ? "acme" : "beta", request.get());
    }
  }
  return request->SerializeAsString();
}

// Said again in the words of the table's opening comment, and not by the code under test.
bool Expected(const access::Row& row, access::Role role, bool about_self) {
  for (const access::Right& right : row.rights) {
    const bool bounded =
        right.scope == access::Scope::kOwn || right.scope == access::Scope::kWithout;
    if ((!right.role.has_value() || *right.role == role) && (!bounded || about_self)) return true;
  }
  return false;
}

}  // namespace

std::string Attempt::ToString() const {
  return absl::StrCat(method, " by ", caller, about_self ? " about itself" : " about others");
}

std::vector<Attempt> AllAttempts() {
  std::vector<Attempt> attempts;
  for (const access::Row& row : access::Table::Embedded().rows()) {
    for (const access::Role role : access::kRoles) {
      const access::Identity caller{.role = role, .name = access::IsNamed(role) ? "acme" : ""};
      for (const bool about_self : {true, false}) {
        attempts.push_back({.method = absl::StrCat("/", kPackage, row.method),
                            .caller = access::ToString(caller),
                            .request = RequestOf(row, role, about_self),
                            .about_self = about_self,
                            .allowed = Expected(row, role, about_self)});
      }
    }
  }
  return attempts;
}

std::vector<std::string> AllMethods() {
  std::vector<std::string> methods;
  for (const char* service :
       {"ContactService", "GrantService", "DirectoryService", "JournalService", "AdminService"}) {
    const pb::ServiceDescriptor* const found =
        pb::DescriptorPool::generated_pool()->FindServiceByName(absl::StrCat(kPackage, service));
    for (int i = 0; i < found->method_count(); ++i) {
      methods.push_back(absl::StrCat("/", found->full_name(), "/", found->method(i)->name()));
    }
  }
  return methods;
}

google::rpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel,
                            const std::string& method, const std::string& request,
                            const Metadata& metadata) {
  std::string answer;
  const grpc::Status status = CallBytes(channel, method, request, metadata, &answer);
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) details.Clear();
  details.set_code(status.error_code());
  details.set_message(status.error_message());
  if (status.ok() && method.ends_with("/StreamCheckAndConsume")) {
    v1::StreamCheckAndConsumeResponse response;
    if (response.ParseFromString(answer)) details = response.error();
  }
  return details;
}

bool WasLetIn(const google::rpc::Status& status) {
  return status.code() != grpc::StatusCode::UNAUTHENTICATED && ReasonIn(status) != "NOT_ALLOWED" &&
         status.code() != grpc::StatusCode::DEADLINE_EXCEEDED &&
         status.code() != grpc::StatusCode::UNIMPLEMENTED &&
         !(status.code() == grpc::StatusCode::UNAVAILABLE && ReasonIn(status).empty());
}

}  // namespace consent::api
