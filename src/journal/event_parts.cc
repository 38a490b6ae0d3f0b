// SPDX-License-Identifier: Apache-2.0

#include "src/journal/event_parts.h"

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"

namespace consent::journal {
namespace {

constexpr uint8_t kPartVersion = 2;
// Of a ledger part that begins with contact points that go by other ids from now on.
constexpr uint8_t kRenamingVersion = 3;

// The two field lists of an event body, each as something the codec can write and read.
template <class Body>
struct CompanyPart {
  Body* body;
  template <class A>
  void Fields(A& a) {
    uint8_t version = kPartVersion;
    a(version);
    if constexpr (A::kReading) {
      if (version != kPartVersion) a.Fail();
    }
    body->Company(a);
  }
};

template <class Body>
struct LedgerPart {
  Body* body;
  std::vector<core::Renamed>* renamed;
  template <class A>
  void Fields(A& a) {
    uint8_t version = renamed->empty() ? kPartVersion : kRenamingVersion;
    a(version);
    if (version == kRenamingVersion) a(*renamed);
    if constexpr (A::kReading) {
      // One event has one text.
      if (version != (renamed->empty() ? kPartVersion : kRenamingVersion)) a.Fail();
    }
    body->Ledger(a);
  }
};

template <class Part>
absl::Status Read(std::string_view bytes, Part part, const Entry& entry) {
  Reader reader(bytes);
  part.Fields(reader);
  if (reader.ok() && reader.remaining() == 0) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("leaf ", entry.position.value, ": a part is malformed for its kind"));
}

// Without a `ledger` part, its fields are left as they are in a new body.
template <size_t kIndex = 0>
absl::StatusOr<core::EventBody> ReadBody(const Entry& entry, std::string_view company,
                                         std::optional<std::string_view> ledger,
                                         std::vector<core::Renamed>& renamed) {
  if constexpr (kIndex == std::variant_size_v<core::EventBody>) {
    return absl::DataLossError(
        absl::StrCat("leaf ", entry.position.value, ": unknown kind ", entry.kind));
  } else {
    using Body = std::variant_alternative_t<kIndex, core::EventBody>;
    if (entry.kind != static_cast<uint8_t>(Body::kKind)) {
      return ReadBody<kIndex + 1>(entry, company, ledger, renamed);
    }
    Body body;
    RETURN_IF_ERROR(Read(company, CompanyPart<Body>{&body}, entry));
    if (ledger.has_value())
      RETURN_IF_ERROR(Read(*ledger, LedgerPart<Body>{&body, &renamed}, entry));
    return core::EventBody(std::move(body));
  }
}

}  // namespace

Parts ToParts(const core::EventBody& body, std::string_view contact_point,
              const std::vector<core::Renamed>& renamed) {
  Parts parts{.contact = std::string(contact_point), .company = {}, .ledger = {}};
  std::visit(
      [&](const auto& concrete) {
        using Body = std::remove_cvref_t<decltype(concrete)>;
        // A Writer only reads the fields it is shown.
        Body* const fields = const_cast<Body*>(&concrete);
        parts.company = Encode(CompanyPart<Body>{fields});
        parts.ledger =
            Encode(LedgerPart<Body>{fields, const_cast<std::vector<core::Renamed>*>(&renamed)});
      },
      body);
  return parts;
}

absl::StatusOr<core::Event> ToEvent(const Entry& entry, const Parts& parts) {
  std::vector<core::Renamed> renamed;
  ASSIGN_OR_RETURN(core::EventBody body, ReadBody(entry, parts.company, parts.ledger, renamed));
  return core::Event{.at = entry.at,
                     .position = entry.position,
                     .body = std::move(body),
                     .renamed = std::move(renamed)};
}

absl::StatusOr<core::Event> ToEventForCompany(const Entry& entry, std::string_view company_part) {
  std::vector<core::Renamed> none;
  ASSIGN_OR_RETURN(core::EventBody body, ReadBody(entry, company_part, std::nullopt, none));
  return core::Event{.at = entry.at, .position = entry.position, .body = std::move(body)};
}

core::Kind KindOf(const core::EventBody& body) {
  return std::visit([](const auto& concrete) { return concrete.kKind; }, body);
}

core::Channel ChannelOf(const core::EventBody& body) {
  const auto* decided = std::get_if<core::Decided>(&body);
  return decided != nullptr ? decided->request.channel : core::Channel::kUnspecified;
}

core::Reason ReasonAnswered(const core::EventBody& body) {
  if (const auto* decided = std::get_if<core::Decided>(&body)) return decided->answer.reason;
  if (const auto* confirmed = std::get_if<core::Confirmed>(&body)) return confirmed->reason;
  return core::Reason::kUnspecified;
}

std::string_view CompanyOf(const core::EventBody& body) {
  return std::visit(
      [](const auto& concrete) -> std::string_view {
        using Body = std::remove_cvref_t<decltype(concrete)>;
        if constexpr (std::is_same_v<Body, core::Decided>) {
          return concrete.request.company;
        } else if constexpr (std::is_same_v<Body, core::Granted>) {
          return concrete.grant.company;
        } else if constexpr (std::is_same_v<Body, core::ContractClaimed>) {
          return concrete.contract.company;
        } else if constexpr (std::is_same_v<Body, core::CallbackAsked>) {
          return concrete.callback.company;
        } else if constexpr (requires { concrete.permit; } || std::is_same_v<Body, core::Revoked> ||
                             std::is_same_v<Body, core::Contested>) {
          return concrete.company;
        } else {
          return {};  // Bindings and blocks are the consumer's own affair.
        }
      },
      body);
}

}  // namespace consent::journal
