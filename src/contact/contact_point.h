// SPDX-License-Identifier: Apache-2.0
//
// ContactPoint: a normalised address at which a person can be reached.
//
// Two texts that reach the same person must become the same bytes, or an objection recorded under
// one is missed under the other. So every ContactPoint is canonical: Parse(p.uri()) == p, always,
// and whatever cannot be brought into that form with certainty is refused. Refusing is safe: no
// contact point, no contact.
//
//   kind       canonical text                 what is accepted
//   kPhone     tel:+33639980001               E.164, at most 15 digits: "+33639980001", the same
//   with
//                                             spaces, dots, dashes and parentheses between the
//                                             digits, and a national prefix in it ("+33 (0)6 ...").
//                                             The length must be possible in the country; whether
//                                             the number is assigned is not asked. No extensions,
//                                             letters, parameters. "tel:" may precede it.
//   kEmail     mailto:someone@example.org     An ASCII dot-atom of at most 64 bytes without % and
//   ?,
//                                             "@", a domain name of two labels or more. Both sides
//                                             are lower-cased: no provider in use gives A@x and a@x
//                                             to two people. Nothing else is folded: "+tag" and
//                                             dots stay. A domain outside ASCII is refused; its
//                                             "xn--" form is accepted. "mailto:" may precede it.
//   kMessenger im:telegram:someone            "im:", a network's name ([a-z][a-z0-9-]*, at most 32
//              im:whatsapp:+33639980001       bytes), ":", and either a phone number, normalised as
//                                             above, or a name of [a-z0-9._-], at most 64 bytes,
//                                             that begins with a letter or digit; one "@" before it
//                                             is dropped. Lower-cased.
//
// Schemes are accepted in any case. Nothing around the address is forgiven: no blanks, no brackets,
// no comments.
//
// Errors are InvalidArgument, say what was expected, and never quote the input.
//
// Threads: all functions are safe from any thread. Cost: 0.1 us for an E.164 number the table of
// calling_code.h knows, about 20 us for what needs libphonenumber (contact_point_bench.cc); the
// first of those loads its tables, some milliseconds.

#ifndef CONSENT_CONTACT_CONTACT_POINT_H_
#define CONSENT_CONTACT_CONTACT_POINT_H_

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace consent::contact {

class ContactPoint {
 public:
  enum class Kind { kPhone, kEmail, kMessenger };

  // Of the text given, and of uri().
  static constexpr size_t kMaxBytes = 254;

  // The contact point that the text names on its own: see the table above.
  static absl::StatusOr<ContactPoint> Parse(std::string_view text);

  // A phone number as it is dialled within a region, which is a country's ISO 3166-1 code in
  // capitals ("FR", "RE"). A text that begins with "+" is read by Parse, whatever the region.
  // A number that could be dialled only within a town is refused.
  static absl::StatusOr<ContactPoint> ParseNational(std::string_view text, std::string_view region);

  // The canonical text, ASCII, at most kMaxBytes. It is personal data: never log it.
  const std::string& uri() const { return uri_; }
  Kind kind() const { return kind_; }

  friend auto operator<=>(const ContactPoint&, const ContactPoint&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const ContactPoint& point) {
    return H::combine(std::move(h), point.uri_);
  }

 private:
  ContactPoint(Kind kind, std::string uri) : kind_(kind), uri_(std::move(uri)) {}

  Kind kind_;
  std::string uri_;
};

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_CONTACT_POINT_H_
