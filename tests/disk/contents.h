// SPDX-License-Identifier: Apache-2.0
//
// Contents: everything that a store shows, as lines of text, so that two of them can be compared.

#ifndef CONSENT_DISK_CONTENTS_H_
#define CONSENT_DISK_CONTENTS_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/store/store.h"

namespace consent::disk {

// "size/1" → "42", "bundle/1/40" → ..., "secret/1/<hex>" → ...: what is not there has no line.
using Contents = std::map<std::string, std::string>;

inline constexpr ShardId kShards[] = {ShardId{0}, ShardId{1}};

// What can be asked for only by name.
struct Names {
  std::set<std::pair<uint16_t, Handle>> secrets;
  std::set<std::pair<uint16_t, uint64_t>> tiles;  // Of level 0.
  std::set<std::string> facts;
};

std::string Line(const std::string& kind, ShardId shard, const std::string& name = "");
std::string TextOf(const store::Bundle& bundle);

// Reads all there is. The first error of a read is the error.
absl::StatusOr<Contents> ReadContents(store::Store& store, const Names& names);

// The first line in which they differ, for people; "" when they are equal.
std::string Difference(const Contents& expected, const Contents& found);

}  // namespace consent::disk

#endif  // CONSENT_DISK_CONTENTS_H_
