// SPDX-License-Identifier: Apache-2.0

#include "src/api/decode.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/duration.pb.h"
#include "src/api/permit_id.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/contact/caller_number.h"
#include "src/contact/contact_point.h"
#include "src/ledger/place_of.h"
#include "src/statement/proposal.h"

namespace consent::api {
namespace {

absl::Status CheckCompany(std::string_view company) {
  if (directory::IsPartyId(company)) return absl::OkStatus();
  return InvalidField("company", "expected 1 to 64 characters of a-z, 0-9, '.', '_' or '-'");
}

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isprint(c); });
}

absl::Status CheckRequestId(std::string_view id) {
  const bool printable = IsPrintable(id);
  if (!id.empty() && id.size() <= core::kIdBytesMax && printable) return absl::OkStatus();
  return InvalidField("request_id",
                      absl::StrCat("expected 1 to 64 printable ASCII characters, "
                                   "found ",
                                   id.size(), " bytes", printable ? "" : ", not all of them such"));
}

// Ids and names that a caller gives; may be empty.
absl::Status CheckName(std::string_view field, std::string_view name) {
  if (name.size() <= core::kIdBytesMax && IsPrintable(name)) return absl::OkStatus();
  return InvalidField(field, "expected at most 64 printable ASCII characters");
}

// For whom, by whom and what about.
template <class Message>
absl::Status DecodeCircumstances(const Message& message, core::Request& request) {
  if (!message.processor().empty() && !directory::IsPartyId(message.processor())) {
    return InvalidField("processor", "expected 1 to 64 characters of a-z, 0-9, '.', '_' or '-'");
  }
  RETURN_IF_ERROR(CheckName("agent", message.agent()));
  RETURN_IF_ERROR(CheckName("contract", message.contract()));
  const std::string& country = message.agent_country();
  if (!country.empty() && (country.size() != 2 || !absl::ascii_isupper(country[0]) ||
                           !absl::ascii_isupper(country[1]))) {
    return InvalidField("agent_country", "expected two letters of ISO 3166-1: FR");
  }
  if (message.subject_matter() < 0 || message.subject_matter() > core::kMatterMax) {
    return InvalidField("subject_matter", absl::StrCat("expected a subject matter, found ",
                                                       message.subject_matter()));
  }
  request.processor = message.processor();
  request.agent = message.agent();
  request.agent_country = country;
  request.contract = message.contract();
  request.matter = static_cast<core::Matter>(message.subject_matter());
  return absl::OkStatus();
}

absl::StatusOr<core::Channel> ToChannel(v1::Channel channel) {
  if (channel < 1 || channel > core::kChannelMax) {
    return InvalidField("channel", absl::StrCat("expected a channel, found ", channel));
  }
  return static_cast<core::Channel>(channel);
}

absl::StatusOr<core::Purpose> ToPurpose(v1::Purpose purpose) {
  if (purpose < 1 || purpose > core::kPurposeMax) {
    return InvalidField("purpose", absl::StrCat("expected a purpose, found ", purpose));
  }
  return static_cast<core::Purpose>(purpose);
}

absl::StatusOr<Seconds> ToSeconds(std::string_view field,
                                  const google::protobuf::Duration& duration, Seconds max) {
  if (duration.nanos() != 0 || duration.seconds() < 1 || duration.seconds() > max.count) {
    return InvalidField(field, absl::StrCat("expected whole seconds from 1 to ", max.count));
  }
  return Seconds{duration.seconds()};
}

// The fields that all wishes to contact share, whatever message they come in.
template <class Message>
absl::StatusOr<core::Request> DecodeRequest(const Message& message) {
  RETURN_IF_ERROR(CheckCompany(message.company()));
  core::Request request;
  request.company = message.company();
  ASSIGN_OR_RETURN(request.channel, ToChannel(message.channel()));
  ASSIGN_OR_RETURN(request.purpose, ToPurpose(message.purpose()));
  if (message.has_permit_ttl()) {
    ASSIGN_OR_RETURN(request.permit_ttl,
                     ToSeconds("permit_ttl", message.permit_ttl(), core::kPermitTtlMax));
  }
  if constexpr (requires { message.hold(); }) {
    if (message.has_hold()) {
      ASSIGN_OR_RETURN(request.hold, ToSeconds("hold", message.hold(), core::kHoldMax));
    }
  }
  if (!message.caller_number().empty()) {
    absl::StatusOr<std::string> number = kTexts.Has(request.channel)
                                             ? contact::ParseSender(message.caller_number())
                                             : contact::ParseCallerNumber(message.caller_number());
    if (!number.ok()) {
      return InvalidField("caller_number", absl::StrCat(number.status().message()));
    }
    request.caller_number = *std::move(number);
  }
  RETURN_IF_ERROR(DecodeCircumstances(message, request));
  return request;
}

absl::StatusOr<DecodedContact> Complete(const Context& context, const std::string& contact_point,
                                        core::Request request, core::NextAllowed next_allowed) {
  ASSIGN_OR_RETURN(const contact::ContactPoint point, ParseContactPoint(contact_point));
  DecodedContact decoded;
  decoded.command.contact = context.peppers.NameOf(point);
  decoded.command.contact_point = point.uri();
  decoded.command.place = ledger::PlaceOf(point);
  decoded.subject = context.peppers.SubjectFor(request.company, point);
  decoded.command.request = std::move(request);
  decoded.command.next_allowed = next_allowed;
  return decoded;
}

template <class Message>
absl::StatusOr<ledger::PermitCommand> DecodePermit(const Context& context, const Message& message) {
  RETURN_IF_ERROR(CheckCompany(message.company()));
  if (message.permit_id().empty()) {
    return InvalidField("permit_id", "expected the permit_id of an ALLOWED answer, found none");
  }
  ledger::PermitCommand command;
  command.company = message.company();
  const std::optional<PermitName> name = FromPermitId(context.permit_key, message.permit_id());
  // An id that was never given out finds nothing, like any other permit that does not exist.
  if (name.has_value() && context.ledger.FindShard(name->shard) != nullptr) {
    command.permit = name->permit;
  }
  return command;
}

}  // namespace

absl::StatusOr<contact::ContactPoint> ParseContactPoint(const std::string& text) {
  absl::StatusOr<contact::ContactPoint> point = contact::ContactPoint::Parse(text);
  if (point.ok()) return point;
  return Fault(absl::StatusCode::kInvalidArgument, "INVALID_CONTACT_POINT",
               absl::StrCat("contact_point: ", point.status().message()));
}

absl::StatusOr<DecodedContact> Decode(const Context& context,
                                      const v1::CheckAndConsumeRequest& request) {
  ASSIGN_OR_RETURN(core::Request decoded, DecodeRequest(request));
  RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  decoded.request_id = request.request_id();
  return Complete(context, request.contact_point(), std::move(decoded),
                  WhetherNextAllowed(request.want_next_allowed_time()));
}

absl::StatusOr<DecodedContact> Decode(const Context& context, const v1::CheckRequest& request) {
  ASSIGN_OR_RETURN(core::Request decoded, DecodeRequest(request));
  return Complete(context, request.contact_point(), std::move(decoded),
                  WhetherNextAllowed(request.want_next_allowed_time()));
}

absl::StatusOr<core::Request> Decode(const v1::BatchHeader& header) {
  return DecodeRequest(header);
}

absl::StatusOr<DecodedContact> Decode(const Context& context, const core::Request& shared,
                                      core::NextAllowed next_allowed, const v1::BatchItem& item) {
  RETURN_IF_ERROR(CheckRequestId(item.request_id()));
  core::Request request = shared;
  request.request_id = item.request_id();
  return Complete(context, item.contact_point(), std::move(request), next_allowed);
}

absl::StatusOr<ledger::PermitCommand> Decode(const Context& context,
                                             const v1::ConfirmPermitRequest& request) {
  ASSIGN_OR_RETURN(ledger::PermitCommand command, DecodePermit(context, request));
  command.action = ledger::ConfirmPermit{};
  return command;
}

absl::StatusOr<ledger::PermitCommand> Decode(const Context& context,
                                             const v1::ReleasePermitRequest& request) {
  ASSIGN_OR_RETURN(ledger::PermitCommand command, DecodePermit(context, request));
  command.action = ledger::ReleasePermit{};
  return command;
}

absl::StatusOr<ledger::PermitCommand> Decode(const Context& context,
                                             const v1::ReportOutcomeRequest& request) {
  if (request.outcome() < 1 || request.outcome() > core::kOutcomeMax) {
    return InvalidField("outcome", absl::StrCat("expected an outcome, found ", request.outcome()));
  }
  ASSIGN_OR_RETURN(ledger::PermitCommand command, DecodePermit(context, request));
  command.action = ledger::ReportOutcome{static_cast<core::Outcome>(request.outcome())};
  return command;
}

absl::StatusOr<ledger::StatementCommand> Decode(const Context& context,
                                                const v1::SignedStatement& sealed) {
  ASSIGN_OR_RETURN(statement::Opened opened, statement::Open(sealed, context.ledger.origin()));
  contact::ContactName contact = context.peppers.NameOf(opened.contact_point);
  core::Place place = ledger::PlaceOf(opened.contact_point);
  std::optional<contact::ContactName> same_consumer_as;
  if (const auto other = statement::SameConsumerAs(opened.message); other.has_value()) {
    same_consumer_as = context.peppers.NameOf(*other);
  }
  return ledger::StatementCommand{.opened = std::move(opened),
                                  .contact = std::move(contact),
                                  .place = std::move(place),
                                  .same_consumer_as = std::move(same_consumer_as)};
}

}  // namespace consent::api
