// SPDX-License-Identifier: Apache-2.0
//
// Dialers that call one by one: ask, sometimes hold and confirm or release, sometimes report.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "src/consent/event.h"
#include "tests/fault/answers.h"
#include "tests/fault/clients.h"

namespace consent::fault {
namespace {

using Channel = std::shared_ptr<grpc::Channel>;

constexpr int64_t kDaySeconds = 24 * 60 * 60;

// What a dialer was told about a permit.
struct Told {
  v1::PermitAnswer answer;
  int tries = 0;
  // What was asked for is so: done now, or by a call whose answer was lost.
  bool Done() const {
    return answer.done() || (tries > 1 && answer.reason() == v1::REASON_ALREADY_DONE);
  }
};

template <class Request, class Response, class Method>
Told Act(World& world, const std::string& what, const Allowed& allowed, core::Kind kind,
         Request request, Method method) {
  request.set_company(load::kCompany);
  request.set_permit_id(allowed.permit);
  Response response;
  Told told;
  told.tries = world.UntilAnswered(what, [&](const Channel& channel, grpc::ClientContext& context) {
    return method(*v1::ContactService::NewStub(channel), context, request, response);
  });
  told.answer = response.answer();
  if (!told.answer.journal_origin().empty()) {
    world.Note({.entry = told.answer.entry(), .kind = static_cast<uint8_t>(kind)});
  }
  return told;
}

void Unexpected(World& world, const Person& person, const std::string& what, const Told& told) {
  if (told.tries == 0) return;  // Noted already.
  world.Fault(absl::StrCat("consumer ", person.number, ": ", what, ": after ", told.tries,
                           " calls: ", v1::Reason_Name(told.answer.reason())));
}

void Confirm(World& world, Person& person, Allowed& allowed) {
  const Told told = Act<v1::ConfirmPermitRequest, v1::ConfirmPermitResponse>(
      world, "ConfirmPermit", allowed, core::Kind::kConfirmed, {},
      [](auto& stub, auto& context, const auto& request, auto& response) {
        return stub.ConfirmPermit(&context, request, &response);
      });
  if (person.revoking || person.erasing) {
    allowed.fate = Fate::kUnclear;
  } else if (told.Done()) {
    allowed.fate = Fate::kOpen;
  } else {
    Unexpected(world, person, "ConfirmPermit", told);
  }
}

void Release(World& world, Person& person, Allowed& allowed) {
  const Told told = Act<v1::ReleasePermitRequest, v1::ReleasePermitResponse>(
      world, "ReleasePermit", allowed, core::Kind::kReleased, {},
      [](auto& stub, auto& context, const auto& request, auto& response) {
        return stub.ReleasePermit(&context, request, &response);
      });
  if (!told.Done()) {
    // The erased have no permits.
    if (person.erasing) return;
    return Unexpected(world, person, "ReleasePermit", told);
  }
  allowed.fate = Fate::kGivenBack;
}

void Report(World& world, Person& person, Allowed& allowed, v1::Outcome outcome) {
  v1::ReportOutcomeRequest request;
  request.set_outcome(outcome);
  const Told told = Act<v1::ReportOutcomeRequest, v1::ReportOutcomeResponse>(
      world, "ReportOutcome", allowed, core::Kind::kOutcomeReported, request,
      [](auto& stub, auto& context, const auto& sent, auto& response) {
        return stub.ReportOutcome(&context, sent, &response);
      });
  if (!told.Done()) {
    // A revocation ends the time of a permit, and with it that of NOT_SENT.
    if (person.revoking || person.erasing) return;
    return Unexpected(world, person, "ReportOutcome", told);
  }
  allowed.fate = outcome == v1::OUTCOME_NOT_SENT ? Fate::kGivenBack : Fate::kUsed;
}

// What a dialer does with what it was allowed.
void Use(World& world, Person& person, Allowed& allowed, Chance& chance) {
  if (allowed.fate == Fate::kHeld) {
    const int64_t choice = Pick(chance, 1, 4);
    if (choice == 1) return;  // Stays held.
    if (choice == 2) return Release(world, person, allowed);
    Confirm(world, person, allowed);
  }
  if (allowed.fate != Fate::kOpen) return;
  switch (Pick(chance, 1, 4)) {
    case 1:
      return Report(world, person, allowed, v1::OUTCOME_CONNECTED);
    case 2:
      return Report(world, person, allowed, v1::OUTCOME_NOT_SENT);
    default:
      return;
  }
}

}  // namespace

void DialOneByOne(World& world, const std::string& name, Chance chance) {
  for (int64_t serial = 0; !world.over; ++serial) {
    absl::SleepFor(absl::Microseconds(Pick(chance, 0, 3000)));
    Person* const person = world.PickActive(chance);
    if (person == nullptr || world.paused) continue;
    Allowed allowed;
    v1::CheckAndConsumeRequest& request = allowed.request;
    request.set_contact_point(load::ContactPointOf(person->number));
    request.set_company(load::kCompany);
    request.set_channel(v1::CHANNEL_CALL);
    request.set_purpose(v1::PURPOSE_DIRECT_MARKETING);
    request.set_request_id(absl::StrCat(name, "-", serial));
    request.mutable_permit_ttl()->set_seconds(kDaySeconds);
    const bool held = Pick(chance, 1, 4) == 1;
    if (held) request.mutable_hold()->set_seconds(kDaySeconds);
    // Who waits for a receipt makes the next checkpoint come at once.
    request.set_want_receipt(Pick(chance, 1, 8) == 1);
    const Before before(*person);
    v1::Decision decision;
    const int tries = Ask(world, request, decision);
    if (tries == 0 || !TakeAnswer(world, *person, before, decision, tries, allowed)) continue;
    allowed.fate = held ? Fate::kHeld : Fate::kOpen;
    if (Pick(chance, 1, 8) == 1) AskAgain(world, *person, allowed);
    Use(world, *person, allowed, chance);
    absl::MutexLock lock(&person->mutex);
    person->allowed.push_back(std::move(allowed));
  }
}

}  // namespace consent::fault
