// SPDX-License-Identifier: Apache-2.0
//
// Messenger handles in one form: network, ":", and the name or phone number that it knows people
// by.
//
// Networks are not a closed list, since new ones appear faster than releases; what "telegram" is
// called is for the parties to agree. Networks that tell names apart by letter case, or that use
// signs other than ". _ -", cannot be expressed, and their handles are refused.
//
// Threads: safe from any thread.

#ifndef CONSENT_CONTACT_MESSENGER_HANDLE_H_
#define CONSENT_CONTACT_MESSENGER_HANDLE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace consent::contact {

inline constexpr size_t kMaxNetworkBytes = 32;
inline constexpr size_t kMaxHandleBytes = 64;

// The canonical form of "network:handle". InvalidArgument says what was expected and quotes
// nothing.
absl::StatusOr<std::string> NormaliseHandle(std::string_view text);

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_MESSENGER_HANDLE_H_
