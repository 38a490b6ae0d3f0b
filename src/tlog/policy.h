// SPDX-License-Identifier: Apache-2.0
//
// Trust policies (C2SP tlog-policy): which logs and witnesses someone believes, and how many of the
// witnesses must have cosigned.
//
//   log example.com/ledger/1+0a1b2c3d+AW...
//   witness alice alice.example/w+11223344+BA... https://alice.example/
//   witness bob bob.example/w+55667788+BA...
//   group both all alice bob
//   quorum both
//
// The verifier reads one to know whom to believe; the ledger, whom to ask before it publishes.
//
// Threads: immutable once made; safe from any thread.

#ifndef CONSENT_TLOG_POLICY_H_
#define CONSENT_TLOG_POLICY_H_

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/instant.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/note.h"
#include "src/tlog/verifier_key.h"

namespace consent::tlog {

inline constexpr size_t kPolicyBytesMax = size_t{1} << 20;
// Of each: logs, witnesses and groups.
inline constexpr size_t kPolicyItemsMax = 256;

class Policy {
 public:
  struct Log {
    VerifierKey key;  // Its name is the log's origin.
    std::string url;  // Empty where the file has none.
  };
  struct Witness {
    std::string name;  // In this file; the key has a name of its own.
    VerifierKey key;
    std::string url;
  };
  // A witness's cosignature that was verified.
  struct Cosigned {
    std::string witness;  // Its name in this file.
    Instant time;
  };

  // The policy of a file. InvalidArgument, with the number of the line, for whatever the
  // specification does not allow, for numbers with leading zeros, for more than the limits above,
  // and for a last line without a newline: a file cut short must not pass for a weaker policy.
  static absl::StatusOr<Policy> Parse(std::string_view text);

  const std::vector<Log>& logs() const { return logs_; }
  const std::vector<Witness>& witnesses() const { return witnesses_; }
  // The name on the quorum line.
  const std::string& quorum() const { return quorum_; }

  // Whether cosignatures of the witnesses with these names make a quorum. Unknown names count for
  // nothing; with `quorum none`, no cosignature at all is enough.
  bool IsMet(const std::set<std::string>& witnesses) const;

  // Which witnesses of the policy cosigned a checkpoint's note, and when; of several cosignatures
  // by one, the latest. PermissionDenied when a known witness's does not verify.
  absl::StatusOr<std::vector<Cosigned>> Cosignatures(const Note& checkpoint) const;

  // The checkpoint of a signed note, if the policy believes it: signed by a listed log whose key's
  // name is the origin, and cosigned by a quorum. InvalidArgument for a malformed note; NotFound
  // for a log that is not listed; errors of VerifyNote; FailedPrecondition without a quorum.
  absl::StatusOr<SignedCheckpoint> Open(std::string_view note_bytes) const;

 private:
  friend class PolicyReader;

  // Witnessed when at least `threshold` members are: witnesses, or groups before this one.
  struct Group {
    std::string name;
    size_t threshold = 1;
    std::vector<std::string> members;
  };

  std::vector<Log> logs_;
  std::vector<Witness> witnesses_;
  std::vector<Group> groups_;
  std::string quorum_;
};

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_POLICY_H_
