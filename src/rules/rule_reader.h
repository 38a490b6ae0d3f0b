// SPDX-License-Identifier: Apache-2.0
//
// Reads one rule of a pack: what people need to know of it, its scope and its body.

#ifndef CONSENT_RULES_RULE_READER_H_
#define CONSENT_RULES_RULE_READER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/exemption_reader.h"
#include "src/rules/pack.h"
#include "src/text/document.h"

namespace consent::rules {

// A sentence, a title or a source: 1 to kSentenceBytesMax bytes without control characters.
std::optional<std::string> ReadSentence(const text::Node& node, std::string_view what,
                                        text::Errors& errors);

// A list of at least one region, each once: "FR", or "US-FL" for a part of one.
std::vector<std::string> ReadRegions(const text::Node& node, text::Errors& errors);

// The rule that `node` describes, in `pack`, whose own head has been read. Rules that it lifts are
// added to `lifted`. With an error added, the result is of no use.
PackRule ReadRule(const text::Node& node, const Pack& pack, std::vector<Lifted>& lifted,
                  text::Errors& errors);

}  // namespace consent::rules

#endif  // CONSENT_RULES_RULE_READER_H_
