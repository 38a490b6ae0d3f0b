// SPDX-License-Identifier: Apache-2.0
//
// Reads what a rule of a pack demands: its body, one of nine kinds.

#ifndef CONSENT_RULES_BODY_READER_H_
#define CONSENT_RULES_BODY_READER_H_

#include <vector>

#include "src/consent/law.h"
#include "src/rules/exemption_reader.h"
#include "src/text/document.h"
#include "src/text/value_reader.h"

namespace consent::rules {

struct ReadBodyResult {
  decltype(core::Rule::body) body;
  std::vector<Lifted> lifted;
  // Whether the body is asked of a contact whose basis is known, so that `bases` means something.
  bool knows_basis = false;
};

// The one body that `fields`, a rule, has. With an error added, the result is of no use.
ReadBodyResult ReadBody(text::Fields& fields, text::Errors& errors);

}  // namespace consent::rules

#endif  // CONSENT_RULES_BODY_READER_H_
