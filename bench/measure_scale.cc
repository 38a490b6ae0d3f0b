// SPDX-License-Identifier: Apache-2.0

#include "bench/measure_scale.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/disk.h"
#include "bench/multitude.h"
#include "src/base/status_macros.h"
#include "src/statement/envelope.h"

namespace consent::bench {
namespace {

constexpr size_t kGrowthBase = 100'000;

// 100000 as "100k", 6000000 as "6m".
std::string Short(size_t number) {
  if (number % 1'000'000 == 0) return absl::StrCat(number / 1'000'000, "m");
  if (number % 1'000 == 0) return absl::StrCat(number / 1'000, "k");
  return absl::StrCat(number);
}

// The bare signatures, each opened once, on all cores.
absl::StatusOr<absl::Duration> TimeVerifying(const std::vector<v1::SignedStatement>& statements) {
  struct Signed {
    crypto::PublicKey key;
    std::string_view message;
    std::string_view signature;
  };
  std::vector<Signed> all;
  for (const v1::SignedStatement& statement : statements) {
    const v1::Signature& signature = statement.signatures(0);
    ASSIGN_OR_RETURN(auto key, crypto::PublicKey::FromSpki(signature.public_key()));
    all.push_back({std::move(key), statement.payload(), signature.signature()});
  }
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  const absl::Time began = absl::Now();
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    threads.emplace_back([&] {
      // These bytes lack the frame that was signed with them, so the answer is no; the work is the
      // same.
      for (size_t n = next++; n < all.size(); n = next++) {
        all[n].key.Verify(all[n].message, all[n].signature).IgnoreError();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return absl::Now() - began;
}

absl::Status MeasureIngest(Session& session, size_t first, size_t count, Report& report) {
  const load::Population& people = session.people();
  const load::Terms terms{.max = 1};
  RETURN_IF_ERROR(Record(session.address(),
                         MakeStatements(count, [&](size_t n) { return people.Binding(first + n); }))
                      .status());
  const auto grants =
      MakeStatements(count, [&](size_t n) { return people.Grant(first + n, terms); });
  ASSIGN_OR_RETURN(const absl::Duration bare_before, TimeVerifying(grants));
  ASSIGN_OR_RETURN(const absl::Duration took, Record(session.address(), grants));
  ASSIGN_OR_RETURN(const absl::Duration bare_after, TimeVerifying(grants));
  const absl::Duration bare = (bare_before + bare_after) / 2;
  report.Add("statement_ingest", "ratio", absl::FDivDuration(bare, took));
  const auto number = static_cast<double>(count);
  report.Add("grants_per_second", "1/s", number / absl::ToDoubleSeconds(took));
  report.Add("ed25519_verify_per_second", "1/s", number / absl::ToDoubleSeconds(bare));
  return absl::OkStatus();
}

absl::Status MeasureCampaign(Session& session, Multitude& people, size_t count, Report& report) {
  // Sizes are those of a store that has stopped: nothing is still to be written.
  RETURN_IF_ERROR(session.Restart().status());
  const auto before = static_cast<double>(BytesIn(session.folder()));
  RETURN_IF_ERROR(people.Grow(count));
  RETURN_IF_ERROR(session.Restart().status());
  const auto entered = static_cast<double>(BytesIn(session.folder()));
  const auto memory = static_cast<double>(session.ServerMemoryPeak());
  ASSIGN_OR_RETURN(const absl::Duration read_in, session.AwaitQuiet());
  ASSIGN_OR_RETURN(const load::LoadReport load, people.AskEach());
  const auto number = static_cast<double>(load.answered);
  report.Add("memory_bytes_per_consumer", "bytes",
             (static_cast<double>(session.ServerMemoryPeak()) - memory) / number);
  RETURN_IF_ERROR(session.Restart().status());
  const auto asked = static_cast<double>(BytesIn(session.folder()));
  report.Add("disk_bytes_per_consumer", "bytes", (entered - before) / static_cast<double>(count));
  report.Add("disk_bytes_per_decision", "bytes", (asked - entered) / number);
  ASSIGN_OR_RETURN(
      const absl::Duration bare,
      TimeWrite(session.folder(), static_cast<uint64_t>(std::max(1.0, asked - entered))));
  const std::string name = "campaign_" + Short(count);
  report.Add(name, "s", absl::ToDoubleSeconds(load.took));
  report.Add(name + "_vs_write", "ratio", absl::FDivDuration(bare, load.took));
  report.Add(name + "_read_in", "s", absl::ToDoubleSeconds(read_in));
  report.Add("campaign_per_second", "1/s", load.PerSecond());
  return absl::OkStatus();
}

// The small number before and after: what the machine does meanwhile meets both.
absl::Status MeasureGrowth(Session& session, Multitude& people, size_t count, const Timing& timing,
                           Report& report) {
  const size_t base = std::min(kGrowthBase, count / 2);
  RETURN_IF_ERROR(people.Grow(base));
  RETURN_IF_ERROR(session.AwaitQuiet().status());
  const auto measure = [&](size_t consumers) -> absl::StatusOr<double> {
    ASSIGN_OR_RETURN(const load::LoadReport load, people.AskAround(consumers, timing));
    report.Add(absl::StrCat("growth_per_second_", consumers), "1/s", load.PerSecond());
    return load.PerSecond();
  };
  RETURN_IF_ERROR(measure(base).status());
  RETURN_IF_ERROR(people.Grow(count));
  RETURN_IF_ERROR(session.AwaitQuiet().status());
  for (int i = 0; i < 3; ++i) {
    ASSIGN_OR_RETURN(const double few, measure(base));
    ASSIGN_OR_RETURN(const double many, measure(count));
    report.Add("growth_" + Short(count), "ratio", many / few);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureScale(Session& session, const Settings& settings, const Timing& timing,
                          Report& report) {
  std::fprintf(stderr, "grants ...\n");
  const size_t first = session.first_unknown();
  RETURN_IF_ERROR(MeasureIngest(session, first, settings.consumers, report));
  RETURN_IF_ERROR(report.Save());
  Multitude people(session, first + settings.consumers);
  std::fprintf(stderr, "a campaign of %zu ...\n", settings.campaign);
  RETURN_IF_ERROR(MeasureCampaign(session, people, settings.campaign, report));
  RETURN_IF_ERROR(report.Save());
  if (settings.growth > 0) {
    std::fprintf(stderr, "%zu consumers ...\n", settings.growth);
    RETURN_IF_ERROR(MeasureGrowth(session, people, settings.growth, timing, report));
    RETURN_IF_ERROR(report.Save());
  }
  uint64_t decisions = session.decisions() + people.size();
  while (decisions < settings.restart) {
    ASSIGN_OR_RETURN(const load::LoadReport load,
                     people.AskAround(people.size(), {.warm_up = absl::ZeroDuration(),
                                                      .measured = absl::Seconds(10)}));
    decisions += load.answered;
    std::fprintf(stderr, "%ju decisions ...\n", static_cast<uintmax_t>(decisions));
  }
  // Killed right after a load: records of its last decisions are still to be written behind.
  RETURN_IF_ERROR(people.AskAround(people.size(), timing).status());
  ASSIGN_OR_RETURN(const absl::Duration start, session.KillAndStart());
  report.Add("restart_seconds", "s", absl::ToDoubleSeconds(start));
  return report.Save();
}

}  // namespace consent::bench
