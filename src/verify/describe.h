// SPDX-License-Identifier: Apache-2.0
//
// Entries and their opened parts in words, for reports.

#ifndef CONSENT_VERIFY_DESCRIBE_H_
#define CONSENT_VERIFY_DESCRIBE_H_

#include <cstdint>
#include <map>
#include <string>

#include "consent/verifier.h"
#include "src/base/instant.h"
#include "src/journal/entry.h"
#include "src/journal/shown_entry.h"

namespace consent::verify {

// "DECIDED"; the number of a kind that this program does not know.
std::string KindName(uint8_t kind);

// RFC 3339, UTC.
std::string FormatInstant(Instant time);

EntryShown Describe(const journal::Entry& entry);

// What the opened parts say, by name. Parts of the directory's entries, and parts that are not
// those of the entry's kind, are not looked into. Personal data.
std::map<std::string, std::string> DescribeParts(const journal::Entry& entry,
                                                 const journal::ShownParts& parts);

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_DESCRIBE_H_
