// SPDX-License-Identifier: Apache-2.0

#include "src/consent/grant.h"

#include "src/base/status_macros.h"
#include "src/consent/check.h"

namespace consent::core {

absl::Status ValidateGrant(const Grant& grant) {
  RETURN_IF_ERROR(CheckId("grant id", grant.id));
  RETURN_IF_ERROR(CheckOneCompany("grant company", grant.company));
  RETURN_IF_ERROR(CheckPurposes("grant purposes", grant.purposes));
  RETURN_IF_ERROR(CheckDates("grant ", {grant.valid_from, grant.valid_until}));
  RETURN_IF_ERROR(CheckSource("grant ", grant.signed_by, grant.collected_at));
  RETURN_IF_ERROR(CheckLimits("grant limits", grant.limits, 1));
  RETURN_IF_ERROR(CheckSpans("grant hours", grant.hours));
  return CheckSpans("grant outside_legal_hours", grant.outside_legal_hours);
}

}  // namespace consent::core
