// SPDX-License-Identifier: Apache-2.0

#include "src/api/dossier_stream.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "src/api/decode.h"
#include "src/api/encode.h"
#include "src/api/error.h"
#include "src/api/receipts.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/contact/caller_number.h"
#include "src/journal/event_parts.h"
#include "src/journal/opening.h"
#include "src/journal/reader.h"

namespace consent::api {
namespace {

absl::StatusOr<DossierQuestion> DecodeQuestion(const Context& context,
                                               const v1::GetDossierRequest& request) {
  DossierQuestion question;
  ASSIGN_OR_RETURN(const contact::ContactPoint point, ParseContactPoint(request.contact_point()));
  question.contact_point = point.uri();
  question.contact = context.peppers.NameOf(point);
  if (!request.company().empty() && !directory::IsPartyId(request.company())) {
    return InvalidField("company", "expected a company's id, or none");
  }
  question.company = request.company();
  if (!request.caller_number().empty()) {
    absl::StatusOr<std::string> number = contact::ParseSender(request.caller_number());
    if (!number.ok()) return InvalidField("caller_number", std::string(number.status().message()));
    question.caller_number = *std::move(number);
  }
  if (request.has_from()) question.from = Instant{request.from().seconds()};
  if (request.has_until()) question.until = Instant{request.until().seconds()};
  return question;
}

// The signed statement behind an event; null where there is none.
const core::SignedBytes* StatementOf(const core::EventBody& body) {
  return std::visit(
      [](const auto& concrete) -> const core::SignedBytes* {
        if constexpr (requires { concrete.statement->key; }) {
          return concrete.statement.has_value() ? &*concrete.statement : nullptr;
        }
        return nullptr;
      },
      body);
}

// The company that a block or its lifting names; "" for other events, and for a group or a
// processor, which may stand for any.
std::string_view BlockedCompany(const core::EventBody& body) {
  const auto company = [](const auto& concrete) {
    return concrete.whose == core::Whose::kCompany ? std::string_view(concrete.company)
                                                   : std::string_view();
  };
  if (const auto* blocked = std::get_if<core::Blocked>(&body)) return company(*blocked);
  if (const auto* unblocked = std::get_if<core::Unblocked>(&body)) return company(*unblocked);
  return {};
}

}  // namespace

DossierStream::DossierStream(CallTrack track, Pass pass, const Context& context, Readers& readers,
                             const v1::GetDossierRequest& request)
    : AnswerStream(std::move(track), std::move(pass), request),
      context_(context),
      readers_(readers) {
  absl::StatusOr<DossierQuestion> question = DecodeQuestion(context, request);
  if (!question.ok()) {
    Fail(question.status());
    return;
  }
  question_ = *std::move(question);
  ledger::Shard& shard = context_.ledger.ShardOf(question_.contact);
  shard_ = shard.id();
  shard.Audit(lane(), question_.contact, [this](absl::StatusOr<ledger::ConsumerView> view) {
    if (view.ok()) {
      handle_ = view->record.handle;
    } else if (!absl::IsNotFound(view.status())) {
      return Fail(view.status());
    }
    WaitForCheckpoint();
  });
}

void DossierStream::Fail(const absl::Status& status) { Finish(status); }

void DossierStream::Then(void (DossierStream::*step)()) {
  if (!readers_.Run([this, step] { (this->*step)(); })) Fail(TooManyReads());
}

// What was asked before this call must be in the dossier, so it is covered first.
void DossierStream::WaitForCheckpoint() {
  const auto journal = context_.ledger.JournalOf(shard_);
  if (!journal.ok()) return Fail(journal.status());
  if (journal->size.value == 0) {
    checkpoint_ = context_.ledger.publisher().Latest(shard_);
    return Then(&DossierStream::CollectAll);
  }
  context_.ledger.publisher().WhenCovered(shard_, {journal->size.value - 1},
                                          [this](absl::StatusOr<Checkpoints> covered) {
                                            if (!covered.ok()) return Fail(covered.status());
                                            checkpoint_ = *std::move(covered);
                                            Then(&DossierStream::CollectAll);
                                          });
}

void DossierStream::CollectAll() {
  directory_checkpoint_ = context_.ledger.publisher().Latest(kDirectoryShard);
  if (const absl::Status status = Collect(); !status.ok()) return Fail(status);
  if (const absl::Status status = CollectDirectory(); !status.ok()) return Fail(status);
  WriteNext();
}

absl::Status DossierStream::Collect() {
  journal::Discloser discloser(context_.ledger.store(), shard_);
  return journal::ForEachLeaf(
      context_.ledger.store(), shard_, LeafIndex{0}, checkpoint_->checkpoint.size,
      [&](const journal::Leaf& leaf) -> absl::Status {
        ASSIGN_OR_RETURN(const Handle handle, journal::HandleOf(leaf.opening));
        if (handle == Handle{}) return absl::OkStatus();
        const bool theirs = handle_.has_value() && handle == *handle_;
        if (!theirs) {
          // While nobody knew the contact point, its denials were sealed under a secret of the day.
          ASSIGN_OR_RETURN(const journal::Entry entry, journal::ParseEntry(leaf.bytes));
          if (entry.reason != core::Reason::kNoPermission) return absl::OkStatus();
        }
        ASSIGN_OR_RETURN(const std::optional<journal::OpenedLeaf> opened, discloser.Open(leaf));
        if (!opened.has_value()) return absl::OkStatus();
        if (!theirs &&
            (opened->consumer.has_value() || opened->parts.contact != question_.contact_point)) {
          return absl::OkStatus();
        }
        ASSIGN_OR_RETURN(const core::Event event, journal::ToEvent(opened->entry, opened->parts));
        if (Concerns(*opened, event)) places_.push_back({shard_, leaf.position});
        return absl::OkStatus();
      });
}

bool DossierStream::Concerns(const journal::OpenedLeaf& opened, const core::Event& event) {
  const Instant at = opened.entry.at;
  if (question_.until.has_value() && at >= *question_.until) return false;
  const std::string_view company = journal::CompanyOf(event.body);
  const std::string_view blocked = BlockedCompany(event.body);
  const std::string_view named = company.empty() ? blocked : company;
  const bool for_all = named.empty() || named == "*";
  if (!question_.company.empty() && !for_all && named != question_.company) return false;

  if (const core::SignedBytes* const statement = StatementOf(event.body); statement != nullptr) {
    // Whenever it was given: the decisions rest on it.
    keys_.insert(statement->key);
    if (!for_all) parties_.insert(std::string(named));
    return true;
  }
  if (const auto* decided = std::get_if<core::Decided>(&event.body)) {
    if (question_.from.has_value() && at < *question_.from) return false;
    if (!question_.caller_number.empty() &&
        decided->request.caller_number != question_.caller_number) {
      return false;
    }
    permits_.insert(event.position.value);
    parties_.insert(decided->request.company);
    return true;
  }
  return std::visit(
      [this](const auto& concrete) {
        if constexpr (requires { concrete.permit; }) {
          return permits_.contains(concrete.permit.value);
        }
        return true;
      },
      event.body);
}

// The entries of those who are named, and of those who hold a key that signed.
absl::Status DossierStream::CollectDirectory() {
  std::vector<std::pair<LeafIndex, std::string>> entries;
  RETURN_IF_ERROR(journal::ForEachLeaf(
      context_.ledger.store(), kDirectoryShard, LeafIndex{0},
      directory_checkpoint_->checkpoint.size, [&](const journal::Leaf& leaf) -> absl::Status {
        ASSIGN_OR_RETURN(const journal::Entry entry, journal::ParseEntry(leaf.bytes));
        ASSIGN_OR_RETURN(const journal::Parts parts, journal::OpenPlain(entry, leaf.opening));
        const auto event = directory::ToDirectoryEvent(entry, parts);
        if (!event.ok()) return absl::OkStatus();  // Not about a party.
        std::string party = std::visit(
            [](const auto& concrete) {
              if constexpr (requires { concrete.party; }) return concrete.party;
              if constexpr (requires { concrete.legal_name; }) return concrete.id;
              if constexpr (requires { concrete.company; }) return concrete.company;
              return std::string();
            },
            *event);
        if (const auto* added = std::get_if<directory::KeyAdded>(&*event);
            added != nullptr && keys_.contains(added->key)) {
          parties_.insert(party);
        }
        entries.emplace_back(leaf.position, std::move(party));
        return absl::OkStatus();
      }));
  for (const auto& [position, party] : entries) {
    if (parties_.contains(party)) places_.push_back({kDirectoryShard, position});
  }
  return absl::OkStatus();
}

void DossierStream::OnWriteDone(bool ok) {
  if (!ok) return Finish(absl::CancelledError("the caller is gone"));
  if (ended_) return Finish(absl::OkStatus());
  Then(&DossierStream::WriteNext);
}

void DossierStream::WriteNext() {
  message_.Clear();
  if (written_ == places_.size()) {
    v1::DossierEnd* const end = message_.mutable_end();
    end->set_known(handle_.has_value());
    end->set_journal_size(checkpoint_->checkpoint.size.value);
    Encode(Instant{context_.clock.WallMillis() / 1000}, end->mutable_at());
    ended_ = true;
    return Answer(&message_);
  }
  const Place& place = places_[written_++];
  const Checkpoints& checkpoint =
      place.shard == kDirectoryShard ? directory_checkpoint_ : checkpoint_;
  absl::StatusOr<std::string> receipt = MakeReceipt(
      context_, {.shard = place.shard, .entry = place.entry, .opened = Opened::kAll}, *checkpoint);
  if (!receipt.ok()) return Fail(receipt.status());
  v1::DossierEntry* const entry = message_.mutable_entry();
  entry->set_journal_origin(context_.ledger.JournalOrigin(place.shard));
  entry->set_entry(place.entry.value);
  entry->set_receipt(*std::move(receipt));
  Answer(&message_);
}

}  // namespace consent::api
