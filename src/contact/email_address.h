// SPDX-License-Identifier: Apache-2.0
//
// Email addresses in one form: lower-case dot-atom, "@", lower-case domain name.
//
// A subset of RFC 5321 that people have: no quoted local parts, no address literals, no comments.
// "%" and "?" are refused because mailto: gives them another meaning (RFC 6068), so that it would
// be unsure which mailbox is meant.
//
// Threads: safe from any thread.

#ifndef CONSENT_CONTACT_EMAIL_ADDRESS_H_
#define CONSENT_CONTACT_EMAIL_ADDRESS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace consent::contact {

// RFC 5321, 4.5.3.1.1; RFC 1035, 2.3.4.
inline constexpr size_t kMaxLocalPartBytes = 64;
inline constexpr size_t kMaxDomainLabelBytes = 63;
inline constexpr size_t kMaxDomainBytes = 253;

// The canonical form of "local@domain". InvalidArgument says which part was not as expected, and
// quotes nothing.
absl::StatusOr<std::string> NormaliseEmail(std::string_view text);

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_EMAIL_ADDRESS_H_
