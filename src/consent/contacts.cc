// SPDX-License-Identifier: Apache-2.0

#include "src/consent/contacts.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "src/base/codec.h"
#include "src/base/prefetch.h"

namespace consent::core {
namespace {

// A contact that counts now and will always have counted at its moment.
bool CountsForGood(const Contact& contact) {
  return contact.state == Contact::State::kReported ||
         (contact.state == Contact::State::kOpen && !contact.held());
}

std::vector<Instant>& MomentsOf(const ContactKind& kind, Contacts::Tally& tally) {
  for (Contacts::Row& row : tally.rows) {
    if (row.kind == kind) return row.moments;
  }
  return tally.rows.emplace_back(Contacts::Row{kind, {}}).moments;
}

// How many circumstances that were given in full are remembered.
constexpr size_t kGivenMax = 8;

// Any difference has one number, also where it goes round.
void WriteAfter(Instant before, Instant moment, Writer& writer) {
  const auto seconds = static_cast<int64_t>(static_cast<uint64_t>(moment.unix_seconds) -
                                            static_cast<uint64_t>(before.unix_seconds));
  writer(seconds);
}

Instant ReadAfter(Instant before, Reader& reader) {
  int64_t seconds = 0;
  reader(seconds);
  return {static_cast<int64_t>(static_cast<uint64_t>(before.unix_seconds) +
                               static_cast<uint64_t>(seconds))};
}

// All of a contact but its position and moment.
void WriteRest(const Contact& contact, size_t back, Writer& writer) {
  writer(contact.request_id);
  writer.Varint(back);
  if (back == 0) writer(*contact.circumstances);
  writer(contact.state), writer(contact.outcome);
  for (const int64_t rest : contact.rests) writer(rest);
  for (const auto& moment :
       {contact.contact_before, contact.next_allowed, contact.told_next_allowed}) {
    writer.Varint(moment.has_value() ? 1 : 0);
    if (moment.has_value()) WriteAfter(contact.at, *moment, writer);
  }
}

// `circumstances_of` reads them: what `back` stands for.
template <typename CircumstancesOf>
void ReadRest(Contact& contact, const CircumstancesOf& circumstances_of, Reader& reader) {
  reader(contact.request_id);
  contact.circumstances = circumstances_of(reader);
  EnumField(reader, contact.state, Contact::kStateMax);
  EnumField(reader, contact.outcome, kOutcomeMax);
  contact.rests.resize(contact.circumstances->limits.size());
  for (int64_t& rest : contact.rests) reader(rest);
  for (auto* const moment :
       {&contact.contact_before, &contact.next_allowed, &contact.told_next_allowed}) {
    bool has = false;
    reader(has);
    if (has) *moment = ReadAfter(contact.at, reader);
  }
}

// How many back of the last ones of `size` such circumstances stand, from 1; 0: not among them.
template <class At>
size_t FindBack(const Circumstances& circumstances, size_t size, const At& at) {
  for (size_t back = 1; back <= std::min(size, kGivenMax); ++back) {
    const Circumstances& other = *at(size - back);
    if (&other == &circumstances || other == circumstances) return back;
  }
  return 0;
}

std::shared_ptr<const Circumstances> ReadCircumstances(
    std::vector<std::shared_ptr<const Circumstances>>& given, Reader& reader) {
  const uint64_t back = reader.Varint();
  if (back > 0 && back <= std::min(given.size(), kGivenMax)) return given[given.size() - back];
  auto circumstances = std::make_shared<Circumstances>();
  if (back == 0) reader(*circumstances);
  // One list has one text: what is remembered is not given again.
  const auto at = [&](size_t i) { return given[i].get(); };
  if (back > 0 || FindBack(*circumstances, given.size(), at) > 0) reader.Fail();
  given.push_back(circumstances);
  return circumstances;
}

}  // namespace

uint32_t HashOfRequest(std::string_view request_id) {
  return static_cast<uint32_t>(
      absl::Hash<absl::string_view>()({request_id.data(), request_id.size()}));
}

const Contact* Contacts::Find(LeafIndex position) const {
  const auto it = std::lower_bound(list_.begin(), list_.end(), position,
                                   [](const Contact& a, LeafIndex b) { return a.position < b; });
  return it != list_.end() && it->position == position ? &*it : nullptr;
}

const Contact* Contacts::FindRequest(std::string_view request_id) const {
  if (index_ != nullptr) {
    const auto found = index_->by_request.find(HashOfRequest(request_id));
    if (found == index_->by_request.end()) return nullptr;
    const Contact& contact = list_[found->second];
    if (contact.request_id == request_id) return &contact;
    // Another id with the same hash: which others have it, nobody knows.
  }
  const auto it = std::find_if(list_.rbegin(), list_.rend(), [&](const Contact& contact) {
    return contact.request_id == request_id;
  });
  return it != list_.rend() ? &*it : nullptr;
}

void Contacts::Prefetch(int step) const {
  if (list_.empty()) return;
  if (step == 0) {
    PrefetchFirst(list_, 1);
    PrefetchLast(list_, 1);
    if (index_ != nullptr) consent::Prefetch(index_.get(), sizeof(Indexed));
  } else {
    consent::Prefetch(list_.back().circumstances.get(), sizeof(Circumstances));
    if (index_ != nullptr) PrefetchFirst(index_->tally.rows, 1);
  }
}

std::shared_ptr<const Circumstances> Contacts::Share(Circumstances circumstances) const {
  const size_t back = SharedBack(circumstances, list_.size());
  if (back > 0) return list_[list_.size() - back].circumstances;
  return std::make_shared<const Circumstances>(std::move(circumstances));
}

void Contacts::Add(Contact contact) {
  list_.push_back(std::move(contact));
  if (index_ == nullptr) return Index();
  Enter(list_.size() - 1);
}

void Contacts::Index() {
  index_.reset();
  if (list_.size() < kIndexedMin) return;
  index_ = std::make_unique<Indexed>();
  for (size_t i = 0; i < list_.size(); ++i) Enter(i);
}

void Contacts::Enter(size_t place) {
  index_->by_request[HashOfRequest(list_[place].request_id)] = static_cast<uint32_t>(place);
  Enter(list_[place], index_->tally);
}

void Contacts::Write(Writer& writer) const {
  writer.Varint(list_.size());
  std::vector<const Circumstances*> given;
  Contact last;
  for (const Contact& contact : list_) {
    writer.Varint(contact.position.value - last.position.value);
    WriteAfter(last.at, contact.at, writer);
    const size_t back =
        FindBack(*contact.circumstances, given.size(), [&](size_t i) { return given[i]; });
    if (back == 0) given.push_back(contact.circumstances.get());
    WriteRest(contact, back, writer);
    last.position = contact.position;
    last.at = contact.at;
  }
}

void Contacts::Read(Reader& reader) {
  list_.clear();
  const uint64_t size = reader.Varint();
  if (size > reader.remaining()) reader.Fail();
  std::vector<std::shared_ptr<const Circumstances>> given;
  Contact last;
  for (uint64_t i = 0; i < size && reader.ok(); ++i) {
    Contact& contact = list_.emplace_back();
    contact.position.value = last.position.value + reader.Varint();
    contact.at = ReadAfter(last.at, reader);
    ReadRest(
        contact, [&](Reader& from) { return ReadCircumstances(given, from); }, reader);
    last.position = contact.position;
    last.at = contact.at;
  }
  Index();
}

size_t Contacts::SharedBack(const Circumstances& circumstances, size_t size) const {
  return FindBack(circumstances, size, [&](size_t i) { return list_[i].circumstances.get(); });
}

void Contacts::WriteLast(Writer& writer) const {
  WriteRest(list_.back(), SharedBack(*list_.back().circumstances, list_.size() - 1), writer);
}

void Contacts::ReadNext(LeafIndex position, Instant at, Reader& reader) {
  Contact contact;
  contact.position = position;
  contact.at = at;
  size_t back = 0;
  const auto circumstances_of = [&](Reader& from) -> std::shared_ptr<const Circumstances> {
    back = from.Varint();
    if (back > 0 && back <= std::min(list_.size(), kGivenMax)) {
      return list_[list_.size() - back].circumstances;
    }
    auto given = std::make_shared<Circumstances>();
    if (back == 0) from(*given);
    return given;
  };
  ReadRest(contact, circumstances_of, reader);
  // One contact has one text.
  if (back != SharedBack(*contact.circumstances, list_.size())) reader.Fail();
  Add(std::move(contact));
}

void Contacts::Enter(const Contact& contact, Tally& tally) {
  if (contact.held()) {
    tally.held.push_back(contact.position);
  } else if (CountsForGood(contact)) {
    std::vector<Instant>& moments = MomentsOf(KindOf(contact), tally);
    moments.insert(std::upper_bound(moments.begin(), moments.end(), contact.at), contact.at);
  }
}

void Contacts::Leave(const Contact& contact, Tally& tally) {
  if (contact.held()) {
    std::erase(tally.held, contact.position);
  } else if (CountsForGood(contact)) {
    std::vector<Instant>& moments = MomentsOf(KindOf(contact), tally);
    moments.erase(std::lower_bound(moments.begin(), moments.end(), contact.at));
  }
}

}  // namespace consent::core
