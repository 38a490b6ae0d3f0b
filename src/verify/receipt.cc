// SPDX-License-Identifier: Apache-2.0

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "consent/verifier.h"
#include "src/journal/entry.h"
#include "src/journal/receipt.h"
#include "src/verify/describe.h"
#include "src/verify/keys.h"

namespace consent {
namespace {

ReceiptReport Refuse(VerifyVerdict verdict, const absl::Status& status) {
  ReceiptReport report;
  report.verdict = verdict;
  report.why = std::string(status.message());
  return report;
}

}  // namespace

ReceiptReport VerifyReceipt(const std::string& receipt, const std::vector<std::string>& keys) {
  const auto known = verify::ParseKeys(keys);
  if (!known.ok()) return Refuse(VerifyVerdict::kBadInput, known.status());
  if (known->empty()) {
    return Refuse(VerifyVerdict::kBadInput,
                  absl::InvalidArgumentError("no verifier key of the log was given"));
  }
  const auto parsed = journal::ParseReceipt(receipt);
  if (!parsed.ok()) return Refuse(VerifyVerdict::kFaulty, parsed.status());
  const auto named = verify::KeysOf(parsed->checkpoint, *known);
  if (!named.ok()) return Refuse(VerifyVerdict::kFaulty, named.status());
  const auto proven = journal::VerifyReceipt(*parsed, *named);
  if (!proven.ok()) return Refuse(VerifyVerdict::kFaulty, proven.status());

  ReceiptReport report;
  report.verdict = VerifyVerdict::kGood;
  report.origin = proven->checkpoint.origin;
  report.size = proven->checkpoint.size.value;
  report.entry = verify::Describe(proven->entry);
  if (parsed->shown.parts.has_value()) {
    report.opened = verify::DescribeParts(proven->entry, *parsed->shown.parts);
  }
  return report;
}

}  // namespace consent
