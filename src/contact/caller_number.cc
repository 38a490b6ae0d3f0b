// SPDX-License-Identifier: Apache-2.0

#include "src/contact/caller_number.h"

#include "absl/status/status.h"
#include "src/base/status_macros.h"
#include "src/contact/contact_point.h"

namespace consent::contact {
namespace {

constexpr std::string_view kScheme = "tel:";

}  // namespace

absl::StatusOr<std::string> ParseCallerNumber(std::string_view text) {
  ASSIGN_OR_RETURN(const ContactPoint point, ContactPoint::Parse(text));
  if (point.kind() != ContactPoint::Kind::kPhone) {
    return absl::InvalidArgumentError("expected a phone number in E.164, with its \"+\"");
  }
  return point.uri().substr(kScheme.size());
}

}  // namespace consent::contact
