// SPDX-License-Identifier: Apache-2.0

#include "src/api/gate.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"

namespace consent::api {
namespace {

namespace pb = google::protobuf;

constexpr char kPackage[] = "consent.v1.";

absl::Status NotAllowed(const access::Row* row) {
  return Fault(absl::StatusCode::kPermissionDenied, "NOT_ALLOWED",
               row == nullptr ? std::string("this method is open to nobody")
                              : absl::StrCat(row->method, ": expected ", access::Describe(*row)));
}

absl::Status Expired() {
  return Fault(absl::StatusCode::kUnauthenticated, "CREDENTIALS_EXPIRED",
               "the time of the credentials under which this stream was opened is over");
}

// A request, asked for its fields by path. Absent messages on the way are like empty ones.
class Fields : public access::Question {
 public:
  explicit Fields(const pb::Message& request) : request_(request) {}

  std::string TextOf(const std::string& path) const override {
    const auto [message, field] = Find(path);
    if (field == nullptr || field->is_repeated() ||
        field->cpp_type() != pb::FieldDescriptor::CPPTYPE_STRING) {
      return "";
    }
    return message->GetReflection()->GetString(*message, field);
  }

  bool IsSet(const std::string& path) const override {
    const auto [message, field] = Find(path);
    if (field == nullptr) return true;
    if (field->is_repeated()) return message->GetReflection()->FieldSize(*message, field) > 0;
    return message->GetReflection()->HasField(*message, field);
  }

 private:
  std::pair<const pb::Message*, const pb::FieldDescriptor*> Find(const std::string& path) const {
    const pb::Message* message = &request_;
    const std::vector<std::string> names = absl::StrSplit(path, '.');
    for (size_t i = 0;; ++i) {
      const pb::FieldDescriptor* const field = message->GetDescriptor()->FindFieldByName(names[i]);
      if (field == nullptr || i + 1 == names.size()) return {message, field};
      if (field->is_repeated() || field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) {
        return {message, nullptr};
      }
      message = &message->GetReflection()->GetMessage(*message, field);
    }
  }

  const pb::Message& request_;
};

}  // namespace

absl::Status Pass::Admit(const pb::Message& request) const {
  if (!visitor_.has_value()) return absl::OkStatus();
  if (clock_.WallMillis() >= visitor_->until_ms) return Expired();
  if (row_ != nullptr && access::Admits(*row_, *visitor_->caller, Fields(request))) {
    return absl::OkStatus();
  }
  return NotAllowed(row_);
}

Gate::Gate(Authenticator* authenticator, const access::Table& table, const Clock& clock,
           Observer* observer)
    : authenticator_(authenticator), clock_(clock), observer_(observer) {
  for (const access::Row& row : table.rows()) {
    std::string name = absl::StrCat(kPackage, row.method);
    name[name.find('/')] = '.';
    const pb::MethodDescriptor* const method =
        pb::DescriptorPool::generated_pool()->FindMethodByName(name);
    if (method != nullptr) rows_.emplace(method->input_type(), &row);
  }
}

absl::Status Gate::Admit(const grpc::CallbackServerContext& call, const pb::Message& request,
                         std::shared_ptr<const access::Caller>* caller) const {
  if (authenticator_ == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Pass pass, Open(call, *request.GetDescriptor(), caller));
  return pass.Admit(request);
}

absl::StatusOr<Pass> Gate::Open(const grpc::CallbackServerContext& call,
                                const pb::Descriptor& request,
                                std::shared_ptr<const access::Caller>* caller) const {
  if (authenticator_ == nullptr) return Pass(clock_, nullptr, std::nullopt);
  ASSIGN_OR_RETURN(Visitor visitor, authenticator_->Identify(call));
  *caller = visitor.caller;
  const auto found = rows_.find(&request);
  const access::Row* const row = found == rows_.end() ? nullptr : found->second;
  if (row == nullptr || !access::MayAdmit(*row, *visitor.caller)) return NotAllowed(row);
  return Pass(clock_, row, std::move(visitor));
}

}  // namespace consent::api
