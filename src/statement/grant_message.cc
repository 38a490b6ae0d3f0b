// SPDX-License-Identifier: Apache-2.0

#include "src/statement/grant_message.h"

#include "src/base/instant.h"
#include "src/consent/vocabulary.h"

namespace consent::statement {
namespace {

constexpr int kDaysAWeek = 7;

void ToMessage(const core::Limit& limit, v1::Limit* message) {
  message->set_limit_id(limit.id);
  for (int channel = 1; channel <= core::kChannelMax; ++channel) {
    if (limit.channels.Has(static_cast<core::Channel>(channel))) {
      message->add_channels(static_cast<v1::Channel>(channel));
    }
  }
  message->set_max(limit.max);
  message->set_max_attempts(limit.max_attempts.value_or(0));
  message->mutable_window()->set_period(static_cast<v1::Period>(limit.window.period));
  message->mutable_window()->set_alignment(static_cast<v1::Alignment>(limit.window.alignment));
  message->mutable_window()->set_count(limit.window.count);
}

void ToMessage(const core::Span& span, v1::Hours* message) {
  for (int day = 0; day < kDaysAWeek; ++day) {
    if ((span.days >> day) & 1) message->add_days(static_cast<v1::Weekday>(day + 1));
  }
  message->set_from_minute(span.from_minute);
  message->set_to_minute(span.to_minute);
}

}  // namespace

void ToMessage(const core::Grant& grant, v1::Grant* message) {
  message->set_grant_id(grant.id);
  message->set_company(grant.company);
  for (int purpose = 1; purpose <= core::kPurposeMax; ++purpose) {
    if (grant.purposes.Has(static_cast<core::Purpose>(purpose))) {
      message->add_purposes(static_cast<v1::Purpose>(purpose));
    }
  }
  message->mutable_valid_from()->set_seconds(grant.valid_from.unix_seconds);
  if (grant.valid_until != kNever) {
    message->mutable_valid_until()->set_seconds(grant.valid_until.unix_seconds);
  }
  for (const core::Limit& limit : grant.limits) ToMessage(limit, message->add_limits());
  for (const core::Span& span : grant.hours) ToMessage(span, message->add_hours());
}

}  // namespace consent::statement
