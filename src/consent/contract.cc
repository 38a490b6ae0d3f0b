// SPDX-License-Identifier: Apache-2.0

#include "src/consent/contract.h"

#include "src/base/status_macros.h"
#include "src/consent/check.h"

namespace consent::core {

absl::Status ValidateContract(const Contract& contract) {
  RETURN_IF_ERROR(CheckId("contract id", contract.id));
  RETURN_IF_ERROR(CheckOneCompany("contract company", contract.company));
  RETURN_IF_ERROR(
      CheckNumber("contract relation", static_cast<int>(contract.relation), 1, kRelationMax));
  RETURN_IF_ERROR(CheckNumber("contract object length",
                              static_cast<int64_t>(contract.object.size()), 1, kObjectBytesMax));
  RETURN_IF_ERROR(CheckDates("contract ", {contract.valid_from, contract.valid_until}));
  return CheckSource("contract ", contract.signed_by, contract.collected_at);
}

absl::Status ValidateCallback(const Callback& callback) {
  RETURN_IF_ERROR(CheckId("callback id", callback.id));
  RETURN_IF_ERROR(CheckOneCompany("callback company", callback.company));
  RETURN_IF_ERROR(CheckChannels("callback channels", callback.channels));
  RETURN_IF_ERROR(CheckPurposes("callback purposes", callback.purposes));
  RETURN_IF_ERROR(CheckDates("callback ", {callback.valid_from, callback.valid_until}));
  RETURN_IF_ERROR(CheckNumber("callback length in seconds",
                              (callback.valid_until - callback.valid_from).count, 1,
                              kCallbackMax.count));
  return CheckSource("callback ", callback.signed_by, callback.collected_at);
}

}  // namespace consent::core
