// SPDX-License-Identifier: Apache-2.0
//
// The app through which consumers grant and revoke.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consent/v1/grant_service.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "src/consent/event.h"
#include "tests/fault/clients.h"

namespace consent::fault {
namespace {

constexpr int64_t kMaxMax = 8;
constexpr size_t kKeptMax = 2'000;
constexpr int64_t kErasureEvery = 40;

// Statements that were sent together, whose they are, and the entries they were accepted at.
struct Sent {
  Person* person = nullptr;
  v1::RecordStatementsRequest request;
  std::vector<uint64_t> entries;
};

std::string ReasonOf(const google::rpc::Status& error) {
  google::rpc::ErrorInfo info;
  for (const auto& detail : error.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

// Whether a statement that was accepted may be refused by now.
bool MayRefuse(const Person& person, const std::string& reason) {
  // What was taken back meanwhile does not look as if it stood.
  if (reason == "NARROWED_SINCE") return person.revoking || person.erasing;
  return reason == "UNKNOWN_KEY" && person.erasing;
}

// Sends until all are accepted; false when one is not, which is a fault.
bool Record(World& world, Sent& sent) {
  v1::RecordStatementsResponse response;
  const bool erased = sent.person != nullptr && sent.person->erased;
  const int tries = world.UntilAnswered(
      "RecordStatements",
      [&](const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context) {
        return v1::GrantService::NewStub(channel)->RecordStatements(&context, sent.request,
                                                                    &response);
      });
  if (tries == 0) return false;
  const bool sent_before = !sent.entries.empty();
  for (int i = 0; i < response.results_size(); ++i) {
    const v1::StatementResult& result = response.results(i);
    if (!result.has_accepted()) {
      if (sent_before && MayRefuse(*sent.person, ReasonOf(result.error()))) continue;
      world.Fault(
          absl::StrCat("statement refused after ", tries, " calls: ", result.error().message()));
      return false;
    }
    const v1::StatementAccepted& accepted = result.accepted();
    if (erased) world.Fault("a statement of somebody who was erased since is accepted");
    if (!sent_before) {
      sent.entries.push_back(accepted.entry());
      if (accepted.repeated() && tries == 1) world.Fault("a new statement is said to be repeated");
    } else if (!accepted.repeated() || accepted.entry() != sent.entries[i]) {
      world.Fault(absl::StrCat("an acknowledged statement, sent again, is at entry ",
                               accepted.entry(), accepted.repeated() ? "" : ", as if new",
                               "; it was at ", sent.entries[i]));
    }
  }
  ++world.statements;
  return true;
}

void NoteAll(World& world, const Sent& sent, const std::vector<core::Kind>& kinds) {
  for (size_t i = 0; i < kinds.size(); ++i) {
    world.Note({.entry = sent.entries[i], .kind = static_cast<uint8_t>(kinds[i])});
  }
}

// Somebody who was granted something, and lives on.
Person* PickAlive(World& world, Chance& chance) {
  Person* const person = world.PickAnybody(chance);
  return person->erasing ? nullptr : person;
}

}  // namespace

void Erase(World& world, Person& person) {
  v1::EraseConsumerRequest request;
  const bool erased = person.erased;
  uint64_t erased_at = Person::kNowhere;
  {
    absl::MutexLock lock(&person.mutex);
    *request.mutable_request() = person.order;
    erased_at = person.erased_at;
  }
  v1::EraseConsumerResponse response;
  bool unknown = false;
  int tries = 0;
  const int answered = world.UntilAnswered(
      "EraseConsumer",
      [&](const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context) {
        const grpc::Status status =
            v1::GrantService::NewStub(channel)->EraseConsumer(&context, request, &response);
        // A start obeys by itself what only the guard remembers; the key is unknown from then on.
        const bool by_a_start = erased ? erased_at == Person::kNowhere : ++tries > 1;
        unknown = by_a_start && status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
        return unknown ? grpc::Status::OK : status;
      });
  if (answered == 0) return;
  if (erased) {
    if (unknown || response.entry() == erased_at) return;
    return world.Fault(absl::StrCat("an order to be erased, obeyed at entry ", erased_at,
                                    ", is answered with entry ", response.entry()));
  }
  if (!unknown) {
    world.Note({.entry = response.entry(), .kind = static_cast<uint8_t>(core::Kind::kErased)});
    absl::MutexLock lock(&person.mutex);
    person.erased_at = response.entry();
  }
  person.erased = true;
  ++world.erasures;
}

void GrantAndRevoke(World& world, const load::Population& population, size_t first, Chance chance) {
  std::vector<Sent> kept;
  for (size_t next = first; !world.over;) {
    absl::SleepFor(absl::Milliseconds(Pick(chance, 0, 8)));
    if (world.paused) continue;
    if (world.erase_now || Pick(chance, 1, kErasureEvery) == 1) {
      Person* const person = PickAlive(world, chance);
      if (person == nullptr || person->erasing.exchange(true)) continue;
      world.erase_now = false;
      {
        absl::MutexLock lock(&person->mutex);
        person->order = population.Erasure(person->number);
      }
      world.in_erasure = person;
      Erase(world, *person);
      world.in_erasure = nullptr;
      continue;
    }
    const int64_t choice = Pick(chance, 1, 10);
    Sent sent;
    if (choice <= 5 || kept.empty()) {
      const int64_t max = Pick(chance, 1, kMaxMax);
      *sent.request.add_statements() = population.Binding(next);
      *sent.request.add_statements() = population.Grant(next, {.max = max});
      if (!Record(world, sent)) return;
      NoteAll(world, sent, {core::Kind::kBound, core::Kind::kGranted});
      sent.person = &world.Add(next++, max);
    } else if (choice <= 7) {
      Person& person = *world.PickActive(chance);
      sent.person = &person;
      if (person.erasing || person.revoking.exchange(true)) continue;
      *sent.request.add_statements() = population.Revocation(person.number);
      if (!Record(world, sent)) return;
      NoteAll(world, sent, {core::Kind::kRevoked});
      person.revoked = true;
    } else {
      Record(world, kept[static_cast<size_t>(Pick(chance, 0, int64_t(kept.size()) - 1))]);
      continue;
    }
    if (kept.size() < kKeptMax) {
      kept.push_back(std::move(sent));
    } else {
      kept[static_cast<size_t>(Pick(chance, 0, int64_t(kKeptMax) - 1))] = std::move(sent);
    }
  }
}

}  // namespace consent::fault
