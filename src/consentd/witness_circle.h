// SPDX-License-Identifier: Apache-2.0
//
// WitnessCircle: the witnesses of a policy file (C2SP tlog-policy), asked over HTTP.
//
// All are asked at once. One that does not answer, or refuses, is left alone for a while that grows
// from a second to a minute, so that it cannot hold up what the ledger publishes. What a witness
// says is checked against its key; what it shows of a log, against the log's keys.

#ifndef CONSENT_CONSENTD_WITNESS_CIRCLE_H_
#define CONSENT_CONSENTD_WITNESS_CIRCLE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/http/witness_client.h"
#include "src/journal/log_keys.h"
#include "src/ledger/witnesses.h"
#include "src/tlog/policy.h"

namespace consent::consentd {

class WitnessCircle : public ledger::Witnesses {
 public:
  // Told when a witness, or "quorum", begins to fail, and, with OK, when it is well again.
  using Report = std::function<void(const std::string& witness, const absl::Status& status)>;

  static constexpr absl::Duration kAnswerWithin = absl::Milliseconds(500);
  static constexpr absl::Duration kRestAtFirst = absl::Seconds(1);
  static constexpr absl::Duration kRestMax = absl::Minutes(1);

  // The witnesses that have an URL in the policy. InvalidArgument for a file that cannot be read or
  // is no policy, and for one whose quorum they can never make.
  static absl::StatusOr<std::unique_ptr<WitnessCircle>> Open(const std::string& path,
                                                             journal::LogKeys keys, Report report);

  // See ledger::Witnesses. The checkpoint may be published without a quorum: those who insist on
  // one see that it is missing, and the report says so.
  std::string Cosign(const tlog::Checkpoint& checkpoint, const std::string& note,
                     const Prove& prove) override;
  std::vector<std::string> Seen(const std::string& origin) override;

  // How the circle does. From any thread.
  struct Statistics {
    size_t members = 0;
    size_t failing = 0;        // Of them.
    int64_t quorum_at_ms = 0;  // When a checkpoint last had its quorum, Unix time; 0: none had.
  };
  Statistics statistics() const {
    return {.members = members_.size(), .failing = failing_, .quorum_at_ms = quorum_at_ms_};
  }

 private:
  struct Member {
    std::string name;
    http::WitnessClient client;
    std::map<std::string, TreeSize> known = {};  // By origin: what it signed last.
    absl::Time rests_until = absl::InfinitePast();
    absl::Duration rest = kRestAtFirst;
    bool failing = false;
  };

  WitnessCircle(tlog::Policy policy, journal::LogKeys keys, Report report)
      : policy_(std::move(policy)), keys_(std::move(keys)), report_(std::move(report)) {}

  static absl::StatusOr<std::vector<tlog::Cosignature>> Ask(Member& member,
                                                            const tlog::Checkpoint& checkpoint,
                                                            const std::string& note,
                                                            const Prove& prove);
  void Note(Member& member, const absl::Status& status);
  void NoteQuorum(const tlog::Note& note);

  const tlog::Policy policy_;
  const journal::LogKeys keys_;
  const Report report_;
  std::vector<Member> members_;
  bool without_quorum_ = false;
  std::atomic<size_t> failing_{0};
  std::atomic<int64_t> quorum_at_ms_{0};
};

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_WITNESS_CIRCLE_H_
