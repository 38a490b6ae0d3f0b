// SPDX-License-Identifier: Apache-2.0

#include "src/contact/contact_id.h"

#include <algorithm>

#include "absl/strings/escaping.h"

namespace consent::contact {

ContactId Pepper::Of(const ContactPoint& point) const {
  const Digest mac = key_.Mac(point.uri());
  ContactId id;
  id.bytes[0] = version_;
  std::copy_n(mac.bytes.begin(), ContactId::kSize - 1, id.bytes.begin() + 1);
  return id;
}

SubjectId Pepper::SubjectFor(std::string_view company, const ContactPoint& point) const {
  constexpr std::string_view kSubject("\x01", 1);
  constexpr std::string_view kEndOfCompany("\0", 1);
  return {.bytes = key_.Mac({kSubject, company, kEndOfCompany, point.uri()}).bytes};
}

PepperCheck Pepper::Check() const {
  constexpr size_t kCheckBytes = 16;
  const std::string mac = key_.Mac(
                                  "\x02"
                                  "check")
                              .str();
  return {.version = version_, .check = absl::BytesToHexString(mac.substr(0, kCheckBytes))};
}

ContactName Peppers::NameOf(const ContactPoint& point) const {
  ContactName name(peppers_.front().Of(point));
  name.older.reserve(peppers_.size() - 1);
  for (auto older = peppers_.begin() + 1; older != peppers_.end(); ++older) {
    name.older.push_back(older->Of(point));
  }
  return name;
}

std::vector<PepperCheck> Peppers::Checks() const {
  std::vector<PepperCheck> checks;
  for (const Pepper& pepper : peppers_) checks.push_back(pepper.Check());
  return checks;
}

}  // namespace consent::contact
