// SPDX-License-Identifier: Apache-2.0
//
// Reads what stands in for consent.

#ifndef CONSENT_RULES_EXEMPTION_READER_H_
#define CONSENT_RULES_EXEMPTION_READER_H_

#include <string>
#include <vector>

#include "src/consent/law.h"
#include "src/text/document.h"

namespace consent::rules {

// A rule that an exemption names. Whether there is such a rule is known when all are read.
struct Lifted {
  std::string id;
  int line = 0;
};

// The exemption, and what it lifts added to `lifted`. With an error added, it is of no use.
core::Exemption ReadExemption(const text::Node& node, std::vector<Lifted>& lifted,
                              text::Errors& errors);

}  // namespace consent::rules

#endif  // CONSENT_RULES_EXEMPTION_READER_H_
