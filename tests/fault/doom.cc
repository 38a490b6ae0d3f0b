// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/doom.h"

#include <signal.h>
#include <unistd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace consent::fault {
namespace {

constexpr useconds_t kDwellUs = 10'000;

const PointInfo* doomed = nullptr;
std::atomic<int> passings_left = 0;
std::atomic<bool> armed = false;

}  // namespace

std::atomic<Phase> phase = Phase::kOpening;
std::atomic<bool> purging = false;
thread_local Doing doing = Doing::kOther;

bool SetDoom(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const PointInfo* const info = FindPoint(text.substr(0, colon));
  int passings = 0;
  if (info == nullptr || !absl::SimpleAtoi(std::string(text.substr(colon + 1)), &passings) ||
      passings < 1) {
    return false;
  }
  doomed = info;
  passings_left = passings;
  armed = info->stage != Stage::kWork && info->stage != Stage::kErasure;
  signal(SIGUSR1, [](int) { armed = true; });
  return true;
}

void AwaitArmed() {
  while (doomed != nullptr && !armed) usleep(1000);
}

void Pass(Point point) {
  PassAfter(point, [] {});
}

void PassAfter(Point point, const std::function<void()>& first) {
  if (doomed == nullptr || doomed->point != point || !armed) return;
  if (passings_left.fetch_sub(1) != 1) return;
  first();
  // What should not have left the process before this point has time to do so.
  usleep(kDwellUs);
  const std::string last = absl::StrCat(std::string(kDiedAt), std::string(doomed->name), "\n");
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, last.data(), last.size());
  kill(getpid(), SIGKILL);
  while (true) pause();
}

}  // namespace consent::fault
