// SPDX-License-Identifier: Apache-2.0
//
// Reads what steps other than grants say, except of whom they speak: blocks, preferences,
// contracts, callbacks, requests, and what the directory would say.
//
// Each reader takes the keys of one step and returns what it read. Every fault is added to
// `errors`; with one, what is returned is of no use.

#ifndef CONSENT_SIMULATE_WORD_READER_H_
#define CONSENT_SIMULATE_WORD_READER_H_

#include <optional>
#include <string>

#include "src/base/instant.h"
#include "src/simulate/scenario.h"
#include "src/text/document.h"
#include "src/text/value_reader.h"

namespace consent::simulate {

// One of `company`, `group` and `processor`.
struct Target {
  core::Whose whose = core::Whose::kCompany;
  std::string name;
};
Target ReadTarget(text::Fields& fields, text::Errors& errors);

core::Block ReadBlock(text::Fields& fields, text::Errors& errors);
core::Preferences ReadPreferences(text::Fields& fields, text::Errors& errors);
core::Contract ReadContract(text::Fields& fields, std::optional<Instant> at, text::Errors& errors);
core::Callback ReadCallback(text::Fields& fields, std::optional<Instant> at, text::Errors& errors);
// All keys but `consumer`.
ListStep ReadList(text::Fields& fields, std::optional<Instant> at, text::Errors& errors);
core::Delegation ReadDelegation(text::Fields& fields, std::optional<Instant> at,
                                text::Errors& errors);
NumberStep ReadNumberStep(text::Fields& fields, text::Errors& errors);
// Without request_id and hold.
core::Request ReadRequest(text::Fields& fields, text::Errors& errors);

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_WORD_READER_H_
