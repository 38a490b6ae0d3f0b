// SPDX-License-Identifier: Apache-2.0

#include "src/consent/contacts.h"

#include <algorithm>
#include <utility>

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

}  // namespace

ContactKind KindOf(const Contact& contact) {
  return {.channel = contact.request.channel,
          .purpose = contact.request.purpose,
          .basis = contact.basis,
          .attempts_apart = contact.attempts_apart,
          .reached_nobody = contact.reached_nobody()};
}

const Contact* Contacts::Find(LeafIndex position) const {
  const auto it = std::lower_bound(list_.begin(), list_.end(), position,
                                   [](const Contact& a, LeafIndex b) { return a.position < b; });
  return it != list_.end() && it->position == position ? &*it : nullptr;
}

const Contact* Contacts::FindRequest(std::string_view request_id) const {
  if (index_ != nullptr) {
    const auto found =
        index_->by_request.find(absl::string_view(request_id.data(), request_id.size()));
    return found != index_->by_request.end() ? Find(found->second) : nullptr;
  }
  const auto it = std::find_if(list_.rbegin(), list_.rend(), [&](const Contact& contact) {
    return contact.request.request_id == request_id;
  });
  return it != list_.rend() ? &*it : nullptr;
}

void Contacts::Add(Contact contact) {
  list_.push_back(std::move(contact));
  if (index_ == nullptr) return Index();
  index_->by_request[list_.back().request.request_id] = list_.back().position;
  Enter(list_.back(), index_->tally);
}

void Contacts::Index() {
  index_.reset();
  if (list_.size() < kIndexedMin) return;
  index_ = std::make_unique<Indexed>();
  for (const Contact& contact : list_) {
    index_->by_request[contact.request.request_id] = contact.position;
    Enter(contact, index_->tally);
  }
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
