// SPDX-License-Identifier: Apache-2.0
//
// RecordRow: a record's bytes as they are kept. First its encoding; behind it, for each event since
// that did no more than bring a contact, or than be counted, what that changed. So a row is written
// by appending to it, a tenth of its bytes, and says the same as one made anew.
//
// A part that was appended twice changes nothing; where one is missing, the row is malformed.
// Format: docs/formats/store.md.

#ifndef CONSENT_CONSENT_RECORD_ROW_H_
#define CONSENT_CONSENT_RECORD_ROW_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/consent/event.h"
#include "src/consent/evolve.h"
#include "src/consent/record.h"

namespace consent::core {

// Takes `event` into `record`, and into `row`, which is that record's: appends to it, or empties it
// where it must be made anew. An empty one stays empty.
void EvolveRow(Record& record, std::string& row, const Event& event,
               Retention retention = Retention::kFiveYears);

// The row of a record made anew: its encoding.
std::string NewRow(const Record& record);

// The record of a row. InvalidArgument: the row is malformed.
absl::StatusOr<Record> DecodeRow(std::string_view row);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_RECORD_ROW_H_
