// SPDX-License-Identifier: Apache-2.0

#include "src/consent/evolve.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/consent/narrowing.h"
#include "src/consent/retention.h"

namespace consent::core {
namespace {

template <typename T>
void AddNew(std::vector<T>& list, const T& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

// Adds the newest of a kind that has ids of its own: in the place of the same id's, and, where
// there are `max` already, of the oldest.
template <typename Kept, typename IdOf>
void Keep(std::vector<Kept>& list, Kept added, size_t max, IdOf id_of) {
  std::erase_if(list, [&](const Kept& kept) { return id_of(kept) == id_of(added); });
  if (list.size() >= max) list.erase(list.begin());
  list.push_back(std::move(added));
}

// One block for each name, maker and set of purposes.
void AddBlock(Record& record, Block added) {
  for (Block& block : record.blocks) {
    if (block.company == added.company && block.whose == added.whose &&
        block.made_by == added.made_by && block.purposes == added.purposes) {
      block.channels = block.channels | added.channels;
      return;
    }
  }
  record.blocks.push_back(std::move(added));
}

// The last refusal of each kind.
void AddRefusal(CompanyRecord& between, const Contact& contact, Instant at) {
  const Refusal added{contact.request().channel, contact.request().purpose, at};
  for (Refusal& refusal : between.refusals) {
    if (refusal.channel == added.channel && refusal.purpose == added.purpose) {
      refusal.at = std::max(refusal.at, at);
      return;
    }
  }
  between.refusals.push_back(added);
}

KeyId MakerOf(const std::optional<SignedBytes>& statement) {
  return statement.has_value() ? statement->key : KeyId{};
}

std::optional<ChannelSet> BlockedBy(Outcome outcome) {
  ChannelSet channels;
  if (outcome == Outcome::kOpposed) {
    channels.Add(Channel::kCall);
    channels.Add(Channel::kVoicePrerecorded);
  } else if (outcome == Outcome::kStop) {
    channels.Add(Channel::kSms);
    channels.Add(Channel::kMms);
    channels.Add(Channel::kMessaging);
  } else {
    return std::nullopt;
  }
  return channels;
}

// Takes one body into the record.
class Change {
 public:
  Change(Record& record, const Event& event, Retention retention)
      : record_(record), event_(event), retention_(retention) {}

  void operator()(const Bound& bound) {
    Know(bound.subject, bound.statement);
    Given(bound.statement);
    if (!bound.subject.place.zones.empty()) record_.place.zones = bound.subject.place.zones;
    if (bound.statement.has_value()) {
      record_.bound_signed_at_ms =
          std::max(record_.bound_signed_at_ms, bound.statement->signed_at_ms);
    }
    if (!bound.key.has_value()) return;
    if (bound.replaces.has_value() && bound.replaces != bound.key) {
      Succeed(*bound.replaces, *bound.key);
    }
    AddNew(record_.keys, *bound.key);
  }

  void operator()(const Granted& granted) {
    Know(granted.subject, granted.statement);
    Given(granted.statement);
    CompanyRecord& between = record_.At(granted.grant.company);
    const bool own = granted.grant.signed_by == Signer::kConsumer;
    between.grants.push_back(
        {granted.grant, /*revoked=*/false, event_.at, own ? MakerOf(granted.statement) : KeyId{}});
    if (own) {
      between.spoken_for = between.spoken_for | granted.grant.purposes;
    }
  }

  void operator()(const Revoked& revoked) {
    Know(revoked.subject, revoked.statement);
    CompanyRecord& between = record_.At(revoked.company);
    if (revoked.grant.empty()) KeepNo(between, revoked);
    for (KeptGrant& kept : between.grants) {
      if (revoked.grant.empty() || kept.grant.id == revoked.grant) kept.revoked = true;
    }
    for (KeptCallback& kept : between.callbacks) {
      if (revoked.grant.empty() || kept.callback.id == revoked.grant) kept.revoked = true;
    }
    Narrow(between.narrowed, event_, revoked.statement);
  }

  void operator()(const Blocked& blocked) {
    Know(blocked.subject, blocked.statement);
    AddBlock(record_, {blocked.company, blocked.channels, MakerOf(blocked.statement), blocked.whose,
                       blocked.purposes});
    // Which companies a group or a processor stands for may change tomorrow.
    const bool all = blocked.company == "*" || blocked.whose != Whose::kCompany;
    Narrow(all ? record_.narrowed_all : record_.At(blocked.company).narrowed, event_,
           blocked.statement);
  }

  void operator()(const Unblocked& unblocked) {
    Know(unblocked.subject, unblocked.statement);
    Given(unblocked.statement);
    const KeyId maker = MakerOf(unblocked.statement);
    // What the consumer said on the phone (OPPOSED, STOP) only the consumer takes back; where
    // several people share the line nobody knows who of them said it.
    const bool consumer =
        !unblocked.statement.has_value() ||
        (unblocked.statement->signer == Signer::kConsumer && record_.keys.size() == 1);
    std::erase_if(record_.blocks, [&](const Block& block) {
      return block.company == unblocked.company && block.whose == unblocked.whose &&
             (block.made_by == maker || (consumer && block.made_by == KeyId{}));
    });
  }

  void operator()(const Decided& decided) {
    const Answer& answer = decided.answer;
    if (answer.verdict != Verdict::kAllowed) {
      effect_ = Effect::kCounted;
      return;
    }
    const bool known =
        record_.Find(decided.request.company) != nullptr && !decided.subject.has_value();
    CompanyRecord& between = record_.At(decided.request.company);
    if (decided.subject.has_value()) Know(*decided.subject, std::nullopt);
    const size_t before = between.contacts.size();
    if (retention_ == Retention::kFiveYears) Prune(record_, between, event_.at);
    if (known && between.contacts.size() == before) effect_ = Effect::kContact;
    Circumstances circumstances;
    circumstances.request = decided.request;
    circumstances.request.company.clear();
    circumstances.grant = answer.grant;
    circumstances.basis = answer.basis;
    circumstances.rule = answer.rule;
    circumstances.attempts_apart = decided.attempts_apart;
    Contact contact;
    contact.position = event_.position;
    contact.at = event_.at;
    contact.request_id = std::move(circumstances.request.request_id);
    circumstances.request.request_id.clear();
    for (const auto* const remaining : {&answer.remaining, &decided.hidden_remaining}) {
      for (const Remaining& limit : *remaining) {
        circumstances.limits.push_back(limit.limit);
        contact.rests.push_back(limit.count);
      }
    }
    contact.circumstances = between.contacts.Share(std::move(circumstances));
    contact.contact_before = answer.contact_before;
    contact.next_allowed = decided.true_next_allowed;
    contact.told_next_allowed = answer.next_allowed;
    between.contacts.Add(std::move(contact));
  }

  void operator()(const Confirmed& confirmed) {
    Update(confirmed.company, confirmed.permit, [&](Contact& contact) {
      if (confirmed.contact_before.has_value()) {
        contact.contact_before = confirmed.contact_before;
      } else {
        contact.state = Contact::State::kRefused;
      }
    });
  }

  void operator()(const Released& released) {
    Update(released.company, released.permit,
           [](Contact& contact) { contact.state = Contact::State::kReleased; });
  }

  void operator()(const OutcomeReported& reported) {
    const bool given_back = reported.outcome == Outcome::kNotSent;
    const bool known = Update(reported.company, reported.permit, [&](Contact& contact) {
      contact.state = given_back ? Contact::State::kReleased : Contact::State::kReported;
      contact.outcome = reported.outcome;
    });
    if (!known) return;
    if (reported.outcome == Outcome::kDeclined) {
      CompanyRecord& between = record_.At(reported.company);
      AddRefusal(between, *between.contacts.Find(reported.permit), event_.at);
    }
    if (const auto channels = BlockedBy(reported.outcome)) {
      AddBlock(record_, {reported.company, *channels, KeyId{}});
      Narrow(record_.At(reported.company).narrowed, event_, std::nullopt);
    }
  }

  void operator()(const Erased& erased) {
    record_.contact_ids = erased.fingerprints;
    record_.erased = ErasedBefore{erased.fingerprints.size(), erased.handles};
    for (const Block& block : erased.blocks) AddBlock(record_, block);
    record_.listings = erased.listings;
    record_.narrowed_all = Narrowing{event_.at, event_.position, erased.signed_at_ms};
    record_.claims_after = event_.at;
    // A binding signed in the very millisecond was signed before too.
    record_.bound_signed_at_ms = erased.signed_at_ms + 1;
    record_.given_signed_at_ms = erased.signed_at_ms;
    record_.statements.push_back({erased.request, event_.position});
  }

  void operator()(const Recovered&) {}  // Of no record.

  void operator()(const Preferred& preferred) {
    Know(preferred.subject, preferred.statement);
    const int64_t own_ms = preferred.statement.has_value()
                               ? OwnTimeMs(preferred.statement->signed_at_ms, event_.at)
                               : event_.at.unix_seconds * 1000;
    const KeyId key = MakerOf(preferred.statement);
    std::erase_if(record_.preferences,
                  [&](const KeptPreferences& kept) { return kept.given_by == key; });
    record_.preferences.push_back({preferred.preferences, own_ms, key});
  }

  void operator()(const ContractClaimed& claimed) {
    Know(claimed.subject, claimed.statement);
    Given(claimed.statement);
    Keep(record_.At(claimed.contract.company).contracts,
         KeptContract{claimed.contract, /*contested=*/false}, kContractsMax,
         [](const KeptContract& kept) { return kept.contract.id; });
  }

  void operator()(const Contested& contested) {
    Know(contested.subject, contested.statement);
    CompanyRecord& between = record_.At(contested.company);
    for (KeptContract& kept : between.contracts) {
      if (contested.contract.empty() || kept.contract.id == contested.contract) {
        kept.contested = true;
      }
    }
    between.contested_at = event_.at;
  }

  void operator()(const CallbackAsked& asked) {
    Know(asked.subject, asked.statement);
    Given(asked.statement);
    Keep(record_.At(asked.callback.company).callbacks,
         KeptCallback{asked.callback, /*revoked=*/false, event_.at}, kCallbacksMax,
         [](const KeptCallback& kept) { return kept.callback.id; });
  }

  void operator()(const Listed& listed) {
    Know(listed.subject, std::nullopt);
    std::erase_if(record_.listings, [&](const Listing& listing) {
      return listing.list == listed.listing.list && listing.company == listed.listing.company;
    });
    if (!listed.removed) record_.listings.push_back(listed.listing);
  }

  void operator()(const HolderChanged& changed) {
    if (changed.new_holder) ForgetHolder(changed);
    Know(changed.subject, changed.statement);
    Given(changed.statement);
    record_.holder = changed.holder;
  }

  Effect effect() const { return effect_; }

 private:
  // What every statement brings: whom it is about, and that it has been heard.
  void Know(const Subject& subject, const std::optional<SignedBytes>& statement) {
    AddNew(record_.contact_ids, subject.contact_id);
    if (record_.place.zones.empty()) record_.place.zones = subject.place.zones;
    for (const std::string& region : subject.place.regions) AddNew(record_.place.regions, region);
    if (statement.has_value()) record_.statements.push_back({statement->id, event_.position});
  }

  // What the old holder said and allowed ends, and nothing that was said before comes back. What
  // forbids stays: the new holder may lift it.
  void ForgetHolder(const HolderChanged& changed) {
    record_.keys.clear();
    record_.companies.clear();
    record_.preferences.clear();
    record_.place = {};
    for (Block& block : record_.blocks) block.made_by = KeyId{};
    record_.held_since = event_.position;
    record_.claims_after = event_.at;
    if (changed.statement.has_value()) {
      record_.bound_signed_at_ms =
          std::max(record_.bound_signed_at_ms, changed.statement->signed_at_ms);
    }
    Narrow(record_.narrowed_all, event_, changed.statement);
  }

  void Given(const std::optional<SignedBytes>& statement) {
    if (!statement.has_value()) return;
    record_.given_signed_at_ms = std::max(record_.given_signed_at_ms, statement->signed_at_ms);
  }

  // On a shared line somebody who granted nothing says no too: a grant of theirs for every purpose,
  // that was never anything but revoked, and that no grant of another's speaks over.
  void KeepNo(CompanyRecord& between, const Revoked& revoked) {
    const KeyId key = MakerOf(revoked.statement);
    const auto own = [&](const KeptGrant& kept) { return kept.given_by == key; };
    if (record_.keys.size() < 2 ||
        std::find(record_.keys.begin(), record_.keys.end(), key) == record_.keys.end() ||
        std::any_of(between.grants.begin(), between.grants.end(), own)) {
      return;
    }
    Grant none;
    none.company = revoked.company;
    none.purposes = PurposeSet::All();
    none.valid_from = event_.at;
    between.grants.push_back({std::move(none), /*revoked=*/true, event_.at, key});
  }

  // The new key stands where the old one stood, for what it had said too.
  void Succeed(const KeyId& old_key, const KeyId& new_key) {
    if (std::erase(record_.keys, old_key) == 0) return;
    for (Block& block : record_.blocks) {
      if (block.made_by == old_key) block.made_by = new_key;
    }
    for (KeptPreferences& kept : record_.preferences) {
      if (kept.given_by == old_key) kept.given_by = new_key;
    }
    for (CompanyRecord& between : record_.companies) {
      for (KeptGrant& kept : between.grants) {
        if (kept.given_by == old_key) kept.given_by = new_key;
      }
    }
  }

  // Changes a contact; returns whether the record has it.
  template <typename Change>
  bool Update(std::string_view company, LeafIndex permit, const Change& change) {
    return record_.Find(company) != nullptr && record_.At(company).contacts.Update(permit, change);
  }

  Record& record_;
  const Event& event_;
  const Retention retention_;
  Effect effect_ = Effect::kOther;
};

}  // namespace

void Rename(Record& record, const std::vector<Renamed>& renamed) {
  for (const auto& [from, to] : renamed) {
    std::replace(record.contact_ids.begin(), record.contact_ids.end(), from, to);
  }
}

Effect Evolve(Record& record, const Event& event, Retention retention) {
  if (event.position.value < record.seen.value) return Effect::kNone;
  Count(record, event.position, event.at);
  Rename(record, event.renamed);
  Change change(record, event, retention);
  std::visit(change, event.body);
  return event.renamed.empty() ? change.effect() : Effect::kOther;
}

void Count(Record& record, LeafIndex position, Instant at) {
  const TagSlot tag = NextTag(record, at);
  record.tag_year = tag.year;
  record.tag_count = tag.count + 1;
  record.seen = {position.value + 1};
}

TagSlot NextTag(const Record& record, Instant at) {
  const int32_t year = TagYearOf(at);
  return {year, year == record.tag_year ? record.tag_count : 0};
}

int32_t TagYearOf(Instant at) {
  return static_cast<int32_t>(absl::ToCivilYear(ToAbslTime(at), absl::UTCTimeZone()).year());
}

}  // namespace consent::core
