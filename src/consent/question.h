// SPDX-License-Identifier: Apache-2.0
//
// Question: who asks whom for what, with everything looked up once. The moment is not part of it:
// one question is put at many moments when dates are worked out. Private to the core.

#ifndef CONSENT_CONSENT_QUESTION_H_
#define CONSENT_CONSENT_QUESTION_H_

#include <string_view>

#include "absl/time/time.h"
#include "src/consent/loss.h"
#include "src/consent/record.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// All references must outlive the question.
struct Question {
  const Record& record;
  std::string_view company;
  // The record's part about the company; null when nothing ever lay between the two.
  const CompanyRecord* between;
  Channel channel;
  Purpose purpose;
  const absl::TimeZone* zone;  // The consumer's; null when unknown.
  const Loss* loss;            // The journal's last; null when there is none.
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_QUESTION_H_
