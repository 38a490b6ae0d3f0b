// SPDX-License-Identifier: Apache-2.0
//
// History: what clients asked about one consumer at the same time, and what they were answered.
//
// Whoever records one keeps, for every call that was sent, when it was sent and when its answer
// came, by one clock that never goes back. Nothing here knows the ledger; no I/O, no threads.

#ifndef CONSENT_LINEAR_HISTORY_H_
#define CONSENT_LINEAR_HISTORY_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace consent::linear {

enum class Call : uint8_t {
  kConsume,  // Take a unit, with the right to contact.
  kHold,     // Take a unit, to be confirmed.
  kConfirm,
  kRelease,
  kCheck,    // What a consume would answer; takes nothing.
  kGrant,    // A new grant, which speaks from now on: more or less than the one before.
  kRevoke,   // All grants so far.
  kBlock,    // Whatever is granted.
  kUnblock,  // Ends all blocks.
};
inline constexpr int kCalls = 9;

enum class Channel : uint8_t { kCall, kSms };

struct Asked {
  Call call = Call::kCheck;
  // Names what is repeated with the same number: a request (kConsume, kHold), a statement (kGrant
  // and below; numbers of their own). kConfirm, kRelease: the request that took the unit. A number
  // stands for one content: whoever uses it again asks for the same.
  int number = 0;
  Channel channel = Channel::kCall;  // kConsume, kHold, kCheck.
  // kGrant: at most so many calls, and at most so many calls and SMS together, for ever.
  int64_t calls_max = 0;
  int64_t all_max = 0;
  // kGrant and below: by the consumer's clock, milliseconds.
  int64_t signed_at = 0;

  friend bool operator==(const Asked&, const Asked&) = default;
};

enum class Word : uint8_t {
  kOk,  // Allowed, done, accepted.
  kNoPermission,
  kRevoked,
  kBlocked,
  kLimitReached,
  kPermitReleased,
  kNoSuchPermit,
  kAlreadyDone,
  kNarrowedSince,
};
inline constexpr int kWords = 9;

struct Answer {
  static constexpr int64_t kUnsaid = -1;

  Word word = Word::kOk;
  // What the limits that name the channel have left, where the answer says so.
  int64_t calls_left = kUnsaid;
  int64_t all_left = kUnsaid;
  // The request or statement had been answered so before.
  bool repeated = false;

  friend bool operator==(const Answer&, const Answer&) = default;
};

struct Operation {
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  Asked asked = {};
  int64_t invoked = 0;
  // When the answer came. Without an answer: from when on the call can have no effect any more;
  // kNever where that is not known.
  int64_t responded = kNever;
  // None: lost. The call took effect between the two times, or never.
  std::optional<Answer> answer = std::nullopt;
};

// Of one consumer, in any order. Operations whose times touch are concurrent.
using History = std::vector<Operation>;

// "hold 7 CALL = LIMIT_REACHED calls 0 all 2".
std::string ToString(const Asked& asked);
std::string ToString(const Answer& answer);
std::string ToString(const Operation& operation);

}  // namespace consent::linear

#endif  // CONSENT_LINEAR_HISTORY_H_
