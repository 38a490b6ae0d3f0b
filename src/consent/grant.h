// SPDX-License-Identifier: Apache-2.0
//
// A grant: this company may contact me, for these purposes, within these limits, hours and dates.
//
// Invariant: a Grant that passed `ValidateGrant` keeps every limit named below; `Decide` relies
// on it.

#ifndef CONSENT_CONSENT_GRANT_H_
#define CONSENT_CONSENT_GRANT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "src/base/instant.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

enum class Period : uint8_t {
  kUnspecified = 0,
  kDay = 1,
  kWeek = 2,
  kMonth = 3,
  kYear = 4,
  kLifetime = 5
};
enum class Alignment : uint8_t { kUnspecified = 0, kCalendar = 1, kRolling = 2, kGrant = 3 };
inline constexpr int kPeriodMax = 5;
inline constexpr int kAlignmentMax = 3;

// The stretch of time in which a limit counts: `count` periods, in the consumer's zone.
// LIFETIME has no alignment and a count of 1.
struct Window {
  Period period = Period::kUnspecified;
  Alignment alignment = Alignment::kUnspecified;
  int32_t count = 1;

  friend bool operator==(const Window&, const Window&) = default;
  template <class A>
  void Fields(A& a) {
    EnumField(a, period, kPeriodMax), EnumField(a, alignment, kAlignmentMax), a(count);
  }
};

// At most `max` contacts on any of `channels` in one window. With `max_attempts`, an attempt that
// reached nobody (NO_ANSWER, BUSY, FAILED) does not count towards `max`, but every attempt counts
// towards `max_attempts`.
struct Limit {
  std::string id;  // 1 to 64 characters, no '/'; unique in its grant.
  ChannelSet channels;
  int64_t max = 0;
  std::optional<int64_t> max_attempts;
  Window window;

  friend bool operator==(const Limit&, const Limit&) = default;
  template <class A>
  void Fields(A& a) {
    a(id), a(channels), a(max), a(max_attempts), a(window);
  }
};

// Hours of some days of the week, by the clock on the consumer's wall: `from_minute` inclusive,
// `to_minute` exclusive, in minutes after midnight (0 to 1440). Never crosses midnight.
struct Span {
  uint8_t days = 0;  // Bit 0 is Monday, bit 6 Sunday.
  int32_t from_minute = 0;
  int32_t to_minute = 0;

  friend bool operator==(const Span&, const Span&) = default;
  template <class A>
  void Fields(A& a) {
    a(days), a(from_minute), a(to_minute);
  }
};

struct Grant {
  std::string id;  // Chosen by the signer; unique for consumer and company.
  std::string company;
  PurposeSet purposes;
  Instant valid_from;
  Instant valid_until = kNever;  // Exclusive.
  std::vector<Limit> limits;
  std::vector<Span> hours;  // Empty: any time.
  // Hours in which the consumer expressly allows what the law's days and hours would forbid.
  std::vector<Span> outside_legal_hours;
  bool guardian = false;  // A guardian signed too, or is said to have.
  Signer signed_by = Signer::kConsumer;
  Instant collected_at;  // Of a claim: when the consumer is said to have agreed.

  friend bool operator==(const Grant&, const Grant&) = default;
  template <class A>
  void Fields(A& a) {
    a(id), a(company), a(purposes), a(valid_from), a(valid_until), a(limits), a(hours),
        a(outside_legal_hours), a(guardian), EnumField(a, signed_by, kSignerMax), a(collected_at);
  }
};

inline constexpr int kIdBytesMax = 64;          // Grant, limit, company and request ids.
inline constexpr int kLimitsMax = 16;           // Limits in a grant.
inline constexpr int kSpansMax = 64;            // Spans in one list of hours.
inline constexpr int64_t kMaxMax = 1'000'000;   // `max` and `max_attempts`.
inline constexpr int32_t kPeriodsMax = 10'000;  // Window::count.
// Moments a grant may name: years 1900 to 9999.
inline constexpr Instant kEarliest{INT64_C(-2208988800)};

// OK, or InvalidArgument naming the field, what was expected and what was found: ids of 1 to 64
// printable ASCII characters, at least one purpose, 1 to 16 limits with distinct ids, at least one
// channel each, max and max_attempts of 1 to 1,000,000, a known window (an alignment unless
// LIFETIME, count 1 to 10,000), spans with days and from < to, valid_from < valid_until,
// collected_at of a claim given.
absl::Status ValidateGrant(const Grant& grant);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_GRANT_H_
