// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/stage.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

#include "absl/time/time.h"

namespace consent::simulation {
namespace {

constexpr int64_t kNeverMs = std::numeric_limits<int64_t>::max();

int64_t After(int64_t now_ms, absl::Duration rest) {
  if (rest == absl::InfiniteDuration()) return kNeverMs;
  return now_ms + absl::ToInt64Milliseconds(absl::Ceil(rest, absl::Milliseconds(1)));
}

}  // namespace

class Stage::Actor : public Worker {
 public:
  Actor(Stage& stage, std::string name, consent::Step step)
      : stage_(stage), name_(std::move(name)), step_(std::move(step)) {
    stage_.actors_.push_back(this);
  }
  ~Actor() override {
    Finish();
    std::erase(stage_.actors_, this);
  }

  void Wake() override { woken_ = true; }

  void Finish() override {
    while (!ended_ && !stage_.dropped_) Take(Call::kFinish);
  }

  bool ready() const {
    const int64_t now_ms = stage_.time_.now_ms;
    return !ended_ && now_ms >= not_before_ms_ && (woken_ || now_ms >= due_ms_);
  }
  int64_t ready_at_ms() const {
    if (ended_) return kNeverMs;
    return woken_ ? not_before_ms_ : std::max(not_before_ms_, due_ms_);
  }
  const std::string& name() const { return name_; }

  void StepOnce() { Take(std::exchange(woken_, false) ? Call::kWoken : Call::kDue); }

 private:
  void Take(Call call) {
    const Rest rest = step_(call);
    const int64_t now_ms = stage_.time_.now_ms;
    ended_ = rest.ended;
    not_before_ms_ = After(now_ms, rest.least);
    due_ms_ = After(now_ms, rest.most);
  }

  Stage& stage_;
  const std::string name_;
  const consent::Step step_;
  bool woken_ = true;  // The first step is for nothing but the start.
  bool ended_ = false;
  int64_t not_before_ms_ = 0;
  int64_t due_ms_ = kNeverMs;
};

std::unique_ptr<Worker> Stage::Start(std::string name, Step step, Priority) {
  return std::make_unique<Actor>(*this, std::move(name), std::move(step));
}

size_t Stage::ready() const {
  if (dropped_) return 0;
  return static_cast<size_t>(std::count_if(actors_.begin(), actors_.end(),
                                           [](const Actor* actor) { return actor->ready(); }));
}

std::string Stage::StepOne(size_t which) {
  for (Actor* const actor : actors_) {
    if (!actor->ready() || which-- > 0) continue;
    actor->StepOnce();
    return actor->name();
  }
  std::abort();  // Nobody is ready.
}

std::optional<int64_t> Stage::NextDueMs() const {
  int64_t next_ms = kNeverMs;
  for (const Actor* const actor : actors_) next_ms = std::min(next_ms, actor->ready_at_ms());
  return dropped_ || next_ms == kNeverMs ? std::nullopt : std::optional(next_ms);
}

}  // namespace consent::simulation
