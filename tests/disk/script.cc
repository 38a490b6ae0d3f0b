// SPDX-License-Identifier: Apache-2.0

#include "tests/disk/script.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace consent::disk {
namespace {

constexpr uint64_t kEntriesMax = 5;
constexpr uint64_t kEntryBytesMax = 300;
constexpr uint64_t kOpeningBytesMax = 2000;
constexpr uint64_t kConsumers = 40;
constexpr size_t kHashBytes = store::TileRow::kHashBytes;

template <typename Id>
Id Numbered(uint32_t number) {
  Id id;
  for (size_t i = 0; i < 4; ++i) id.bytes[i] = static_cast<uint8_t>(number >> (24 - 8 * i));
  return id;
}

template <typename Id>
std::string Hex(const Id& id) {
  return absl::BytesToHexString(std::string(id.view()));
}

template <typename Change>
void Apply(const Change& change, Contents& contents) {
  for (const auto& [line, value] : change) {
    if (value.has_value()) {
      contents[line] = *value;
    } else {
      contents.erase(line);
    }
  }
}

}  // namespace

Script::Script(uint64_t seed) : chance_(seed) {
  for (const ShardId shard : kShards) {
    for (const char* const mark : {"size", "applied", "erased", "tiled"}) {
      current_[Line(mark, shard)] = "0";
    }
    current_[Line("state", shard)] = "";
  }
  durable_ = current_;
}

std::string Script::Bytes(uint64_t length_max) {
  std::string bytes(1 + Pick(length_max), '\0');
  for (char& byte : bytes) byte = static_cast<char>(chance_());
  return bytes;
}

uint64_t Script::Number(const std::string& line) const {
  return std::strtoull(current_.at(line).c_str(), nullptr, 10);
}

template <typename Id>
std::vector<Id> Script::Listed(const std::string& kind, ShardId shard) const {
  std::vector<Id> ids;
  const std::string prefix = Line(kind, shard) + "/";
  for (auto it = current_.lower_bound(prefix);
       it != current_.end() && it->first.starts_with(prefix); ++it) {
    ids.push_back(*Id::FromBytes(absl::HexStringToBytes(it->first.substr(prefix.size()))));
  }
  return ids;
}

absl::Status Script::Note(absl::Status status, Change change, Durable durable) {
  if (status.ok()) {
    ++acknowledged_;
    unknown_.clear();
    Apply(change, current_);
    if (durable == Durable::kYes) {
      durable_ = current_;
      behind_.clear();
    } else {
      behind_.push_back(std::move(change));
    }
  } else if (!failed_ && !absl::IsResourceExhausted(status)) {  // Then nothing was written.
    unknown_.push_back(std::move(change));
    failed_ = absl::StrContains(status.message(), "closed to writers");
  }
  return status;
}

absl::Status Script::Step(store::Store& store) {
  const ShardId shard = kShards[Pick(2)];
  const uint64_t what = Pick(100);
  if (what < 55) return Commit(store, shard, /*erasing=*/false);
  if (what < 65) return Commit(store, shard, /*erasing=*/true);
  if (what < 80) return WriteBehind(store, shard);
  if (what < 90) return WriteTiles(store, shard);
  if (what < 98) return WriteFact(store);
  last_ = "PurgeErased";
  return store.PurgeErased();
}

absl::Status Script::Commit(store::Store& store, ShardId shard, bool erasing) {
  last_ = "Commit";
  const uint64_t size = Number(Line("size", shard));
  store::CommitRequest request{.bundle = {{size}, {}, {}}, .head_state = Bytes(60), .secrets = {}};
  for (uint64_t i = 0; i <= Pick(kEntriesMax); ++i) {
    request.bundle.entries.push_back(Bytes(kEntryBytesMax));
    request.bundle.openings.push_back(Bytes(kOpeningBytesMax));
  }
  const uint64_t size_after = size + request.bundle.entries.size();
  Change change{{Line("size", shard), absl::StrCat(size_after)},
                {Line("state", shard), request.head_state},
                {Line("bundle", shard, absl::StrCat(size)), TextOf(request.bundle)}};
  for (uint64_t i = 0; i < Pick(3); ++i) {
    request.secrets.push_back({Numbered<Handle>(++next_), Bytes(60)});
    names_.secrets.insert({shard.value, request.secrets.back().handle});
    change[Line("secret", shard, Hex(request.secrets.back().handle))] =
        request.secrets.back().value;
  }
  if (erasing) {
    const auto some = [&](auto& from, const std::string& kind, auto& into) {
      for (const auto& id : from) {
        if (into.size() >= 3 || Pick(4) != 0) continue;
        into.push_back(id);
        change[Line(kind, shard, Hex(id))] = std::nullopt;
      }
    };
    const auto secrets = Listed<Handle>("secret", shard);
    const auto records = Listed<ConsumerId>("record", shard);
    const auto contacts = Listed<ContactId>("contact", shard);
    some(secrets, "secret", request.erase.secrets);
    some(records, "record", request.erase.records);
    some(contacts, "contact", request.erase.contacts);
    if (!request.erase.empty()) change[Line("erased", shard)] = absl::StrCat(size_after);
  }
  return Note(store.Commit(shard, request), std::move(change), Durable::kYes);
}

absl::Status Script::WriteBehind(store::Store& store, ShardId shard) {
  last_ = "WriteBehind";
  const uint64_t size = Number(Line("size", shard));
  const uint64_t applied = Number(Line("applied", shard));
  store::DerivedRows rows{.records = {},
                          .contacts = {},
                          .applied = {applied + Pick(size - applied + 1)},
                          .seen = {size}};
  Change change{{Line("applied", shard), absl::StrCat(rows.applied.value)}};
  for (const auto& contact : Listed<ContactId>("contact", shard)) {
    if (rows.contacts_gone.size() >= 2 || Pick(8) != 0) continue;
    rows.contacts_gone.push_back(contact);
    change[Line("contact", shard, Hex(contact))] = std::nullopt;
  }
  for (const auto& id : Listed<ConsumerId>("record", shard)) {
    if (rows.appended.size() >= 4 || Pick(8) != 0) continue;
    rows.appended.push_back({id, Bytes(60)});
    const std::string line = Line("record", shard, Hex(id));
    change[line] = current_.at(line) + rows.appended.back().record;
  }
  for (uint64_t i = 0; i < Pick(12); ++i) {
    const auto id = Numbered<ConsumerId>(static_cast<uint32_t>(Pick(kConsumers)));
    const auto contact = Numbered<ContactId>(static_cast<uint32_t>(Pick(kConsumers)));
    if (change.contains(Line("record", shard, Hex(id)))) continue;
    rows.records.push_back({id, Bytes(kOpeningBytesMax)});
    rows.contacts.push_back({contact, id});
    change[Line("record", shard, Hex(id))] = rows.records.back().record;
    change[Line("contact", shard, Hex(contact))] = Hex(id);
  }
  return Note(store.WriteBehind(shard, rows), std::move(change), Durable::kNo);
}

absl::Status Script::WriteTiles(store::Store& store, ShardId shard) {
  last_ = "WriteTiles";
  const uint64_t size = Number(Line("size", shard));
  const uint64_t tiled = Number(Line("tiled", shard));
  store::TileRows rows{.rows = {}, .tiled = {tiled + Pick(size - tiled + 1)}};
  Change change{{Line("tiled", shard), absl::StrCat(rows.tiled.value)}};
  for (uint64_t i = 0; i < Pick(4); ++i) {
    const uint64_t index = Pick(20);
    std::string hashes = Bytes(30);
    hashes.resize(kHashBytes * (1 + Pick(64)), 'h');
    names_.tiles.insert({shard.value, index});
    change[Line("tile", shard, absl::StrCat(index))] = hashes;
    rows.rows.push_back({.level = 0, .index = index, .hashes = std::move(hashes)});
  }
  return Note(store.WriteTiles(shard, rows), std::move(change), Durable::kNo);
}

absl::Status Script::WriteFact(store::Store& store) {
  last_ = "WriteFact";
  const std::string name = absl::StrCat("fact", Pick(3));
  const std::string value = Bytes(400);
  names_.facts.insert(name);
  return Note(store.WriteFact(name, value), {{absl::StrCat("fact/", name), value}}, Durable::kYes);
}

std::string Script::Settle(const Contents& found) {
  Contents may_be = durable_;
  bool is = found == may_be;
  for (size_t i = 0; !is && i < behind_.size(); ++i) {
    Apply(behind_[i], may_be);
    is = found == may_be;
  }
  for (size_t i = 0; !is && i < unknown_.size(); ++i) {
    Contents with = may_be;
    Apply(unknown_[i], with);
    is = found == with;
  }
  if (!is) {
    return absl::StrCat("after ", last_, ", with ", behind_.size(), " written behind and ",
                        unknown_.size(), " unknown: ", Difference(durable_, found),
                        "; with all behind: ", Difference(may_be, found));
  }
  current_ = durable_ = found;
  behind_.clear();
  unknown_.clear();
  failed_ = false;
  return "";
}

}  // namespace consent::disk
