// SPDX-License-Identifier: Apache-2.0

#include "src/statement/body_message.h"

#include <vector>

#include "src/base/instant.h"

namespace consent::statement {
namespace {

constexpr int kDaysAWeek = 7;

void ToMessage(const core::Limit& limit, v1::Limit* message) {
  message->set_limit_id(limit.id);
  statement::ToMessage(limit.channels, message->mutable_channels());
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

// Each item of a list.
template <class Item, class Message>
void ToMessages(const std::vector<Item>& items,
                google::protobuf::RepeatedPtrField<Message>* messages) {
  for (const Item& item : items) ToMessage(item, messages->Add());
}

// An end that there is none is left out.
template <class Message>
void SetDates(Instant from, Instant until, Message* message) {
  message->mutable_valid_from()->set_seconds(from.unix_seconds);
  if (until != kNever) message->mutable_valid_until()->set_seconds(until.unix_seconds);
}

}  // namespace

void ToMessage(core::ChannelSet channels, google::protobuf::RepeatedField<int>* message) {
  for (int channel = 1; channel <= core::kChannelMax; ++channel) {
    if (channels.Has(static_cast<core::Channel>(channel))) message->Add(channel);
  }
}

void ToMessage(core::PurposeSet purposes, google::protobuf::RepeatedField<int>* message) {
  for (int purpose = 1; purpose <= core::kPurposeMax; ++purpose) {
    if (purposes.Has(static_cast<core::Purpose>(purpose))) message->Add(purpose);
  }
}

v1::BlockTarget ToMessage(core::Whose whose) {
  // The core has no number for what is not said.
  return static_cast<v1::BlockTarget>(static_cast<int>(whose) + 1);
}

void ToMessage(const core::Grant& grant, v1::Grant* message) {
  message->set_grant_id(grant.id);
  message->set_company(grant.company);
  ToMessage(grant.purposes, message->mutable_purposes());
  SetDates(grant.valid_from, grant.valid_until, message);
  ToMessages(grant.limits, message->mutable_limits());
  ToMessages(grant.hours, message->mutable_hours());
  ToMessages(grant.outside_legal_hours, message->mutable_outside_legal_hours());
  message->set_guardian(grant.guardian);
}

void ToMessage(const core::Preferences& preferences, v1::Preferences* message) {
  ToMessages(preferences.limits, message->mutable_limits());
  ToMessages(preferences.quiet, message->mutable_quiet());
  if (preferences.pause_until.has_value()) {
    message->mutable_pause_until()->set_seconds(preferences.pause_until->unix_seconds);
  }
  ToMessage(preferences.purposes, message->mutable_purposes());
}

void ToMessage(const core::Contract& contract, v1::Contract* message) {
  message->set_company(contract.company);
  message->set_contract_id(contract.id);
  message->set_relation(static_cast<v1::Relation>(contract.relation));
  message->set_object(contract.object);
  SetDates(contract.valid_from, contract.valid_until, message);
  message->set_similar_products(contract.similar_products);
}

void ToMessage(const core::Callback& callback, v1::CallbackRequest* message) {
  message->set_company(callback.company);
  message->set_callback_id(callback.id);
  ToMessage(callback.channels, message->mutable_channels());
  ToMessage(callback.purposes, message->mutable_purposes());
  SetDates(callback.valid_from, callback.valid_until, message);
}

}  // namespace consent::statement
