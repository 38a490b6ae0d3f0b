// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace consent::fault {
namespace {

// One death in so many is at a random moment; fewer until all points have had one.
constexpr int64_t kRandomEvery = 4;
constexpr int64_t kRandomAtFirstEvery = 12;
// A replay far behind takes a long journal, which takes time: one in so many that are drawn.
constexpr int64_t kReplayEvery = 20;
// Points that were often asked for in vain are not asked for first any more.
constexpr int64_t kMissedMax = 20;

size_t IndexOf(const PointInfo& point) { return static_cast<size_t>(&point - kPoints); }

}  // namespace

std::string Death::ToFlag() const { return absl::StrCat(std::string(point->name), ":", passing); }

Plan::Plan(Chance& chance) : chance_(chance) {}

const PointInfo* Plan::DrawPoint(bool creation) {
  std::vector<const PointInfo*> all;
  std::vector<const PointInfo*> first;
  for (const PointInfo& info : kPoints) {
    if ((info.stage == Stage::kCreation) != creation) continue;
    const Count& count = counts_[IndexOf(info)];
    if (info.stage != Stage::kReplay || Pick(chance_, 1, kReplayEvery) == 1) all.push_back(&info);
    if (count.kills == 0 && count.missed < kMissedMax) first.push_back(&info);
  }
  const auto& from = first.empty() ? all : first;
  return from[static_cast<size_t>(Pick(chance_, 0, static_cast<int64_t>(from.size()) - 1))];
}

Death Plan::DeathAt(const PointInfo& point) {
  const bool missed = counts_[IndexOf(point)].missed > 0 && counts_[IndexOf(point)].kills == 0;
  return {&point, missed ? 1 : static_cast<int>(Pick(chance_, 1, point.passings_max))};
}

Death Plan::DrawCreation() { return DeathAt(*DrawPoint(/*creation=*/true)); }

Death Plan::Draw() {
  const int64_t every = AllHit(/*creation=*/false) ? kRandomEvery : kRandomAtFirstEvery;
  if (Pick(chance_, 1, every) == 1) return {};
  return DeathAt(*DrawPoint(/*creation=*/false));
}

void Plan::CountAt(const PointInfo& point) { ++counts_[IndexOf(point)].kills; }
void Plan::CountMissed(const PointInfo& point) { ++counts_[IndexOf(point)].missed; }

int64_t Plan::kills() const {
  int64_t kills = random_;
  for (const Count& count : counts_) kills += count.kills;
  return kills;
}

bool Plan::AllHit(bool creation) const {
  return std::all_of(std::begin(kPoints), std::end(kPoints), [&](const PointInfo& info) {
    return (info.stage == Stage::kCreation) != creation || counts_[IndexOf(info)].kills > 0;
  });
}

std::string Plan::ToTable() const {
  std::string table = absl::StrFormat("%-46s %7s %7s\n", "killed at", "kills", "missed");
  for (const PointInfo& info : kPoints) {
    const Count& count = counts_[IndexOf(info)];
    absl::StrAppendFormat(&table, "%-46s %7d %7d\n", info.name, count.kills, count.missed);
  }
  absl::StrAppendFormat(&table, "%-46s %7d\n", "a random moment", random_);
  return table;
}

}  // namespace consent::fault
