// SPDX-License-Identifier: Apache-2.0
//
// What a decision costs: on a small record, on a full one, and the worst dates to work out.

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "src/consent/decide.h"
#include "src/consent/evolve.h"

namespace consent::core {
namespace {

constexpr Instant kStart{1'772'442'000};  // 2 March 2026, 09:00 UTC, a Monday.
constexpr ChannelSet kCalls{1u << static_cast<int>(Channel::kCall)};

const absl::TimeZone& Paris() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone paris;
    absl::LoadTimeZone("Europe/Paris", &paris);
    return paris;
  }();
  return zone;
}

Request Call(int64_t n) {
  Request request;
  request.company = "acme";
  request.request_id = "request-" + std::to_string(n);
  request.channel = Channel::kCall;
  request.purpose = Purpose::kDirectMarketing;
  return request;
}

Grant GrantWith(std::vector<Limit> limits) {
  Grant grant;
  grant.id = "g1";
  grant.company = "acme";
  grant.purposes.Add(Purpose::kDirectMarketing);
  grant.valid_from = kStart;
  grant.limits = std::move(limits);
  return grant;
}

Limit Calls(std::string id, int64_t max, Window window) {
  return {std::move(id), kCalls, max, std::nullopt, window};
}

// A record with the grant and `contacts` contacts, an hour apart.
Record RecordOf(Grant grant, int contacts) {
  Record record;
  uint64_t position = 0;
  Granted granted;
  granted.grant = std::move(grant);
  Evolve(record, {kStart, {position++}, granted});
  for (int i = 0; i < contacts; ++i) {
    Decided decided;
    decided.request = Call(i);
    decided.answer.verdict = Verdict::kAllowed;
    const Instant at = kStart + Seconds{i * 3600};
    decided.answer.contact_before = at + kPermitTtlDefault;
    Evolve(record, {at, {position++}, decided});
  }
  return record;
}

constexpr Window kYear{Period::kYear, Alignment::kCalendar, 1};
constexpr Window kRollingYear{Period::kYear, Alignment::kRolling, 1};

void Run(benchmark::State& state, const Record& record, NextAllowed next) {
  const Request request = Call(1'000'000);
  const Moment moment{kStart + Seconds{60 * 86400}, absl::MakeConstSpan(&Paris(), 1)};
  for (auto _ : state) benchmark::DoNotOptimize(Decide(record, request, moment, next));
}

void BM_AllowedNoContacts(benchmark::State& state) {
  Run(state, RecordOf(GrantWith({Calls("calls", 100, kYear)}), 0), NextAllowed::kNever);
}
BENCHMARK(BM_AllowedNoContacts);

void BM_AllowedThreeLimitsFourContacts(benchmark::State& state) {
  const Record record =
      RecordOf(GrantWith({Calls("calls", 100, kYear), Calls("rolling", 100, kRollingYear),
                          Calls("month", 100, {Period::kMonth, Alignment::kGrant, 1})}),
               4);
  Run(state, record, NextAllowed::kNever);
}
BENCHMARK(BM_AllowedThreeLimitsFourContacts);

void BM_DeniedUnknownConsumer(benchmark::State& state) {
  Run(state, Record{}, NextAllowed::kWhenDenied);
}
BENCHMARK(BM_DeniedUnknownConsumer);

void BM_DeniedFullWithDate(benchmark::State& state) {
  Run(state, RecordOf(GrantWith({Calls("calls", 1, kYear)}), 1), NextAllowed::kWhenDenied);
}
BENCHMARK(BM_DeniedFullWithDate);

// A rolling limit over a thousand contacts, all but one of which must leave.
void BM_DateAmongAThousandRollingContacts(benchmark::State& state) {
  Run(state, RecordOf(GrantWith({Calls("calls", 1, kRollingYear)}), 1000),
      NextAllowed::kWhenDenied);
}
BENCHMARK(BM_DateAmongAThousandRollingContacts);

// Sixty-four spans, and the room opens just after the last of them.
void BM_DateBehindManyHours(benchmark::State& state) {
  Grant grant = GrantWith({Calls("calls", 1, kYear)});
  for (int32_t i = 0; i < kSpansMax; ++i) grant.hours.push_back({1, 600 + i, 601 + i});
  Run(state, RecordOf(std::move(grant), 1), NextAllowed::kWhenDenied);
}
BENCHMARK(BM_DateBehindManyHours);

// A hundred grants that each begin a day later and never allow a call.
void BM_DateBehindAHundredGrants(benchmark::State& state) {
  Record record = RecordOf(GrantWith({Calls("calls", 1, kYear)}), 1);
  for (int i = 0; i < 100; ++i) {
    Granted granted;
    granted.grant = GrantWith({Calls("calls", 1, {Period::kLifetime, Alignment::kUnspecified, 1})});
    granted.grant.limits[0].channels = {1u << static_cast<int>(Channel::kSms)};
    granted.grant.id = "later" + std::to_string(i);
    granted.grant.valid_from = kStart + Seconds{(100 + i) * 86400};
    Evolve(record, {kStart, {record.seen.value}, granted});
  }
  Run(state, record, NextAllowed::kWhenDenied);
}
BENCHMARK(BM_DateBehindAHundredGrants);

void BM_EvolveAllowed(benchmark::State& state) {
  const Record record = RecordOf(GrantWith({Calls("calls", 100, kYear)}), 4);
  const Moment moment{kStart + Seconds{60 * 86400}, absl::MakeConstSpan(&Paris(), 1)};
  const Event event{
      moment.now, {record.seen.value}, *Decide(record, Call(9), moment, NextAllowed::kNever).event};
  for (auto _ : state) {
    state.PauseTiming();
    Record copy = record;
    state.ResumeTiming();
    Evolve(copy, event);
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(BM_EvolveAllowed);

}  // namespace
}  // namespace consent::core
