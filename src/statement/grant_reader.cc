// SPDX-License-Identifier: Apache-2.0

#include "src/statement/grant_reader.h"

#include "src/base/status_macros.h"
#include "src/statement/moment.h"
#include "src/statement/part_reader.h"
#include "src/statement/text.h"

namespace consent::statement {

absl::StatusOr<core::Grant> ReadGrant(const v1::Grant& grant, const std::string& path,
                                      const Source& source) {
  core::Grant out;
  out.id = grant.grant_id();
  RETURN_IF_ERROR(CheckPartyId(grant.company(), path + ".company"));
  out.company = grant.company();
  ASSIGN_OR_RETURN(out.purposes, ReadSomePurposes(grant.purposes(), path + ".purposes"));
  out.valid_from = source.arrival;
  if (grant.has_valid_from()) {
    ASSIGN_OR_RETURN(out.valid_from, ReadWholeSeconds(grant.valid_from(), path + ".valid_from"));
  }
  if (grant.has_valid_until()) {
    ASSIGN_OR_RETURN(out.valid_until, ReadWholeSeconds(grant.valid_until(), path + ".valid_until"));
  }
  ASSIGN_OR_RETURN(out.limits, ReadLimits(grant.limits(), path + ".limits"));
  ASSIGN_OR_RETURN(out.hours, ReadSpans(grant.hours(), path + ".hours"));
  ASSIGN_OR_RETURN(out.outside_legal_hours,
                   ReadSpans(grant.outside_legal_hours(), path + ".outside_legal_hours"));
  out.guardian = grant.guardian();
  out.signed_by = source.signed_by;
  out.collected_at = source.collected_at;
  if (const absl::Status valid = core::ValidateGrant(out); !valid.ok()) {
    return AsInvalidField(valid, path, {.subject = "grant", .id_field = "grant_id"});
  }
  return out;
}

}  // namespace consent::statement
