// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/promise.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

constexpr char kWhatToDo[] =
    "It is an older or another copy of this ledger. Nothing has been changed. Put the newest copy "
    "back; if there is none, `consentctl recover --accept-loss` goes on without the lost entries";

}  // namespace

absl::StatusOr<Promise> ReadPromise(std::string who, const std::string& note,
                                    const std::string& origin,
                                    absl::Span<const tlog::VerifierKey> keys) {
  absl::StatusOr<tlog::SignedCheckpoint> opened = tlog::OpenCheckpoint(note, origin, keys);
  if (!opened.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "journal ", origin, ": the checkpoint that ", who,
        " holds is not one that this ledger's keys have signed (", opened.status().message(), ")"));
  }
  return Promise{.who = std::move(who), .checkpoint = std::move(opened->checkpoint)};
}

absl::Status CheckPromise(const journal::TileReader& tiles, TreeSize size, const Promise& promise) {
  const tlog::Checkpoint& promised = promise.checkpoint;
  if (size < promised.size) {
    return absl::FailedPreconditionError(
        absl::StrCat("journal ", promised.origin, ": the store has ", size.value, " entries, but ",
                     promise.who, " holds a checkpoint of ", promised.size.value, ". ", kWhatToDo));
  }
  ASSIGN_OR_RETURN(const Digest root, tiles.RootAt(promised.size));
  if (root != promised.root) {
    return absl::FailedPreconditionError(absl::StrCat(
        "journal ", promised.origin, ": its first ", promised.size.value,
        " entries are not those of the checkpoint that ", promise.who, " holds. ", kWhatToDo));
  }
  return absl::OkStatus();
}

}  // namespace consent::ledger
