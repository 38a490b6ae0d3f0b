// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/ground.h"

#include <cstdlib>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/journal/journal.h"
#include "src/ledger/ledger.h"
#include "src/merkle/leaf_hash.h"

namespace consent::simulation {
namespace {

using core::Reason;
using core::Verdict;

int NameOf(LeafIndex position) { return static_cast<int>(position.value); }

// The statement of an event, in the model's words; none: no statement, or nothing to the model.
std::optional<model::Act> ToStatement(const core::EventBody& body) {
  if (const auto* const granted = std::get_if<core::Granted>(&body)) return granted->grant;
  if (const auto* const revoked = std::get_if<core::Revoked>(&body)) {
    return model::Revoke{revoked->company, revoked->grant};
  }
  if (const auto* const blocked = std::get_if<core::Blocked>(&body)) {
    return model::Block{blocked->company, blocked->channels, blocked->whose, blocked->purposes};
  }
  if (const auto* const unblocked = std::get_if<core::Unblocked>(&body)) {
    return model::Unblock{unblocked->company, unblocked->whose};
  }
  if (const auto* const preferred = std::get_if<core::Preferred>(&body)) {
    return preferred->preferences;
  }
  if (const auto* const claimed = std::get_if<core::ContractClaimed>(&body)) {
    return claimed->contract;
  }
  if (const auto* const contested = std::get_if<core::Contested>(&body)) {
    return model::Contest{contested->company, contested->contract};
  }
  if (const auto* const asked = std::get_if<core::CallbackAsked>(&body)) return asked->callback;
  if (const auto* const changed = std::get_if<core::HolderChanged>(&body)) {
    return model::Holder{changed->new_holder, changed->holder};
  }
  return std::nullopt;
}

const core::Subject* SubjectOf(const core::EventBody& body) {
  return std::visit(
      [](const auto& concrete) -> const core::Subject* {
        if constexpr (std::is_convertible_v<decltype(&concrete), const core::Decided*>) {
          return concrete.subject.has_value() ? &*concrete.subject : nullptr;
        } else if constexpr (requires { concrete.subject; }) {
          return &concrete.subject;
        } else {
          return nullptr;
        }
      },
      body);
}

}  // namespace

void Ground::Follow(store::Store& store) {
  if (store_ == nullptr) began_ms_ = time_.now_ms;
  store_ = &store;
  opener_ = std::make_unique<journal::Opener>(store, ledger::kConsumerShard);
  for (auto& [shard, log] : logs_) {
    const auto head = store.ReadHead(shard);
    const auto state = head.ok() ? journal::ParseHead(*head) : head.status();
    if (!state.ok() || head->size.value != size(shard) || state->tree.Root() != log.roots.back()) {
      trace_.Fault(absl::StrCat("journal ", shard.value, " did not survive as it was"));
    }
  }
}

void Ground::Committed(ShardId shard) {
  Log& log = logs_[shard];
  const LeafIndex from{size(shard)};
  const absl::Status seen = journal::ForEachLeaf(
      *store_, shard, from, store_->ReadHead(shard)->size, [&](const journal::Leaf& leaf) {
        log.tree.Append(merkle::LeafHash(leaf.bytes));
        log.roots.push_back(log.tree.Root());
        if (shard != ledger::kConsumerShard) return absl::OkStatus();
        const auto opened = opener_->OpenUnlessErased(leaf);
        if (!opened.ok()) return opened.status();
        if (opened->has_value()) {
          See(**opened);
        } else {
          hidden_[leaf.position.value] = true;
        }
        return absl::OkStatus();
      });
  if (!seen.ok()) trace_.Fault(absl::StrCat("journal ", shard.value, ": ", seen.ToString()));
}

void Ground::See(const journal::OpenedEvent& opened) {
  const core::Event& event = opened.event;
  if (event.at < last_at_) {
    trace_.Fault(absl::StrCat("entry ", event.position.value, ": the journal's time goes back"));
  }
  last_at_ = event.at;
  if (opened.entry.directory_size.value > size(kDirectoryShard)) {
    trace_.Fault(
        absl::StrCat("entry ", event.position.value, " stands on a directory that is not durable"));
  }
  const int64_t wrong_ms = std::abs(event.at.unix_seconds * 1000 - time_.now_ms);
  const int64_t slewed_ms = (time_.now_ms - began_ms_) / 1000;
  if (wrong_max_ms_.has_value() && wrong_ms > *wrong_max_ms_ + slewed_ms) {
    trace_.Fault(absl::StrCat("entry ", event.position.value, ": its time is ", wrong_ms,
                              " ms away from the time"));
  }
  const auto* const decided = std::get_if<core::Decided>(&event.body);
  if (decided != nullptr && decided->answer.verdict == Verdict::kAllowed) {
    const core::Request& request = decided->request;
    allowed_[event.position.value] = request;
    const auto [known, added] = entry_of_.emplace(
        std::tuple(opened.consumer.value_or(ConsumerId{}), request.company, request.request_id),
        event.position.value);
    if (!added) {
      trace_.Fault(absl::StrCat("request ", request.request_id, " of ", request.company,
                                " took a unit at entry ", known->second, " and at ",
                                event.position.value));
    }
  }
  if (!opened.consumer.has_value()) {
    Expect(decided != nullptr && decided->answer.verdict == Verdict::kDenied, event,
           "of somebody unknown");
    return;
  }
  if (const auto* const changed = std::get_if<core::HolderChanged>(&event.body);
      changed != nullptr && changed->new_holder) {
    // Nothing of the old holder's is remembered, also no request.
    std::erase_if(entry_of_,
                  [&](const auto& entry) { return std::get<0>(entry.first) == *opened.consumer; });
  }
  const auto [past, is_new] = pasts_.try_emplace(*opened.consumer);
  if (is_new) {
    // Who takes the place of an erased consumer brings blocks along that the model cannot know.
    const core::Subject* const subject = SubjectOf(event.body);
    if (subject != nullptr && !std::holds_alternative<core::Erased>(event.body)) {
      model::World world = world_;
      world.zones = subject->place.zones;
      past->second.model = std::make_unique<model::Model>(std::move(world), /*look_ahead=*/false);
    }
  }
  if (past->second.model != nullptr) Play(past->second, event);
}

void Ground::Expect(bool as_the_model_says, const core::Event& event, const std::string& what) {
  if (as_the_model_says) return;
  trace_.Fault(
      absl::StrCat("entry ", event.position.value, " (", what, ") is not what the model says"));
}

void Ground::Play(Past& past, const core::Event& event) {
  const int name = NameOf(event.position);
  if (const auto* const decided = std::get_if<core::Decided>(&event.body)) {
    PlayDecided(past, event, *decided);
  } else if (const auto* const confirmed = std::get_if<core::Confirmed>(&event.body)) {
    PlayConfirmed(past, event, *confirmed);
  } else if (const auto* const released = std::get_if<core::Released>(&event.body)) {
    const auto answer =
        past.model->Play({event.at, name, model::Release{NameOf(released->permit)}});
    Expect(answer.verdict == Verdict::kDone, event, "a release");
  } else if (const auto* const reported = std::get_if<core::OutcomeReported>(&event.body)) {
    const auto answer = past.model->Play(
        {event.at, name, model::Report{NameOf(reported->permit), reported->outcome}});
    Expect(answer.verdict == Verdict::kDone, event, "an outcome");
  } else if (auto statement = ToStatement(event.body); statement.has_value()) {
    const auto answer = past.model->Play({event.at, name, *std::move(statement)});
    Expect(answer.reason == Reason::kOk, event, "a statement");
  }
}

void Ground::PlayDecided(Past& past, const core::Event& event, const core::Decided& decided) {
  const auto answer =
      past.model->Play({event.at, NameOf(event.position), model::Consume{decided.request}});
  const bool same = answer.verdict == decided.answer.verdict &&
                    answer.reason == decided.true_reason && answer.limit == decided.true_limit &&
                    answer.rule == decided.true_rule && answer.basis == decided.answer.basis;
  reasons_.insert(answer.reason);
  if (answer.verdict == Verdict::kAllowed) bases_.insert(answer.basis);
  Expect(same, event,
         absl::StrCat("request ", decided.request.request_id, ", verdict ",
                      static_cast<int>(decided.answer.verdict), ", reason ",
                      static_cast<int>(decided.true_reason), ", the model's ",
                      static_cast<int>(answer.verdict), " and ", static_cast<int>(answer.reason)));
  if (!same || answer.verdict != Verdict::kAllowed) return;
  Expect(answer.contact_before == decided.answer.contact_before, event, "how long it may be used");
  // What the company was told, and what not.
  std::vector<core::Remaining> remaining = decided.answer.remaining;
  remaining.insert(remaining.end(), decided.hidden_remaining.begin(),
                   decided.hidden_remaining.end());
  Expect(answer.remaining == remaining, event, "what remains");
}

void Ground::PlayConfirmed(Past& past, const core::Event& event, const core::Confirmed& confirmed) {
  const auto answer = past.model->Play(
      {event.at, NameOf(event.position), model::Confirm{NameOf(confirmed.permit)}});
  if (confirmed.contact_before.has_value()) {
    Expect(answer.verdict == Verdict::kDone && answer.contact_before == confirmed.contact_before,
           event, "a confirmation");
  } else {
    Expect(answer.gave_back && answer.reason == confirmed.true_reason, event,
           "a refused confirmation");
  }
}

bool Ground::IsAllowedAt(LeafIndex entry, const core::Request& request) const {
  if (hidden_.contains(entry.value)) return true;
  const auto found = allowed_.find(entry.value);
  return found != allowed_.end() && found->second == request;
}

void Ground::CheckCheckpoint(ShardId shard, const tlog::Checkpoint& checkpoint) {
  const uint64_t size_shown = checkpoint.size.value;
  if (size_shown > size(shard)) {
    trace_.Fault(absl::StrCat("a checkpoint of journal ", shard.value, " covers ", size_shown,
                              " entries, of which ", size(shard), " are durable"));
  } else if (checkpoint.root != logs_[shard].roots[size_shown]) {
    trace_.Fault(absl::StrCat("a checkpoint of journal ", shard.value, " of size ", size_shown,
                              " has a root that the journal never had"));
  }
}

}  // namespace consent::simulation
