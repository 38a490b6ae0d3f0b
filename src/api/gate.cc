// SPDX-License-Identifier: Apache-2.0

#include "src/api/gate.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/api/bulk_message.h"
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

// Where a call comes from, without the port: "ipv4:127.0.0.1".
std::string AddressOf(const grpc::CallbackServerContext& call) {
  std::string peer = call.peer();
  if (const size_t port = peer.rfind(':'); port != std::string::npos) peer.resize(port);
  return peer;
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

absl::Status Pass::Admit(const pb::Message& request) {
  if (account_ != nullptr) {
    const int items =
        door_.items == nullptr ? 1 : request.GetReflection()->FieldSize(request, door_.items);
    RETURN_IF_ERROR(account_->Charge(static_cast<size_t>(items)));
  }
  return StillAdmits(request);
}

absl::Status Pass::StillAdmits(const pb::Message& request) {
  if (!visitor_.has_value()) return absl::OkStatus();
  if (visitor_->beliefs != gate_->authenticator_->beliefs()) {
    ASSIGN_OR_RETURN(visitor_, gate_->authenticator_->Identify(*call_));
  }
  if (gate_->clock_.WallMillis() >= visitor_->until_ms) return Expired();
  if (door_.row != nullptr && access::Admits(*door_.row, *visitor_->caller, Fields(request))) {
    return absl::OkStatus();
  }
  return NotAllowed(door_.row);
}

Gate::Gate(Authenticator* authenticator, const access::Table& table, const Clock& clock,
           Observer* observer, const CallerLimits& limits)
    : authenticator_(authenticator), clock_(clock), observer_(observer), callers_(limits, clock) {
  for (const access::Row& row : table.rows()) {
    std::string name = absl::StrCat(kPackage, row.method);
    name[name.find('/')] = '.';
    const pb::MethodDescriptor* const method =
        pb::DescriptorPool::generated_pool()->FindMethodByName(name);
    if (method != nullptr) {
      doors_.emplace(method->input_type(), Door{&row, ListOf(*method->input_type())});
    }
  }
}

absl::Status Gate::Admit(const grpc::CallbackServerContext& call, const pb::Message& request,
                         Callers::Kind kind, Guest& guest) const {
  if (authenticator_ == nullptr && !callers_.has_limits()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Pass pass, Open(call, *request.GetDescriptor(), kind, guest));
  return pass.Admit(request);
}

absl::StatusOr<Pass> Gate::Open(const grpc::CallbackServerContext& call,
                                const pb::Descriptor& request, Callers::Kind kind,
                                Guest& guest) const {
  const auto found = doors_.find(&request);
  Pass pass(*this, call, found == doors_.end() ? Door() : found->second);
  if (authenticator_ != nullptr) {
    ASSIGN_OR_RETURN(pass.visitor_, authenticator_->Identify(call));
    guest.caller = pass.visitor_->caller;
  }
  const std::string caller = pass.visitor_.has_value() ? guest.caller->name() : AddressOf(call);
  guest.lane = ledger::Lane{absl::HashOf(caller)};
  if (callers_.has_limits()) {
    ASSIGN_OR_RETURN(guest.ticket, callers_.Enter(caller, kind));
    pass.account_ = guest.ticket.account();
  }
  if (!pass.visitor_.has_value()) return pass;
  if (pass.door_.row == nullptr || !access::MayAdmit(*pass.door_.row, *guest.caller)) {
    return NotAllowed(pass.door_.row);
  }
  return pass;
}

}  // namespace consent::api
