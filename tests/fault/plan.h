// SPDX-License-Identifier: Apache-2.0
//
// Plan: how the servers of a kill test die, one after the other: at random moments and at all named
// points, drawn by a seed; and the count of what really happened.

#ifndef CONSENT_FAULT_PLAN_H_
#define CONSENT_FAULT_PLAN_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/fault/points.h"
#include "tests/fault/world.h"

namespace consent::fault {

// How one server is to die; without a point: killed at a random moment.
struct Death {
  const PointInfo* point = nullptr;
  int passing = 1;

  bool At(Stage stage) const { return point != nullptr && point->stage == stage; }
  // What fragile_consentd takes: "commit/log-synced:3".
  std::string ToFlag() const;
};

class Plan {
 public:
  explicit Plan(Chance& chance);

  // The next death of a server that makes a new ledger, and of one that goes on with it. Points
  // that nobody died at come first, until all have been.
  Death DrawCreation();
  Death Draw();

  // Counts a kill: at its point, or at no point.
  void CountAt(const PointInfo& point);
  void CountRandom() { ++random_; }
  // Counts that a server was doomed to die at the point and did not come by.
  void CountMissed(const PointInfo& point);

  int64_t kills() const;
  // Whether somebody died at each point, of a creation or of what comes after.
  bool AllHit(bool creation) const;
  std::string ToTable() const;

 private:
  struct Count {
    int64_t kills = 0;
    int64_t missed = 0;
  };
  // One of the points in the stage(s); those never died at first, where there are some.
  const PointInfo* DrawPoint(bool creation);
  Death DeathAt(const PointInfo& point);

  Chance& chance_;
  std::array<Count, kPointCount> counts_{};  // In the order of kPoints.
  int64_t random_ = 0;
};

}  // namespace consent::fault

#endif  // CONSENT_FAULT_PLAN_H_
