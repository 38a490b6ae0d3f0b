// SPDX-License-Identifier: Apache-2.0
//
// Statements that narrow what companies may do, or lift that again: revocations, blocks,
// preferences, contests.

#include <utility>

#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/consent/preferences.h"
#include "src/statement/moment.h"
#include "src/statement/part_reader.h"
#include "src/statement/proposal_kind.h"
#include "src/statement/text.h"

namespace consent::statement {
namespace {

constexpr char kAllCompanies[] = "*";

// The numbers of the wire are the core's, and one more for what is not said.
absl::StatusOr<core::Whose> ReadWhose(v1::BlockTarget whose, const std::string& field) {
  if (whose == v1::BLOCK_TARGET_UNSPECIFIED) return core::Whose::kCompany;
  RETURN_IF_ERROR(CheckKnown(whose, core::kWhoseMax + 1, "target of blocks", field));
  return static_cast<core::Whose>(whose - 1);
}

// "*" stands for every company; of groups and processors it would say nothing else.
absl::Status CheckName(const std::string& name, core::Whose whose, const std::string& field) {
  if (whose == core::Whose::kCompany && name == kAllCompanies) return absl::OkStatus();
  return CheckPartyId(name, field);
}

absl::StatusOr<core::Preferences> ReadPreferences(const v1::Preferences& preferences) {
  const std::string path = "preferences";
  core::Preferences out;
  ASSIGN_OR_RETURN(out.limits, ReadLimits(preferences.limits(), path + ".limits"));
  ASSIGN_OR_RETURN(out.quiet, ReadSpans(preferences.quiet(), path + ".quiet"));
  if (preferences.has_pause_until()) {
    ASSIGN_OR_RETURN(out.pause_until,
                     ReadWholeSeconds(preferences.pause_until(), path + ".pause_until"));
  }
  if (!preferences.purposes().empty()) {
    ASSIGN_OR_RETURN(out.purposes, ReadPurposes(preferences.purposes(), path + ".purposes"));
  }
  if (const absl::Status valid = core::ValidatePreferences(out); !valid.ok()) {
    return AsInvalidField(valid, path, {.subject = "preferences", .id_field = "limit_id"});
  }
  return out;
}

}  // namespace

absl::StatusOr<core::EventBody> ProposeRevoked(const v1::Revocation& revocation, Origin origin) {
  RETURN_IF_ERROR(CheckPartyId(revocation.company(), "revocation.company"));
  if (!revocation.grant_id().empty()) {
    RETURN_IF_ERROR(CheckId(revocation.grant_id(), "revocation.grant_id"));
  }
  return core::Revoked{.company = revocation.company(),
                       .grant = revocation.grant_id(),
                       .subject = std::move(origin.subject),
                       .statement = std::move(origin.statement)};
}

absl::StatusOr<core::EventBody> ProposeBlocked(const v1::Block& block, Origin origin) {
  core::Blocked blocked;
  ASSIGN_OR_RETURN(blocked.whose, ReadWhose(block.whose(), "block.whose"));
  RETURN_IF_ERROR(CheckName(block.company(), blocked.whose, "block.company"));
  blocked.company = block.company();
  ASSIGN_OR_RETURN(blocked.channels, ReadChannels(block.channels(), "block.channels"));
  if (blocked.channels.empty()) blocked.channels = core::ChannelSet::All();
  ASSIGN_OR_RETURN(blocked.purposes, ReadPurposes(block.purposes(), "block.purposes"));
  if (blocked.purposes.empty()) blocked.purposes = core::PurposeSet::All();
  blocked.subject = std::move(origin.subject);
  blocked.statement = std::move(origin.statement);
  return blocked;
}

absl::StatusOr<core::EventBody> ProposeUnblocked(const v1::Unblock& unblock, Origin origin) {
  core::Unblocked unblocked;
  ASSIGN_OR_RETURN(unblocked.whose, ReadWhose(unblock.whose(), "unblock.whose"));
  RETURN_IF_ERROR(CheckName(unblock.company(), unblocked.whose, "unblock.company"));
  unblocked.company = unblock.company();
  unblocked.subject = std::move(origin.subject);
  unblocked.statement = std::move(origin.statement);
  return unblocked;
}

absl::StatusOr<core::EventBody> ProposePreferred(const v1::Preferences& preferences,
                                                 Origin origin) {
  core::Preferred preferred;
  ASSIGN_OR_RETURN(preferred.preferences, ReadPreferences(preferences));
  preferred.subject = std::move(origin.subject);
  preferred.statement = std::move(origin.statement);
  return preferred;
}

absl::StatusOr<core::EventBody> ProposeContested(const v1::Contest& contest, Origin origin) {
  RETURN_IF_ERROR(CheckPartyId(contest.company(), "contest.company"));
  if (!contest.contract_id().empty()) {
    RETURN_IF_ERROR(CheckId(contest.contract_id(), "contest.contract_id"));
  }
  core::Contested contested;
  contested.company = contest.company();
  contested.contract = contest.contract_id();
  contested.subject = std::move(origin.subject);
  contested.statement = std::move(origin.statement);
  return contested;
}

}  // namespace consent::statement
