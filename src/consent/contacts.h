// SPDX-License-Identifier: Apache-2.0
//
// Contacts: those that one company was allowed with one consumer, in order of time.
//
// Judging asks two things of them: which one a request id took, and how many count towards a limit.
// A handful is simply looked through. Where there are many, an index answers both in a time that
// hardly grows with their number. The index follows from the contacts; it is not encoded.

#ifndef CONSENT_CONSENT_CONTACTS_H_
#define CONSENT_CONSENT_CONTACTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/decision.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// One allowed contact, from the moment its unit is taken until it is pruned.
struct Contact {
  enum class State : uint8_t {
    kOpen = 0,      // Held, usable, or past its time with no outcome.
    kReleased = 1,  // Given back by release or NOT_SENT.
    kRefused = 2,   // Given back by a refused confirmation.
    kReported = 3,  // An outcome stands.
  };
  static constexpr int kStateMax = 3;

  LeafIndex position;  // Of the entry that allowed it; names the contact within the record.
  Instant at;
  Request request;  // `company` is empty here: the CompanyRecord names it.
  std::string grant;
  Basis basis = Basis::kUnspecified;
  std::string rule;  // The law's rule behind a basis other than consent.
  // Whether a limit that names the channel, in the grant that allowed it, had max_attempts.
  bool attempts_apart = false;
  State state = State::kOpen;
  Outcome outcome = Outcome::kUnspecified;
  // When the right to contact ends; none while held.
  std::optional<Instant> contact_before;
  // The first answer, kept so that a repeat can give it again.
  std::vector<Remaining> remaining;
  std::optional<Instant> next_allowed;
  std::optional<Instant> told_next_allowed;  // What the company was told of it.

  // Held: the unit is taken, the right to contact waits for a confirmation.
  bool held() const { return state == State::kOpen && !contact_before.has_value(); }
  // When a held contact lapses by itself.
  Instant lapses_at() const { return at + request.hold; }
  // Whether the contact takes room in limits at `now`: allowed and not given back.
  bool CountsAt(Instant now) const {
    if (state == State::kReleased || state == State::kRefused) return false;
    return !held() || now < lapses_at();
  }
  // An attempt that reached nobody.
  bool reached_nobody() const {
    return outcome == Outcome::kNoAnswer || outcome == Outcome::kBusy ||
           outcome == Outcome::kFailed;
  }

  friend bool operator==(const Contact&, const Contact&) = default;
  template <class A>
  void Fields(A& a) {
    a(position), a(at), a(request), a(grant), EnumField(a, basis, kBasisMax), a(rule),
        a(attempts_apart), EnumField(a, state, kStateMax), EnumField(a, outcome, kOutcomeMax),
        a(contact_before), a(remaining), a(next_allowed), a(told_next_allowed);
  }
};

// What limits go by when they count contacts.
struct ContactKind {
  Channel channel = Channel::kUnspecified;
  Purpose purpose = Purpose::kUnspecified;
  Basis basis = Basis::kUnspecified;
  bool attempts_apart = false;
  bool reached_nobody = false;

  friend bool operator==(const ContactKind&, const ContactKind&) = default;
};
ContactKind KindOf(const Contact& contact);

class Contacts {
 public:
  // The moments of contacts of one kind that count for good, in order.
  struct Row {
    ContactKind kind;
    std::vector<Instant> moments;
  };
  // All contacts that may count, by what limits ask of them.
  struct Tally {
    std::vector<Row> rows;
    std::vector<LeafIndex> held;  // Those that count until they lapse, in no order.
  };
  // From so many on they are indexed.
  static constexpr size_t kIndexedMin = 8;

  Contacts() = default;
  Contacts(const Contacts& other) : list_(other.list_) { Index(); }
  Contacts(Contacts&&) = default;
  Contacts& operator=(Contacts other) {
    list_ = std::move(other.list_);
    index_ = std::move(other.index_);
    return *this;
  }

  size_t size() const { return list_.size(); }
  bool empty() const { return list_.empty(); }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  auto rbegin() const { return list_.rbegin(); }
  auto rend() const { return list_.rend(); }
  const Contact& back() const { return list_.back(); }
  const Contact& operator[](size_t i) const { return list_[i]; }

  // Null where they are too few to be indexed.
  const Tally* tally() const { return index_ != nullptr ? &index_->tally : nullptr; }

  // The contact allowed by the entry at `position`; null when there is none.
  const Contact* Find(LeafIndex position) const;
  // The contact that this request id took; null when there is none.
  const Contact* FindRequest(std::string_view request_id) const;

  // Adds one that is no earlier than all others.
  void Add(Contact contact);
  // Lets `change` change the contact at `position`, but not its position, moment and request;
  // returns whether there is one.
  template <typename Change>
  bool Update(LeafIndex position, const Change& change);
  // Removes those of the first ones up to `end` that `gone` says.
  template <typename Gone>
  void RemoveUpTo(std::vector<Contact>::const_iterator end, const Gone& gone);
  void clear() { *this = {}; }

  friend bool operator==(const Contacts& a, const Contacts& b) { return a.list_ == b.list_; }
  template <class A>
  void Fields(A& a) {
    a(list_);
    if constexpr (A::kReading) Index();
  }

 private:
  struct Indexed {
    absl::flat_hash_map<std::string, LeafIndex> by_request;
    Tally tally;
  };

  // Makes the index anew, if there are enough for one.
  void Index();
  static void Enter(const Contact& contact, Tally& tally);
  static void Leave(const Contact& contact, Tally& tally);

  std::vector<Contact> list_;
  std::unique_ptr<Indexed> index_;  // Null: they are few.
};

template <typename Change>
bool Contacts::Update(LeafIndex position, const Change& change) {
  const Contact* const found = Find(position);
  if (found == nullptr) return false;
  Contact& contact = list_[found - list_.data()];
  if (index_ != nullptr) Leave(contact, index_->tally);
  change(contact);
  if (index_ != nullptr) Enter(contact, index_->tally);
  return true;
}

template <typename Gone>
void Contacts::RemoveUpTo(std::vector<Contact>::const_iterator end, const Gone& gone) {
  const auto last = list_.begin() + (end - list_.cbegin());
  const auto kept = std::remove_if(list_.begin(), last, gone);
  if (kept == last) return;
  list_.erase(kept, last);
  Index();
}

}  // namespace consent::core

#endif  // CONSENT_CONSENT_CONTACTS_H_
