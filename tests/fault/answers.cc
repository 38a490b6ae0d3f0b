// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/answers.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "src/consent/event.h"
#include "tests/fault/clients.h"

namespace consent::fault {
namespace {

std::string Describe(const Person& person, const v1::CheckAndConsumeRequest& request,
                     const v1::Decision& decision) {
  return absl::StrCat("consumer ", person.number, ", request ", request.request_id(), ": ",
                      v1::Verdict_Name(decision.verdict()), " ", v1::Reason_Name(decision.reason()),
                      ", entry ", decision.entry(), decision.repeated() ? ", repeated" : "");
}

// Whether a repeat may be ALLOWED, by what the dialer was told. A held unit is the dialer's until
// it is confirmed, whatever was revoked; it gives no right to contact.
bool MayAllowRepeat(bool revoked, Fate fate, const v1::Decision& decision) {
  switch (fate) {
    case Fate::kHeld:
      return !decision.has_contact_before();
    case Fate::kOpen:
      return !revoked && decision.has_contact_before();
    case Fate::kUnclear:
      return !revoked;
    case Fate::kGivenBack:
    case Fate::kUsed:
      return false;
  }
  return false;
}

// Whether the reason may stand in an answer that denies a repeat, by what the dialer was told.
bool MayDenyRepeat(const Person& person, Fate fate, v1::Reason reason) {
  switch (reason) {
    case v1::REASON_NO_PERMISSION:
      return person.erasing;
    case v1::REASON_PERMIT_RELEASED:
      return fate == Fate::kGivenBack || fate == Fate::kUnclear;
    case v1::REASON_PERMIT_USED:
      return fate == Fate::kUsed;
    case v1::REASON_REVOKED:
      return person.revoking && fate != Fate::kGivenBack && fate != Fate::kUsed;
    case v1::REASON_PERMIT_EXPIRED:
      // The revocation ended the permit's time.
      return person.revoking;
    default:
      return false;
  }
}

}  // namespace

bool TakeAnswer(World& world, Person& person, const Before& before, const v1::Decision& decision,
                int tries, Allowed& allowed) {
  ++world.decisions;
  if (!decision.journal_origin().empty()) {
    world.Note({.entry = decision.entry(),
                .kind = static_cast<uint8_t>(core::Kind::kDecided),
                .channel = static_cast<uint8_t>(allowed.request.channel()),
                .reason = static_cast<uint8_t>(decision.reason())});
  }
  if (decision.verdict() == v1::VERDICT_ALLOWED) {
    if (before.revoked || before.erased) {
      world.Fault(absl::StrCat("ALLOWED after an acknowledged ",
                               before.erased ? "erasure: " : "revocation: ",
                               Describe(person, allowed.request, decision)));
    }
    if (decision.repeated() && tries == 1) {
      world.Fault("a new id is said to be repeated: " +
                  Describe(person, allowed.request, decision));
    }
    allowed.entry = decision.entry();
    allowed.permit = decision.permit_id();
    return true;
  }
  if (decision.reason() == v1::REASON_LIMIT_REACHED) {
    person.seen_full = true;
  } else if (person.erasing && decision.reason() == v1::REASON_NO_PERMISSION) {
    return false;
  } else if (!person.revoking || (decision.reason() != v1::REASON_REVOKED &&
                                  decision.reason() != v1::REASON_PERMIT_EXPIRED)) {
    world.Fault("denied without reason: " + Describe(person, allowed.request, decision));
  }
  return false;
}

int Ask(World& world, const v1::CheckAndConsumeRequest& request, v1::Decision& decision) {
  v1::CheckAndConsumeResponse response;
  const int tries = world.UntilAnswered(
      "CheckAndConsume",
      [&](const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context) {
        return v1::ContactService::NewStub(channel)->CheckAndConsume(&context, request, &response);
      });
  if (!response.receipt().empty()) world.NoteReceipt(response.receipt());
  decision = std::move(*response.mutable_decision());
  return tries;
}

void AskAgain(World& world, Person& person, const Allowed& allowed) {
  const bool revoked = person.revoked;
  const bool erased = person.erased;
  v1::Decision decision;
  if (Ask(world, allowed.request, decision) == 0) return;
  if (erased && decision.reason() != v1::REASON_NO_PERMISSION) {
    return world.Fault("erased, and still known: " + Describe(person, allowed.request, decision));
  }
  const bool right = decision.verdict() == v1::VERDICT_ALLOWED
                         ? decision.entry() == allowed.entry && decision.repeated() &&
                               MayAllowRepeat(revoked, allowed.fate, decision)
                         : MayDenyRepeat(person, allowed.fate, decision.reason());
  if (right) return;
  world.Fault(absl::StrCat("asked again: ", Describe(person, allowed.request, decision),
                           "; ALLOWED before at entry ", allowed.entry, ", fate ",
                           static_cast<int>(allowed.fate)));
}

namespace {

v1::CheckRequest CheckOf(const Person& person) {
  v1::CheckRequest request;
  request.set_contact_point(load::ContactPointOf(person.number));
  request.set_company(load::kCompany);
  request.set_channel(v1::CHANNEL_CALL);
  request.set_purpose(v1::PURPOSE_DIRECT_MARKETING);
  return request;
}

// What a Check of the person answers, at last; none where no answer came.
std::optional<v1::Reason> Check(World& world, const Person& person) {
  const v1::CheckRequest request = CheckOf(person);
  v1::CheckResponse response;
  const int tries = world.UntilAnswered(
      "Check", [&](const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context) {
        return v1::ContactService::NewStub(channel)->Check(&context, request, &response);
      });
  if (tries == 0) return std::nullopt;
  return response.decision().reason();
}

}  // namespace

v1::Reason CheckAt(const std::shared_ptr<grpc::Channel>& channel, const Person& person) {
  v1::CheckResponse response;
  grpc::ClientContext context;
  const grpc::Status status =
      v1::ContactService::NewStub(channel)->Check(&context, CheckOf(person), &response);
  return status.ok() ? response.decision().reason() : v1::REASON_UNSPECIFIED;
}

void CheckRevoked(World& world, Person& person) {
  const bool erasing = person.erasing;
  const std::optional<v1::Reason> reason = Check(world, person);
  if (!reason.has_value() || reason == v1::REASON_REVOKED) return;
  if ((erasing || person.erasing) && reason == v1::REASON_NO_PERMISSION) return;
  world.Fault(absl::StrCat("an acknowledged revocation is gone: consumer ", person.number, ": ",
                           v1::Reason_Name(*reason)));
}

void CheckErased(World& world, Person& person) {
  const std::optional<v1::Reason> reason = Check(world, person);
  if (reason.has_value() && reason != v1::REASON_NO_PERMISSION) {
    world.Fault(absl::StrCat("consumer ", person.number,
                             " was erased, and is known: ", v1::Reason_Name(*reason)));
  }
  Erase(world, person);
}

}  // namespace consent::fault
