// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/witness_circle.h"

#include <algorithm>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/tlog/add_checkpoint.h"
#include "src/tlog/note.h"

namespace consent::consentd {
namespace {

// The first may be answered with the size that the witness knows; it may grow once meanwhile.
constexpr int kAttempts = 3;

absl::Status Unusable(const std::string& path, const absl::Status& status) {
  return absl::InvalidArgumentError(
      absl::StrCat("witnesses: ", path, ": ", std::string(status.message())));
}

}  // namespace

absl::StatusOr<std::unique_ptr<WitnessCircle>> WitnessCircle::Open(const std::string& path,
                                                                   journal::LogKeys keys,
                                                                   Report report) {
  const absl::StatusOr<std::string> text = ReadFile(path, tlog::kPolicyBytesMax);
  if (!text.ok()) return Unusable(path, text.status());
  absl::StatusOr<tlog::Policy> policy = tlog::Policy::Parse(*text);
  if (!policy.ok()) return Unusable(path, policy.status());
  auto circle = std::unique_ptr<WitnessCircle>(
      new WitnessCircle(*std::move(policy), std::move(keys), std::move(report)));
  std::set<std::string> names;
  for (const tlog::Policy::Witness& witness : circle->policy_.witnesses()) {
    if (witness.url.empty()) continue;
    absl::StatusOr<http::WitnessClient> client = http::WitnessClient::Create(
        {.url = witness.url, .key = witness.key, .timeout = kAnswerWithin});
    if (!client.ok()) return Unusable(path, client.status());
    circle->members_.push_back({.name = witness.name, .client = *std::move(client)});
    names.insert(witness.name);
  }
  if (!circle->policy_.IsMet(names)) {
    return Unusable(path, absl::InvalidArgumentError(
                              "the witnesses that have a URL can never make the quorum"));
  }
  return circle;
}

absl::StatusOr<std::vector<tlog::Cosignature>> WitnessCircle::Ask(
    Member& member, const tlog::Checkpoint& checkpoint, const std::string& note,
    const Prove& prove) {
  TreeSize& known = member.known[checkpoint.origin];
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (known.value > checkpoint.size.value) {
      return absl::DataLossError(
          absl::StrCat("it signed this log at ", known.value, " entries, more than it has now"));
    }
    tlog::AddCheckpoint request{.old_size = known, .proof = {}, .checkpoint = note};
    ASSIGN_OR_RETURN(request.proof, prove(known));
    ASSIGN_OR_RETURN(http::WitnessClient::Added added, member.client.AddCheckpoint(request));
    if (!added.known_size.has_value()) {
      known = checkpoint.size;
      return std::move(added.cosignatures);
    }
    known = *added.known_size;
  }
  return absl::UnavailableError("it names another size each time");
}

std::string WitnessCircle::Cosign(const tlog::Checkpoint& checkpoint, const std::string& note,
                                  const Prove& prove) {
  absl::StatusOr<tlog::Note> cosigned = tlog::ParseNote(note);
  if (!cosigned.ok()) return note;
  std::vector<std::optional<absl::StatusOr<std::vector<tlog::Cosignature>>>> answers(
      members_.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < members_.size(); ++i) {
    if (absl::Now() < members_[i].rests_until) continue;
    threads.emplace_back([&, i] { answers[i] = Ask(members_[i], checkpoint, note, prove); });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < members_.size(); ++i) {
    if (!answers[i].has_value()) continue;
    const auto& answer = *answers[i];
    Note(members_[i], answer.status());
    if (!answer.ok()) continue;
    for (const tlog::Cosignature& one : *answer) {
      if (cosigned->signatures.size() < tlog::kSignaturesMax) {
        cosigned->signatures.push_back(one.signature);
      }
    }
  }
  NoteQuorum(*cosigned);
  failing_ = static_cast<size_t>(std::count_if(
      members_.begin(), members_.end(), [](const Member& member) { return member.failing; }));
  return cosigned->ToString();
}

std::vector<std::string> WitnessCircle::Seen(const std::string& origin) {
  std::vector<std::optional<std::string>> shown(members_.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < members_.size(); ++i) {
    threads.emplace_back([&, i] {
      absl::StatusOr<std::string> note = members_[i].client.LastCheckpoint(origin);
      if (note.ok()) shown[i] = *std::move(note);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::string> seen;
  const std::vector<tlog::VerifierKey> keys = keys_.VerifierKeys(origin);
  for (size_t i = 0; i < members_.size(); ++i) {
    if (!shown[i].has_value()) continue;
    // Whatever a witness makes up is no promise of ours.
    const auto opened = tlog::OpenCheckpoint(*shown[i], origin, keys);
    if (!opened.ok()) continue;
    members_[i].known[origin] = opened->checkpoint.size;
    seen.push_back(*std::move(shown[i]));
  }
  return seen;
}

void WitnessCircle::Note(Member& member, const absl::Status& status) {
  if (status.ok()) {
    member.rest = kRestAtFirst;
    if (member.failing && report_) report_(member.name, status);
    member.failing = false;
    return;
  }
  member.rests_until = absl::Now() + member.rest;
  member.rest = std::min(2 * member.rest, kRestMax);
  if (!member.failing && report_) report_(member.name, status);
  member.failing = true;
}

void WitnessCircle::NoteQuorum(const tlog::Note& note) {
  std::set<std::string> signers;
  if (const auto cosigned = policy_.Cosignatures(note); cosigned.ok()) {
    for (const tlog::Policy::Cosigned& one : *cosigned) signers.insert(one.witness);
  }
  const bool without = !policy_.IsMet(signers);
  if (without != without_quorum_ && report_) {
    report_("quorum", without ? absl::UnavailableError("checkpoints lack the quorum of witnesses")
                              : absl::OkStatus());
  }
  without_quorum_ = without;
  if (!without) quorum_at_ms_ = absl::ToUnixMillis(absl::Now());
}

}  // namespace consent::consentd
