// SPDX-License-Identifier: Apache-2.0
//
// The named points at which a server of a kill test can kill itself, in the order in which a
// request, a start, an erasure and a creation pass them. Nothing in the service knows of them: they
// are passed in what the service stands on (fragile_store.h, fragile_files.h, fragile_calls.cc).

#ifndef CONSENT_FAULT_POINTS_H_
#define CONSENT_FAULT_POINTS_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace consent::fault {

enum class Point : uint8_t {
  kCommitBegins,
  kCommitLogBefore,
  kCommitLogHalf,
  kCommitLogWritten,
  kCommitLogSynced,
  kCommitReturns,
  kBehindBegins,
  kBehindLogHalf,
  kBehindLogWritten,
  kBehindReturns,
  kTilesBegin,
  kTilesLogHalf,
  kTilesReturn,
  kCheckpointUnstored,
  kCheckpointStored,
  kGuardUnwritten,
  kGuardWritten,
  kOpening,
  kReplayReads,
  kReplayBehindBegins,
  kReplayBehindReturns,
  kErasureUnnoted,
  kErasureNoted,
  kErasureBegins,
  kErasureReturns,
  kPurgeBegins,
  kPurgeNewTable,
  kPurgeTableSynced,
  kPurgeCatalogue,
  kPurgeDeletes,
  kPurgeReturns,
  kPurgeRecorded,
  kCreatingKeys,
  kCreatingStore,
  kCreatingFacts,
};

// What must go on for a server to pass a point.
enum class Stage : uint8_t {
  kWork,      // Serving, with clients at work.
  kErasure,   // Serving, and somebody is erased.
  kStart,     // Starting on what an earlier server left.
  kReplay,    // Starting far behind its journal.
  kCreation,  // Starting on nothing, or on what a start that was killed has left.
};

struct PointInfo {
  Point point;
  std::string_view name;
  Stage stage;
  // Dies at one of its first so many passings.
  int passings_max;
};

inline constexpr PointInfo kPoints[] = {
    // --- A commit of decisions and statements.
    {Point::kCommitBegins, "commit/begins", Stage::kWork, 30},
    {Point::kCommitLogBefore, "commit/before-its-log-is-written", Stage::kWork, 30},
    {Point::kCommitLogHalf, "commit/half-of-its-log-is-written", Stage::kWork, 30},
    {Point::kCommitLogWritten, "commit/log-written-not-synced", Stage::kWork, 30},
    {Point::kCommitLogSynced, "commit/log-synced", Stage::kWork, 30},
    {Point::kCommitReturns, "commit/before-the-reply", Stage::kWork, 30},
    // --- Records and tiles, written behind.
    {Point::kBehindBegins, "behind/begins", Stage::kWork, 2},
    {Point::kBehindLogHalf, "behind/half-of-its-rows-are-logged", Stage::kWork, 2},
    {Point::kBehindLogWritten, "behind/rows-logged-not-yet-readable", Stage::kWork, 2},
    {Point::kBehindReturns, "behind/returns", Stage::kWork, 2},
    {Point::kTilesBegin, "tiles/begin", Stage::kWork, 3},
    {Point::kTilesLogHalf, "tiles/half-of-their-rows-are-logged", Stage::kWork, 3},
    {Point::kTilesReturn, "tiles/return", Stage::kWork, 3},
    // --- Between a commit and its checkpoint.
    {Point::kCheckpointUnstored, "checkpoint/signed-not-stored", Stage::kWork, 3},
    {Point::kCheckpointStored, "checkpoint/stored-guard-not-told", Stage::kWork, 3},
    {Point::kGuardUnwritten, "guard/before-its-file-is-replaced", Stage::kWork, 3},
    {Point::kGuardWritten, "guard/file-replaced-not-published", Stage::kWork, 3},
    // --- A start.
    {Point::kOpening, "start/a-file-changes-while-the-store-opens", Stage::kStart, 40},
    {Point::kReplayReads, "start/replay-reads", Stage::kStart, 2},
    {Point::kReplayBehindBegins, "start/replay-writes-behind", Stage::kReplay, 1},
    {Point::kReplayBehindReturns, "start/replay-has-written-behind", Stage::kReplay, 1},
    // --- An erasure, and the purge after it.
    {Point::kErasureUnnoted, "erasure/noted-outside-not-synced", Stage::kErasure, 1},
    {Point::kErasureNoted, "erasure/noted-outside", Stage::kErasure, 1},
    {Point::kErasureBegins, "erasure/before-its-commit", Stage::kErasure, 1},
    {Point::kErasureReturns, "erasure/after-its-commit", Stage::kErasure, 1},
    {Point::kPurgeBegins, "purge/begins", Stage::kErasure, 1},
    {Point::kPurgeNewTable, "purge/a-table-begins", Stage::kErasure, 4},
    {Point::kPurgeTableSynced, "purge/a-table-is-synced", Stage::kErasure, 4},
    {Point::kPurgeCatalogue, "purge/a-catalogue-begins", Stage::kErasure, 2},
    {Point::kPurgeDeletes, "purge/an-old-file-is-deleted", Stage::kErasure, 4},
    {Point::kPurgeReturns, "purge/done-not-recorded", Stage::kErasure, 1},
    {Point::kPurgeRecorded, "purge/recorded", Stage::kErasure, 1},
    // --- A new ledger.
    {Point::kCreatingKeys, "creation/a-key-file-changes", Stage::kCreation, 9},
    {Point::kCreatingStore, "creation/a-file-of-the-store-changes", Stage::kCreation, 80},
    {Point::kCreatingFacts, "creation/a-fact-is-stored", Stage::kCreation, 8},
};
inline constexpr size_t kPointCount = std::size(kPoints);

inline const PointInfo* FindPoint(std::string_view name) {
  for (const PointInfo& info : kPoints) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

}  // namespace consent::fault

#endif  // CONSENT_FAULT_POINTS_H_
