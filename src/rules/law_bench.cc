// SPDX-License-Identifier: Apache-2.0
//
// What law costs a decision: the same requests under no law, under France's, and under all packs.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "src/consent/decide.h"
#include "src/consent/evolve.h"
#include "src/rules/embedded.h"
#include "src/rules/pack.h"

namespace consent::rules {
namespace {

using core::Channel;
using core::NextAllowed;

constexpr Instant kStart{1'772'442'000};  // 2 March 2026, 09:00 UTC, a Monday.
constexpr Seconds kDay{24 * 60 * 60};
constexpr Instant kFriday{kStart + Seconds{88 * kDay.count}};  // 29 May 2026, 11:00 in Paris.
constexpr Instant kSaturday{kFriday + kDay};

enum Packs : int64_t { kNone = 0, kFrance = 1, kAll = 2 };

core::Law LawOf(int64_t packs) {
  std::vector<Pack> chosen;
  for (const EmbeddedPack& embedded : EmbeddedPacks()) {
    if (packs == kAll || (packs == kFrance && embedded.id == "fr")) {
      chosen.push_back(FindPack(embedded.id).value());
    }
  }
  return Join(chosen).value();
}

core::Request RequestOn(Channel channel) {
  core::Request request;
  request.company = "acme";
  request.request_id = "request";
  request.channel = channel;
  request.purpose = core::Purpose::kDirectMarketing;
  request.caller_number = "+33199001234";
  return request;
}

// A consumer in France with a grant of `max` contacts in all, and 20 contacts, one every four days.
core::Record RecordOf(int64_t max) {
  constexpr int kContacts = 20;
  core::Record record;
  record.place = {{"Europe/Paris"}, {"FR"}};
  core::Granted granted;
  granted.grant.id = "g1";
  granted.grant.company = "acme";
  granted.grant.purposes = core::PurposeSet::All();
  granted.grant.valid_from = kStart;
  granted.grant.limits = {{"all",
                           core::ChannelSet::All(),
                           max,
                           std::nullopt,
                           {core::Period::kLifetime, core::Alignment::kUnspecified, 1}}};
  uint64_t position = 0;
  core::Evolve(record, {kStart, {position++}, granted});
  for (int i = 0; i < kContacts; ++i) {
    core::Decided decided;
    decided.request = RequestOn(Channel::kSms);
    decided.request.request_id = "r" + std::to_string(i);
    decided.answer.verdict = core::Verdict::kAllowed;
    decided.answer.basis = core::Basis::kConsent;
    const Instant at = kStart + Seconds{i * 4 * kDay.count};
    decided.answer.contact_before = at + core::kPermitTtlDefault;
    core::Evolve(record, {at, {position++}, decided});
  }
  return record;
}

void Run(benchmark::State& state, const core::Record& record, Channel channel, Instant now,
         core::Reason reason) {
  const core::Law law = LawOf(state.range(0));
  absl::TimeZone paris;
  absl::LoadTimeZone("Europe/Paris", &paris);
  core::Moment moment{.now = now};
  moment.zones = absl::MakeConstSpan(&paris, 1);
  moment.law = &law;
  const core::Request request = RequestOn(channel);
  core::Judgement judgement = core::Decide(record, request, moment, NextAllowed::kWhenDenied);
  if (state.range(0) != kNone && judgement.decision.reason != reason) {
    state.SkipWithError("the answer is not the one to be measured");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(core::Decide(record, request, moment, NextAllowed::kWhenDenied));
  }
}

void BM_AllowedCall(benchmark::State& state) {
  Run(state, RecordOf(100), Channel::kCall, kFriday, core::Reason::kOk);
}
BENCHMARK(BM_AllowedCall)->Arg(kNone)->Arg(kFrance)->Arg(kAll);

void BM_AllowedText(benchmark::State& state) {
  Run(state, RecordOf(100), Channel::kSms, kFriday, core::Reason::kOk);
}
BENCHMARK(BM_AllowedText)->Arg(kNone)->Arg(kFrance)->Arg(kAll);

// Denied until after the weekend; without law it is allowed.
void BM_CallOnSaturday(benchmark::State& state) {
  Run(state, RecordOf(100), Channel::kCall, kSaturday, core::Reason::kOutsideHours);
}
BENCHMARK(BM_CallOnSaturday)->Arg(kNone)->Arg(kFrance)->Arg(kAll);

// The grant is used up for ever: all five years are looked through for a date.
void BM_NoDateInFiveYears(benchmark::State& state) {
  Run(state, RecordOf(20), Channel::kCall, kFriday, core::Reason::kLimitReached);
}
BENCHMARK(BM_NoDateInFiveYears)->Arg(kNone)->Arg(kFrance)->Arg(kAll);

void BM_ParseFrance(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(FindPack("fr"));
}
BENCHMARK(BM_ParseFrance);

}  // namespace
}  // namespace consent::rules
