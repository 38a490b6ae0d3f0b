// SPDX-License-Identifier: Apache-2.0
//
// Requests, checked and normalised into commands. Every error names the field.

#ifndef CONSENT_API_DECODE_H_
#define CONSENT_API_DECODE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "consent/v1/contact_service.pb.h"
#include "consent/v1/statement.pb.h"
#include "src/api/context.h"
#include "src/contact/contact_id.h"
#include "src/contact/contact_point.h"
#include "src/ledger/command.h"

namespace consent::api {

// The contact point of this text; INVALID_CONTACT_POINT.
absl::StatusOr<contact::ContactPoint> ParseContactPoint(const std::string& text);

// A command, and how the company may know the consumer.
struct DecodedContact {
  ledger::ContactCommand command;
  contact::SubjectId subject;
};

absl::StatusOr<DecodedContact> Decode(const Context& context,
                                      const v1::CheckAndConsumeRequest& request);
absl::StatusOr<DecodedContact> Decode(const Context& context, const v1::CheckRequest& request);

// What the items of a batch share, checked once.
absl::StatusOr<core::Request> Decode(const v1::BatchHeader& header);
absl::StatusOr<DecodedContact> Decode(const Context& context, const core::Request& shared,
                                      core::NextAllowed next_allowed, const v1::BatchItem& item);

absl::StatusOr<ledger::PermitCommand> Decode(const Context& context,
                                             const v1::ConfirmPermitRequest& request);
absl::StatusOr<ledger::PermitCommand> Decode(const Context& context,
                                             const v1::ReleasePermitRequest& request);
absl::StatusOr<ledger::PermitCommand> Decode(const Context& context,
                                             const v1::ReportOutcomeRequest& request);

// Verifies the signature: about 100 us.
absl::StatusOr<ledger::StatementCommand> Decode(const Context& context,
                                                const v1::SignedStatement& sealed);

// Channels on which a sender may be a short code or a name.
inline constexpr core::ChannelSet kTexts{(1 << static_cast<int>(core::Channel::kSms)) |
                                         (1 << static_cast<int>(core::Channel::kMms)) |
                                         (1 << static_cast<int>(core::Channel::kMessaging))};

inline core::NextAllowed WhetherNextAllowed(bool wanted) {
  return wanted ? core::NextAllowed::kAlways : core::NextAllowed::kWhenDenied;
}

}  // namespace consent::api

#endif  // CONSENT_API_DECODE_H_
