// SPDX-License-Identifier: Apache-2.0
//
// Reads what a `grant` step says, except of whom it speaks.

#ifndef CONSENT_SIMULATE_GRANT_READER_H_
#define CONSENT_SIMULATE_GRANT_READER_H_

#include <optional>

#include "src/base/instant.h"
#include "src/consent/grant.h"
#include "src/text/document.h"
#include "src/text/value_reader.h"

namespace consent::simulate {

// The grant in `fields` (all keys but `consumer`), given at `at`: nullopt where that time could not
// be read, and what depends on it is not judged. Every fault is added to `errors`; with one, the
// value returned is of no use but for its id and company, where those could be read.
core::Grant ReadGrant(text::Fields& fields, std::optional<Instant> at, text::Errors& errors);

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_GRANT_READER_H_
