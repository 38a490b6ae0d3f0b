// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/policy.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/tlog/cosignature.h"
#include "src/tlog/text.h"

namespace consent::tlog {
namespace {

constexpr std::string_view kNone = "none";

// The items of a line, which spaces and tabs separate.
std::vector<std::string_view> Items(std::string_view line) {
  constexpr std::string_view kSpace = " \t";
  std::vector<std::string_view> items;
  for (size_t begin = line.find_first_not_of(kSpace); begin != line.npos;
       begin = line.find_first_not_of(kSpace, begin)) {
    const size_t end = std::min(line.find_first_of(kSpace, begin), line.size());
    items.push_back(line.substr(begin, end - begin));
    begin = end;
  }
  return items;
}

bool HasForbiddenBytes(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

absl::Status Refuse(std::string message) { return absl::InvalidArgumentError(message); }

}  // namespace

// Reads a policy line by line; errors here are without the line's number.
class PolicyReader {
 public:
  absl::Status Read(std::string_view line) {
    if (HasForbiddenBytes(line)) return Refuse("control characters other than tabs");
    const std::vector<std::string_view> items = Items(line);
    if (items.empty() || items[0].starts_with('#')) return absl::OkStatus();
    if (items[0] == "log") return ReadLog(items);
    if (items[0] == "witness") return ReadWitness(items);
    if (items[0] == "group") return ReadGroup(items);
    if (items[0] == "quorum") return ReadQuorum(items);
    return Refuse("a line is one of log, witness, group, quorum");
  }

  absl::StatusOr<Policy> Finish() {
    if (policy_.quorum_.empty()) return Refuse("policy: no quorum line");
    return std::move(policy_);
  }

 private:
  absl::Status ReadLog(const std::vector<std::string_view>& items) {
    if (items.size() < 2 || items.size() > 3) return Refuse("expected: log VKEY [URL]");
    if (policy_.logs_.size() == kPolicyItemsMax) return TooMany("logs");
    Policy::Log log;
    ASSIGN_OR_RETURN(log.key, ParseVerifierKey(items[1]));
    if (items.size() == 3) log.url = std::string(items[2]);
    for (const Policy::Log& other : policy_.logs_) {
      if (other.key.material == log.key.material) return Refuse("a log with this key is listed");
    }
    policy_.logs_.push_back(std::move(log));
    return absl::OkStatus();
  }

  absl::Status ReadWitness(const std::vector<std::string_view>& items) {
    if (items.size() < 3 || items.size() > 4) return Refuse("expected: witness NAME VKEY [URL]");
    if (policy_.witnesses_.size() == kPolicyItemsMax) return TooMany("witnesses");
    Policy::Witness witness;
    ASSIGN_OR_RETURN(witness.key, ParseVerifierKey(items[2]));
    if (witness.key.type == KeyType::kEd25519) {
      return Refuse("a witness's key is of type 0x04 or 0x06; this is a log's");
    }
    if (items.size() == 4) witness.url = std::string(items[3]);
    for (const Policy::Witness& other : policy_.witnesses_) {
      if (other.key.material == witness.key.material) {
        return Refuse("a witness with this key is listed");
      }
    }
    RETURN_IF_ERROR(Define(items[1]));
    witness.name = std::string(items[1]);
    policy_.witnesses_.push_back(std::move(witness));
    return absl::OkStatus();
  }

  absl::Status ReadGroup(const std::vector<std::string_view>& items) {
    if (items.size() < 4) return Refuse("expected: group NAME all|any|NUMBER MEMBER...");
    if (policy_.groups_.size() == kPolicyItemsMax) return TooMany("groups");
    Policy::Group group;
    const size_t members = items.size() - 3;
    if (items[2] == "all") {
      group.threshold = members;
    } else if (items[2] != "any") {
      const std::optional<uint64_t> number = ParseDecimal(items[2], members);
      if (!number.has_value() || *number == 0) {
        return Refuse(absl::StrCat("how many of the ", members,
                                   " members must have signed is all, any or 1 to ", members));
      }
      group.threshold = *number;
    }
    for (size_t i = 3; i < items.size(); ++i) {
      const std::string member(items[i]);
      if (!defined_.contains(member)) return Refuse("a member that is not defined above");
      if (!members_.insert(member).second) return Refuse("a member that is in a group already");
      group.members.push_back(member);
    }
    RETURN_IF_ERROR(Define(items[1]));
    group.name = std::string(items[1]);
    policy_.groups_.push_back(std::move(group));
    return absl::OkStatus();
  }

  absl::Status ReadQuorum(const std::vector<std::string_view>& items) {
    if (items.size() != 2) return Refuse("expected: quorum NAME");
    if (!policy_.quorum_.empty()) return Refuse("a second quorum line");
    policy_.quorum_ = std::string(items[1]);
    if (items[1] != kNone && !defined_.contains(policy_.quorum_)) {
      return Refuse("a quorum that is not defined above");
    }
    return absl::OkStatus();
  }

  absl::Status Define(std::string_view name) {
    if (name == kNone) return Refuse("the name none is taken");
    if (!defined_.emplace(name).second) return Refuse("a name that is defined above");
    return absl::OkStatus();
  }

  static absl::Status TooMany(std::string_view what) {
    std::string message = absl::StrCat("more than ", kPolicyItemsMax, " ");
    message.append(what);
    return Refuse(message);
  }

  Policy policy_;
  std::set<std::string> defined_;  // Names of witnesses and groups.
  std::set<std::string> members_;  // Those that a group has.
};

absl::StatusOr<Policy> Policy::Parse(std::string_view text) {
  if (text.size() > kPolicyBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("policy: more than ", kPolicyBytesMax, " bytes"));
  }
  PolicyReader reader;
  int number = 0;
  while (const std::optional<std::string_view> line = TakeLine(text)) {
    ++number;
    if (const absl::Status status = reader.Read(*line); !status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("policy, line ", number, ": ", status.message()));
    }
  }
  if (!text.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("policy, line ", number + 1, ": no newline at the end"));
  }
  return reader.Finish();
}

bool Policy::IsMet(const std::set<std::string>& witnesses) const {
  if (quorum_ == kNone) return true;
  std::set<std::string> witnessed;
  for (const Witness& witness : witnesses_) {
    if (witnesses.contains(witness.name)) witnessed.insert(witness.name);
  }
  for (const Group& group : groups_) {
    const auto signed_by =
        std::count_if(group.members.begin(), group.members.end(),
                      [&](const std::string& member) { return witnessed.contains(member); });
    if (static_cast<size_t>(signed_by) >= group.threshold) witnessed.insert(group.name);
  }
  return witnessed.contains(quorum_);
}

absl::StatusOr<std::vector<Policy::Cosigned>> Policy::Cosignatures(const Note& checkpoint) const {
  std::vector<Cosigned> cosigned;
  for (const Witness& witness : witnesses_) {
    std::optional<Instant> latest;
    for (const Signature& signature : checkpoint.signatures) {
      if (witness.key.type != KeyType::kCosignature || !signature.Names(witness.key)) continue;
      const absl::StatusOr<Instant> time =
          VerifyCosignature(witness.key, checkpoint.text, signature.bytes);
      if (!time.ok()) {
        return absl::PermissionDeniedError(absl::StrCat("the cosignature of witness ", witness.name,
                                                        " is bad: ", time.status().message()));
      }
      latest = std::max(latest.value_or(*time), *time);
    }
    if (latest.has_value()) cosigned.push_back({witness.name, *latest});
  }
  return cosigned;
}

absl::StatusOr<SignedCheckpoint> Policy::Open(std::string_view note_bytes) const {
  ASSIGN_OR_RETURN(const Note note, ParseNote(note_bytes));
  // Which log it claims to be of; believed only once one of that log's keys is found to have
  // signed.
  const std::string origin = note.text.substr(0, note.text.find('\n'));
  std::vector<VerifierKey> keys;
  for (const Log& log : logs_) {
    if (log.key.name == origin) keys.push_back(log.key);
  }
  if (keys.empty()) return absl::NotFoundError("the policy lists no log of this origin");
  ASSIGN_OR_RETURN(SignedCheckpoint opened, OpenCheckpoint(note_bytes, origin, keys));
  ASSIGN_OR_RETURN(const std::vector<Cosigned> cosigned, Cosignatures(opened.note));
  std::set<std::string> names;
  for (const Cosigned& one : cosigned) names.insert(one.witness);
  if (!IsMet(names)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the quorum ", quorum_, " is not met: ", names.size(), " of ",
                     witnesses_.size(), " witnesses cosigned the checkpoint"));
  }
  return opened;
}

}  // namespace consent::tlog
