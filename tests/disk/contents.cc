// SPDX-License-Identifier: Apache-2.0

#include "tests/disk/contents.h"

#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::disk {
namespace {

constexpr size_t kEntriesMax = 1'000'000;

template <typename Id>
std::string Hex(const Id& id) {
  return absl::BytesToHexString(std::string(id.view()));
}

absl::Status ReadShard(store::Store& store, ShardId shard, Contents& contents) {
  ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(shard));
  contents[Line("size", shard)] = absl::StrCat(head.size.value);
  contents[Line("state", shard)] = head.state;
  ASSIGN_OR_RETURN(const std::vector<store::Bundle> bundles,
                   store.ReadBundles(shard, {0}, kEntriesMax));
  for (const store::Bundle& bundle : bundles) {
    contents[Line("bundle", shard, absl::StrCat(bundle.first.value))] = TextOf(bundle);
  }
  ASSIGN_OR_RETURN(const TreeSize applied, store.ReadApplied(shard));
  contents[Line("applied", shard)] = absl::StrCat(applied.value);
  ASSIGN_OR_RETURN(const TreeSize erased, store.ReadErased(shard));
  contents[Line("erased", shard)] = absl::StrCat(erased.value);
  ASSIGN_OR_RETURN(const TreeSize tiled, store.ReadTiled(shard));
  contents[Line("tiled", shard)] = absl::StrCat(tiled.value);
  RETURN_IF_ERROR(
      store.ForEachRecord(shard, ConsumerId(), [&](const ConsumerId& id, std::string_view record) {
        contents[Line("record", shard, Hex(id))] = std::string(record);
        return true;
      }));
  return store.ForEachContact(shard, [&](const ContactId& contact, const ConsumerId& id) {
    contents[Line("contact", shard, Hex(contact))] = Hex(id);
    return true;
  });
}

}  // namespace

std::string Line(const std::string& kind, ShardId shard, const std::string& name) {
  return absl::StrCat(kind, "/", shard.value, name.empty() ? "" : "/", name);
}

std::string TextOf(const store::Bundle& bundle) {
  std::string text;
  for (size_t i = 0; i < bundle.entries.size(); ++i) {
    absl::StrAppend(&text, bundle.entries[i], "|", bundle.openings[i], "\n");
  }
  return text;
}

absl::StatusOr<Contents> ReadContents(store::Store& store, const Names& names) {
  Contents contents;
  for (const ShardId shard : kShards) RETURN_IF_ERROR(ReadShard(store, shard, contents));
  for (const auto& [shard, handle] : names.secrets) {
    ASSIGN_OR_RETURN(const std::optional<std::string> secret,
                     store.ReadSecret(ShardId{shard}, handle));
    if (secret.has_value()) contents[Line("secret", ShardId{shard}, Hex(handle))] = *secret;
  }
  for (const auto& [shard, index] : names.tiles) {
    ASSIGN_OR_RETURN(const std::optional<std::string> tile,
                     store.ReadTile(ShardId{shard}, 0, index));
    if (tile.has_value()) contents[Line("tile", ShardId{shard}, absl::StrCat(index))] = *tile;
  }
  for (const std::string& name : names.facts) {
    ASSIGN_OR_RETURN(const std::optional<std::string> fact, store.ReadFact(name));
    if (fact.has_value()) contents[absl::StrCat("fact/", name)] = *fact;
  }
  return contents;
}

std::string Difference(const Contents& expected, const Contents& found) {
  for (const auto& [line, value] : expected) {
    const auto it = found.find(line);
    if (it == found.end()) return absl::StrCat(line, " is missing");
    if (it->second != value) {
      return absl::StrCat(
          line, " has ", it->second.size(), " other bytes than the ", value.size(), " expected",
          value.size() + it->second.size() > 40 ? ""
                                                : absl::StrCat(": ", it->second, ", not ", value));
    }
  }
  for (const auto& [line, value] : found) {
    if (!expected.contains(line)) return absl::StrCat(line, " should not be there");
  }
  return "";
}

}  // namespace consent::disk
