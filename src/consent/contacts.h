// SPDX-License-Identifier: Apache-2.0
//
// Contacts: those that one company was allowed with one consumer, in order of time.
//
// Judging asks two things of them: which one a request id took, and how many count towards a limit.
// A handful is simply looked through. Where there are many, an index answers both in a time that
// hardly grows with their number. The index follows from the contacts; it is not encoded.
//
// A contact is encoded in some thirty bytes: numbers by their difference to those of the contact
// before, and circumstances that were given among the last eight by how many back they stand.

#ifndef CONSENT_CONSENT_CONTACTS_H_
#define CONSENT_CONSENT_CONTACTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/contact.h"

namespace consent {

class Reader;
class Writer;

namespace core {

// By which request ids are looked up; other in each process.
uint32_t HashOfRequest(std::string_view request_id);

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

  // Loads ahead what a decision reads of them: step 0 what lies here, 1 what that leads to.
  void Prefetch(int step) const;

  // The same circumstances, shared with one of the last contacts where that has them too.
  std::shared_ptr<const Circumstances> Share(Circumstances circumstances) const;
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

  // The last one alone, but for its position and moment, for a reader who has all before it.
  void WriteLast(Writer& writer) const;
  // What WriteLast wrote. The reader fails where it would have written something else.
  void ReadNext(LeafIndex position, Instant at, Reader& reader);

  friend bool operator==(const Contacts& a, const Contacts& b) { return a.list_ == b.list_; }
  template <class A>
  void Fields(A& a) {
    if constexpr (A::kReading) {
      Read(a);
    } else {
      Write(a);
    }
  }

 private:
  struct Indexed {
    // The last contact of those whose ids have this hash, by its place in the list.
    absl::flat_hash_map<uint32_t, uint32_t> by_request;
    Tally tally;
  };

  void Read(Reader& reader);
  void Write(Writer& writer) const;
  // The nearest of the last eight of the first `size` that has such circumstances: how many back it
  // stands, from 1; 0: none.
  size_t SharedBack(const Circumstances& circumstances, size_t size) const;
  // Makes the index anew, if there are enough for one.
  void Index();
  // Takes the contact at this place of the list into the index.
  void Enter(size_t place);
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

}  // namespace core
}  // namespace consent

#endif  // CONSENT_CONSENT_CONTACTS_H_
