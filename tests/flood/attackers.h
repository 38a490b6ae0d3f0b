// SPDX-License-Identifier: Apache-2.0
//
// Attackers: what a hostile or careless client does to a server, until it is stopped. All are
// bounded in what they hold open at once.
//
// Those who only open connections come from 127.0.0.2, the others from 127.0.0.1.

#ifndef CONSENT_FLOOD_ATTACKERS_H_
#define CONSENT_FLOOD_ATTACKERS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "grpcpp/security/credentials.h"

namespace consent::flood {

// The company whose certificate the attackers have.
inline constexpr char kRudeCompany[] = "rude";

struct Target {
  std::string address;  // "127.0.0.1:7420".
  std::shared_ptr<grpc::ChannelCredentials> credentials;
};

// What came of it.
struct Tally {
  std::atomic<uint64_t> done{0};     // Messages, calls or connections that were made.
  std::atomic<uint64_t> judged{0};   // Items that were decided on.
  std::atomic<uint64_t> refused{0};  // As they should be, with a reason.
  std::atomic<uint64_t> failed{0};   // Otherwise than expected.
};

using Attack = void (*)(const Target& target, const std::atomic<bool>& stop, Tally& tally);

// By name; null where there is none:
//   silence     connections that never say a word, and more that come and go
//   handshakes  hands that are held out and not shaken
//   batches     full batches on many streams, as fast as they go, whatever RetryInfo says
//   unread      streams that ask and never read an answer, more of them than one caller may have
//   monsters    messages of 5 MiB, of 10,000 levels, and of two million empty items
Attack FindAttack(std::string_view name);

}  // namespace consent::flood

#endif  // CONSENT_FLOOD_ATTACKERS_H_
