// SPDX-License-Identifier: Apache-2.0

#include "src/contact/contact_id.h"

namespace consent::contact {

ContactId Pepper::Of(const ContactPoint& point) const {
  return {.bytes = key_.Mac(point.uri()).bytes};
}

SubjectId Pepper::SubjectFor(std::string_view company, const ContactPoint& point) const {
  constexpr std::string_view kSubject("\x01", 1);
  constexpr std::string_view kEndOfCompany("\0", 1);
  return {.bytes = key_.Mac({kSubject, company, kEndOfCompany, point.uri()}).bytes};
}

}  // namespace consent::contact
