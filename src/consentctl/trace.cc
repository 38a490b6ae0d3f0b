// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/trace.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consent/evolve.h"
#include "src/journal/opening.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/tile.h"
#include "src/tlog/entry_bundle.h"
#include "src/tlog/text.h"
#include "src/tlog/tile_path.h"

namespace consent::ctl {
namespace {

// Looks for tags, and holds what it found.
class Finder {
 public:
  explicit Finder(const TraceOptions& options) : options_(options) { LookFor(kTraceAhead + 1); }

  void Take(const journal::Entry& entry) {
    const auto wanted = numbers_.find(std::string(entry.tag.view()));
    if (wanted == numbers_.end()) return;
    const uint64_t number = wanted->second;
    const auto say = [&](const std::string& what) {
      report_.faults.push_back(
          absl::StrCat("number ", number, " at position ", entry.position.value, " ", what));
    };
    if (!report_.found.empty() && number <= report_.found.back().number) {
      say(absl::StrCat("comes after number ", report_.found.back().number));
    }
    if (core::TagYearOf(entry.at) != options_.year) {
      say("is of another year than the key");
    }
    report_.found.push_back({number, entry});
    report_.next = std::max(report_.next, number + 1);
    LookFor(report_.next + kTraceAhead + 1);
  }

  TraceReport Finish() {
    std::vector<bool> seen(report_.next);
    for (const Traced& one : report_.found) seen[one.number] = true;
    for (uint64_t number = 0; number < report_.next; ++number) {
      if (!seen[number]) {
        report_.faults.push_back(
            absl::StrCat("number ", number, " is missing, but ", report_.next - 1, " is there"));
      }
    }
    return std::move(report_);
  }

 private:
  // Extends what is looked for to all numbers below `end`.
  void LookFor(uint64_t end) {
    for (uint64_t number = numbers_.size(); number < end; ++number) {
      numbers_.emplace(journal::TagOf(options_.key, number).view(), number);
    }
  }

  const TraceOptions& options_;
  std::map<std::string, uint64_t> numbers_;  // By tag.
  TraceReport report_;
};

// The bundle's bytes, from the full one where a partial one was removed.
absl::StatusOr<std::string> ReadBundle(const LogSource& source, uint64_t index, int width) {
  std::string path = tlog::EntriesPath(index, width);
  LogFile file = source.Read(path);
  if (file.outcome == LogFile::Outcome::kMissing && width < merkle::kTileWidth) {
    path = tlog::EntriesPath(index, merkle::kTileWidth);
    file = source.Read(path);
  }
  if (file.outcome == LogFile::Outcome::kMissing) {
    return absl::DataLossError(absl::StrCat(path, ": is not there"));
  }
  if (file.outcome == LogFile::Outcome::kFailed) {
    return absl::UnavailableError(absl::StrCat(path, ": ", file.why));
  }
  return std::move(file.bytes);
}

}  // namespace

absl::StatusOr<TraceReport> Trace(const LogSource& source, const LogReport& log,
                                  const TraceOptions& options) {
  Finder finder(options);
  merkle::CompactTree tree;
  for (uint64_t position = 0; position < log.size;) {
    const uint64_t index = position / merkle::kTileWidth;
    const size_t width = std::min<uint64_t>(merkle::kTileWidth, log.size - position);
    ASSIGN_OR_RETURN(const std::string bundle, ReadBundle(source, index, static_cast<int>(width)));
    const auto leaves = tlog::DecodeBundle(bundle);
    if (!leaves.ok() || leaves->size() < width) {
      return absl::DataLossError(
          absl::StrCat("the entries from position ", position, " on are no longer whole"));
    }
    for (size_t i = 0; i < width; ++i, ++position) {
      tree.Append(merkle::LeafHash((*leaves)[i]));
      const auto entry = journal::ParseEntry((*leaves)[i]);
      if (!entry.ok()) {
        return absl::DataLossError(absl::StrCat("the entry at position ", position, " is none"));
      }
      finder.Take(*entry);
    }
    if (options.progress) options.progress(position);
  }
  if (tlog::FormatDigest(tree.Root()) != log.root_base64) {
    return absl::DataLossError("the entries are not those that were verified: the log changed");
  }
  TraceReport report = finder.Finish();
  report.entries_read = log.size;
  return report;
}

}  // namespace consent::ctl
