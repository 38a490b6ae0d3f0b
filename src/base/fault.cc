// SPDX-License-Identifier: Apache-2.0

#include "src/base/fault.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace consent {
namespace {

constexpr char kReasonUrl[] = "consent.v1/reason";
constexpr char kFieldUrl[] = "consent.v1/field";

absl::string_view View(std::string_view s) { return {s.data(), s.size()}; }

std::string Payload(const absl::Status& status, const char* url) {
  const auto payload = status.GetPayload(url);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status Fault(absl::StatusCode code, std::string_view reason, std::string_view message) {
  return WithReason(absl::Status(code, View(message)), reason);
}

absl::Status WithReason(absl::Status status, std::string_view reason) {
  if (!status.ok() && !status.GetPayload(kReasonUrl).has_value()) {
    status.SetPayload(kReasonUrl, absl::Cord(View(reason)));
  }
  return status;
}

std::string ReasonOf(const absl::Status& status) { return Payload(status, kReasonUrl); }

absl::Status InvalidField(std::string_view field, std::string_view message) {
  absl::Status status = Fault(absl::StatusCode::kInvalidArgument, "INVALID_FIELD",
                              absl::StrCat(View(field), ": ", View(message)));
  status.SetPayload(kFieldUrl, absl::Cord(View(field)));
  return status;
}

std::string FieldOf(const absl::Status& status) { return Payload(status, kFieldUrl); }

}  // namespace consent
