// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consent/verifier.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"
#include "src/merkle/proof.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/policy.h"
#include "src/tlog/text.h"
#include "src/tlog/verifier_key.h"
#include "src/verify/bundle.h"
#include "src/verify/faults.h"
#include "src/verify/keys.h"
#include "src/verify/parallel.h"
#include "src/verify/state.h"
#include "src/verify/tree.h"

namespace consent {
namespace {

using verify::Faults;
using verify::State;
using verify::Tree;
using Clock = std::chrono::steady_clock;

constexpr auto kBetweenSaves = std::chrono::seconds(5);

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// How long one SHA-256 over so many bytes takes.
double MeasureSha256(uint64_t bytes) {
  const std::string chunk(size_t{1} << 20, 'c');
  const auto begin = Clock::now();
  crypto::Hasher hasher;
  for (; bytes > 0; bytes -= std::min<uint64_t>(bytes, chunk.size())) {
    hasher.Update(std::string_view(chunk).substr(0, bytes));
  }
  hasher.Finish();
  return SecondsSince(begin);
}

// One verification of one log.
class Verification {
 public:
  Verification(const LogSource& source, const VerifyOptions& options)
      : source_(source), options_(options), faults_(options.faults_max) {}

  LogReport Run() {
    const auto begin = Clock::now();
    report_.threads = verify::ThreadsFor(options_.threads);
    const absl::Status usable = ReadOptions();
    if (!usable.ok()) {
      report_.verdict = VerifyVerdict::kBadInput;
      report_.why = std::string(usable.message());
      return report_;
    }
    if (OpenCheckpoint()) VerifyTree();
    report_.seconds = SecondsSince(begin);
    report_.faults = faults_.kept();
    report_.faults_more = faults_.more();
    report_.why = faults_.unreadable();
    report_.verdict = !faults_.none()                 ? VerifyVerdict::kFaulty
                      : !faults_.unreadable().empty() ? VerifyVerdict::kUnreadable
                                                      : VerifyVerdict::kGood;
    if (options_.measure) report_.sha256_seconds = MeasureSha256(report_.entry_bytes);
    return report_;
  }

 private:
  absl::Status ReadOptions() {
    ASSIGN_OR_RETURN(keys_, verify::ParseKeys(options_.keys));
    if (!options_.policy.empty()) {
      ASSIGN_OR_RETURN(policy_, tlog::Policy::Parse(options_.policy));
      for (const tlog::Policy::Log& log : policy_->logs()) keys_.push_back(log.key);
    }
    if (keys_.empty()) return absl::InvalidArgumentError("no verifier key of the log was given");
    if (!options_.state.empty()) {
      ASSIGN_OR_RETURN(state_, verify::ParseState(options_.state));
    }
    if (!options_.since.empty()) {
      auto since = verify::OpenByKeys(options_.since, keys_);
      if (!since.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat("the earlier checkpoint: ", since.status().message()));
      }
      since_ = *std::move(since);
    }
    return absl::OkStatus();
  }

  bool OpenCheckpoint() {
    const LogFile file = source_.Read("checkpoint");
    if (file.outcome == LogFile::Outcome::kMissing) {
      faults_.Add("checkpoint", "is not there");
      return false;
    }
    if (file.outcome == LogFile::Outcome::kFailed) {
      faults_.AddUnreadable("checkpoint: " + file.why);
      return false;
    }
    auto opened = verify::OpenByKeys(file.bytes, keys_);
    if (!opened.ok()) {
      faults_.Add("checkpoint", std::string(opened.status().message()));
      return false;
    }
    checkpoint_ = opened->checkpoint;
    report_.checkpoint = file.bytes;
    report_.origin = checkpoint_.origin;
    report_.size = checkpoint_.size.value;
    report_.root_base64 = tlog::FormatDigest(checkpoint_.root);
    if (const auto signers = tlog::VerifyNote(opened->note, keys_); signers.ok()) {
      for (const tlog::VerifierKey* key : *signers) report_.signed_by.push_back(key->ToString());
    }
    if (policy_.has_value()) CheckWitnesses(opened->note);
    return true;
  }

  void CheckWitnesses(const tlog::Note& note) {
    const auto cosigned = policy_->Cosignatures(note);
    if (!cosigned.ok()) return faults_.Add("checkpoint", std::string(cosigned.status().message()));
    std::set<std::string> names;
    for (const tlog::Policy::Cosigned& one : *cosigned) {
      names.insert(one.witness);
      report_.cosigned_by.push_back({one.witness, one.time.unix_seconds});
    }
    if (policy_->IsMet(names)) return;
    faults_.Add("checkpoint", absl::StrCat("the policy's quorum ", policy_->quorum(),
                                           " is not met: ", names.size(), " of ",
                                           policy_->witnesses().size(), " witnesses cosigned"));
  }

  void VerifyTree() {
    bool begins_with_state = true;
    if (state_.has_value()) {
      if (state_->origin != checkpoint_.origin) {
        return faults_.Add("state", "is of another log, " + state_->origin);
      }
      if (state_->tree.size() > checkpoint_.size) {
        return faults_.Add("checkpoint",
                           absl::StrCat("the log has ", checkpoint_.size.value,
                                        " entries; earlier it had ", state_->tree.size().value));
      }
      begins_with_state = BeginsWith(state_->tree.size(), state_->tree.Root());
    }
    // Where the log does not begin with what is known, all of it is verified: either a file is
    // damaged, which is then found, or the log has another history.
    Verify(begins_with_state ? state_ : std::nullopt);
    if (Failed()) return;
    if (!begins_with_state && !BeginsWith(state_->tree.size(), state_->tree.Root())) {
      faults_.Add("state",
                  absl::StrCat("the log is whole, but its first ", state_->tree.size().value,
                               " entries are not those that were verified before: it was "
                               "forked"));
    }
    if (since_.has_value()) CheckSince();
    if (!Failed() && options_.save) {
      options_.save(State{checkpoint_.origin, tree_->seen(), tree_->last_at()}.ToText());
    }
  }

  void Verify(std::optional<State> known) {
    report_.entries_known =
        known.has_value() ? known->tree.size().value / merkle::kTileWidth * merkle::kTileWidth : 0;
    Clock::time_point saved = Clock::now();
    Tree::Options options{.size = checkpoint_.size,
                          .root = checkpoint_.root,
                          .threads = report_.threads,
                          .known = std::move(known),
                          .progress = {}};
    options.progress = [&](uint64_t done) {
      if (options_.progress) options_.progress(done, checkpoint_.size.value);
      if (!options_.save || Failed() || Clock::now() - saved < kBetweenSaves) return;
      saved = Clock::now();
      options_.save(State{checkpoint_.origin, tree_->seen(), tree_->last_at()}.ToText());
    };
    tree_.emplace(source_, std::move(options), faults_);
    tree_->Verify();
    report_.entries_verified = tree_->entries();
    report_.entry_bytes = tree_->entry_bytes();
    report_.first_at = tree_->first_at().unix_seconds;
    report_.last_at = tree_->last_at().unix_seconds;
  }

  void CheckSince() {
    const tlog::Checkpoint& since = since_->checkpoint;
    if (since.origin != checkpoint_.origin) {
      return faults_.Add("since", "is of another log, " + since.origin);
    }
    const bool goes_on = since.size <= checkpoint_.size && BeginsWith(since.size, since.root);
    if (Failed()) return;
    if (goes_on) {
      report_.since_size = since.size.value;
      return;
    }
    if (since.size > checkpoint_.size) {
      // Two heads of one log, of which the one that is shown now is the shorter: stale or cut off.
      return faults_.Add(
          "since", absl::StrCat("the log has ", checkpoint_.size.value,
                                " entries; at the earlier checkpoint it had ", since.size.value));
    }
    if (report_.entries_known > 0) {
      // A file among those that were not read again may be damaged: find out.
      Verify(std::nullopt);
      if (Failed() || BeginsWith(since.size, since.root)) return;
    }
    faults_.Add("since", absl::StrCat("the log's first ", since.size.value,
                                      " entries are not those of the earlier checkpoint: it was "
                                      "forked, and both checkpoints are signed"));
    report_.forks.push_back({options_.since, report_.checkpoint});
  }

  // Whether the log's tiles begin with the tree of this size and root.
  bool BeginsWith(TreeSize size, const Digest& root) {
    const auto tile = [&](const merkle::Tile& t) -> absl::StatusOr<std::string> {
      verify::FileRead read = verify::ReadTile(source_, t);
      if (!read.usable()) return absl::UnavailableError("");
      return std::move(read.bytes);
    };
    const auto tree = merkle::TreeAt(size, [&](const merkle::Subtree& subtree) {
      return merkle::ReadHash(subtree, checkpoint_.size, tile);
    });
    return tree.ok() && tree->Root() == root;
  }

  bool Failed() const { return !faults_.none() || !faults_.unreadable().empty(); }

  const LogSource& source_;
  const VerifyOptions& options_;
  Faults faults_;
  LogReport report_;
  std::vector<tlog::VerifierKey> keys_;
  std::optional<tlog::Policy> policy_;
  std::optional<State> state_;
  std::optional<tlog::SignedCheckpoint> since_;
  tlog::Checkpoint checkpoint_;
  std::optional<Tree> tree_;
};

}  // namespace

LogReport VerifyLog(const LogSource& source, const VerifyOptions& options) {
  return Verification(source, options).Run();
}

}  // namespace consent
