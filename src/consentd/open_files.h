// SPDX-License-Identifier: Apache-2.0
//
// Open files: a service that runs out of them refuses connections at best, and loses its store at
// worst. So it takes as many as it may have, and does not start where that is too few.

#ifndef CONSENT_CONSENTD_OPEN_FILES_H_
#define CONSENT_CONSENTD_OPEN_FILES_H_

#include <cstdint>

#include "absl/status/status.h"

namespace consent::consentd {

// What is open beside connections to the gRPC port: 512 tables of the store, 160 connections to
// the HTTP port, logs, keys and the rest.
inline constexpr uint64_t kFilesBesideConnections = 768;

// Raises this process's soft limit of open files to the hard one. InvalidArgument where that is
// less than `connections` and what is open beside them; says what to do.
absl::Status AllowOpenFiles(uint64_t connections);

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_OPEN_FILES_H_
