// SPDX-License-Identifier: Apache-2.0
//
// Exposure: who can reach this service, and how it knows them, as the settings have it. Judged
// before anything is opened: a service never starts half protected.
//
//   development   no TLS, nobody authenticated, loopback only. Also what a service on loopback is
//                 that was given no certificate
//   protected     TLS 1.3 on every port, and every caller known by certificate or token

#ifndef CONSENT_CONSENTD_EXPOSURE_H_
#define CONSENT_CONSENTD_EXPOSURE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/consentd/config.h"

namespace consent::consentd {

enum class Exposure { kDevelopment, kProtected };

// InvalidArgument names the setting, what was expected, what was found and what to give.
absl::StatusOr<Exposure> ExposureOf(const Config& config);

// Says loudly in the log that this service protects nobody; `meant`: whether --development said so.
void WarnOfDevelopment(bool meant);

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_EXPOSURE_H_
