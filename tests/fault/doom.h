// SPDX-License-Identifier: Apache-2.0
//
// Doom: at which named point this process kills itself, and at its how-manieth passing. One to a
// process; without one nobody dies.
//
// Points of a start are fatal from the beginning, others once SIGUSR1 has come: so a test chooses
// when. Passings before do not count.
//
// Threads: Pass from any.

#ifndef CONSENT_FAULT_DOOM_H_
#define CONSENT_FAULT_DOOM_H_

#include <atomic>
#include <functional>
#include <string_view>

#include "tests/fault/points.h"

namespace consent::fault {

// "commit/log-synced:3": its third passing. False for what is no point or number; nothing changes.
bool SetDoom(std::string_view text);

// Kills this process (SIGKILL) where it is doomed to die here and now. Says so on standard error,
// as the last thing it does: kDiedAt and the point's name.
void Pass(Point point);
// The same; calls `first` just before this process dies, and never otherwise.
void PassAfter(Point point, const std::function<void()>& first);
inline constexpr std::string_view kDiedAt = "killed itself at ";

// Returns once the process may die of its point. For what would else be done before a test is
// ready.
void AwaitArmed();

// What the service is doing, for points that others pass too.
enum class Phase { kOpening, kStarting, kServing };
extern std::atomic<Phase> phase;
// A purge is running.
extern std::atomic<bool> purging;

// Which of the store's calls this thread is in.
enum class Doing { kOther, kCommit, kBehind, kTiles };
extern thread_local Doing doing;

}  // namespace consent::fault

#endif  // CONSENT_FAULT_DOOM_H_
