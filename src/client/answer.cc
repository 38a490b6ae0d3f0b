// SPDX-License-Identifier: Apache-2.0

#include "consent/answer.h"

#include <time.h>

#include "src/client/answer_parts.h"
#include "src/client/uptime.h"

namespace consent {
namespace {

std::string ToRfc3339(LedgerTime time) {
  const time_t seconds = time.time_since_epoch().count();
  tm civil{};
  char text[sizeof "+2147483647-12-31T23:59:59Z"];
  if (gmtime_r(&seconds, &civil) == nullptr) return "a time out of range";
  const size_t length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &civil);
  return std::string(text, length);
}

}  // namespace

Answer::Answer() : error_{.code = ErrorCode::kUnknown, .message = "the ledger was not asked"} {}

bool Answer::may_contact() const {
  return AnswerParts::TimeLeft(*this, client::UptimeNow()) > Uptime::zero();
}

std::chrono::milliseconds Answer::time_left() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      AnswerParts::TimeLeft(*this, client::UptimeNow()));
}

bool Answer::held() const {
  return !is_error() && decision_.verdict == Verdict::kAllowed && !decision_.permit_id.empty() &&
         !decision_.contact_before.has_value();
}

std::string Answer::Summary() const {
  std::string line;
  if (is_error()) {
    line.append("ERROR ").append(Name(error_.code));
    if (!error_.reason.empty()) line.append(" ").append(error_.reason);
    return line.append(": ").append(error_.message);
  }
  if (held()) return "HELD";
  line.append(Name(decision_.verdict));
  if (decision_.verdict == Verdict::kAllowed) {
    if (decision_.permit_id.empty()) return line.append(", nothing taken");
    const std::int64_t seconds = time_left().count() / 1000;
    return may_contact() ? line.append(" for " + std::to_string(seconds) + " s")
                         : line.append(", but its time is over");
  }
  line.append(" ").append(Name(decision_.reason));
  if (!decision_.limit.empty()) line.append(" ").append(decision_.limit);
  if (decision_.next_allowed_time.has_value()) {
    line.append(", next ").append(ToRfc3339(*decision_.next_allowed_time));
  }
  return line;
}

}  // namespace consent
