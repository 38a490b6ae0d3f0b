// SPDX-License-Identifier: Apache-2.0
//
// Question: who asks whom for what, with everything looked up once. The moment is not part of it:
// one question is put at many moments when dates are worked out. Private to the core.

#ifndef CONSENT_CONSENT_QUESTION_H_
#define CONSENT_CONSENT_QUESTION_H_

#include <string_view>

#include "absl/container/inlined_vector.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/consent/asker.h"
#include "src/consent/decide.h"
#include "src/consent/law.h"
#include "src/consent/loss.h"
#include "src/consent/record.h"

namespace consent::core {

// All references must outlive the question.
struct Question {
  const Record& record;
  const Request& request;
  std::string_view company;  // A contact kept in the record does not name it.
  // The record's part about the company; null when nothing ever lay between the two.
  const CompanyRecord* between;
  absl::Span<const absl::TimeZone> zones;  // Empty: unknown.
  const Loss* loss;                        // The journal's last; null when there is none.
  const Asker* asker;                      // Null: nothing is known.
  const Law* law;                          // All rules in force; null: none.
  absl::Span<const ListImport> lists;
  // The rules that bind the request by what it is and where the consumer is, in their order. Dates
  // and bases are still to be asked (`Binds`).
  absl::InlinedVector<const Rule*, 16> rules;
};

// What `request` by `company` asks of `record`.
Question Ask(const Record& record, const Request& request, std::string_view company,
             const Moment& moment);

// Whether a rule of the question's binds a contact on `basis` at `t`.
inline bool Binds(const Rule& rule, Basis basis, Instant t) {
  return rule.scope.bases.Has(basis) && rule.scope.from <= t && t < rule.scope.until;
}

// The body, if the rule is of this kind and binds; null otherwise.
template <class Body>
const Body* Binding(const Rule& rule, Basis basis, Instant t) {
  const Body* body = std::get_if<Body>(&rule.body);
  return body != nullptr && Binds(rule, basis, t) ? body : nullptr;
}

}  // namespace consent::core

#endif  // CONSENT_CONSENT_QUESTION_H_
