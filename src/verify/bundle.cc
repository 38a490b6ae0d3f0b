// SPDX-License-Identifier: Apache-2.0

#include "src/verify/bundle.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/ids.h"
#include "src/journal/entry.h"
#include "src/merkle/leaf_hash.h"
#include "src/tlog/entry_bundle.h"
#include "src/tlog/tile_path.h"

namespace consent::verify {
namespace {

// The first bytes that hold `width` entries; all when there are fewer or they are malformed.
std::string_view FirstEntries(std::string_view bundle, int width) {
  size_t end = 0;
  for (int i = 0; i < width && end + 2 <= bundle.size(); ++i) {
    end += 2 + static_cast<unsigned char>(bundle[end]) * size_t{256} +
           static_cast<unsigned char>(bundle[end + 1]);
  }
  return bundle.substr(0, end);
}

// What an entry says of itself: where it stands, and when it was made.
void TakeEntry(std::string_view bytes, uint64_t position, const std::string& path, Bundle& bundle) {
  const auto say = [&](std::string what) {
    bundle.entry_faults.push_back({path, absl::StrCat("entry ", position % merkle::kTileWidth,
                                                      " (position ", position, ") ", what)});
  };
  const absl::StatusOr<journal::Entry> entry = journal::ParseEntry(bytes);
  if (!entry.ok()) return say("is no entry of a consent ledger's journal");
  if (entry->position.value != position) {
    say(absl::StrCat("says that it stands at position ", entry->position.value));
  }
  if (bundle.has_times && entry->at < bundle.last_at) {
    say(absl::StrCat("is earlier than the one before, by ", (bundle.last_at - entry->at).count,
                     " s"));
  }
  if (!bundle.has_times) bundle.first_at = entry->at;
  bundle.has_times = true;
  bundle.last_at = entry->at;
}

// Reads a file, or where it is missing the one at `full_path`, if that is not empty.
FileRead ReadEither(const LogSource& source, const std::string& path,
                    const std::string& full_path) {
  FileRead read;
  LogFile file = source.Read(path);
  if (file.outcome == LogFile::Outcome::kMissing && !full_path.empty()) {
    LogFile full = source.Read(full_path);
    read.full = full.outcome != LogFile::Outcome::kMissing;
    if (read.full) file = std::move(full);
  }
  switch (file.outcome) {
    case LogFile::Outcome::kRead:
      read.bytes = std::move(file.bytes);
      break;
    case LogFile::Outcome::kMissing:
      read.faults.push_back({path, "is not there"});
      break;
    case LogFile::Outcome::kFailed:
      read.unreadable =
          absl::StrCat(path, ": ", file.why.empty() ? std::string("cannot be read") : file.why);
      break;
  }
  return read;
}

}  // namespace

FileRead ReadTile(const LogSource& source, const merkle::Tile& tile) {
  const std::string path = tlog::Path(tile);
  FileRead read = ReadEither(
      source, path, tile.IsFull() ? "" : tlog::Path({tile.level, tile.index, merkle::kTileWidth}));
  if (!read.usable()) return read;
  if (read.full && read.bytes.size() == merkle::kTileBytesMax) read.bytes.resize(tile.bytes());
  if (read.bytes.size() != tile.bytes()) {
    read.faults.push_back({path, absl::StrCat("has ", read.bytes.size(), " bytes; ", tile.width,
                                              " hashes are ", tile.bytes())});
    read.bytes.clear();
  }
  return read;
}

Bundle ReadBundle(const LogSource& source, uint64_t index, int width) {
  Bundle bundle;
  bundle.tile = {0, index, width};
  FileRead tile = ReadTile(source, bundle.tile);
  bundle.filed = std::move(tile.bytes);
  bundle.faults = std::move(tile.faults);
  bundle.unreadable = std::move(tile.unreadable);

  const std::string path = tlog::EntriesPath(index, width);
  const FileRead file =
      ReadEither(source, path,
                 width == merkle::kTileWidth ? "" : tlog::EntriesPath(index, merkle::kTileWidth));
  bundle.faults.insert(bundle.faults.end(), file.faults.begin(), file.faults.end());
  if (!file.unreadable.empty()) bundle.unreadable = file.unreadable;
  if (!file.usable()) return bundle;

  const std::string_view bytes = file.full ? FirstEntries(file.bytes, width) : file.bytes;
  const auto entries = tlog::DecodeBundle(bytes);
  if (!entries.ok() || entries->size() != static_cast<size_t>(width)) {
    bundle.faults.push_back(
        {path, entries.ok() ? absl::StrCat("has ", entries->size(), " entries, not ", width)
                            : std::string(entries.status().message())});
    return bundle;
  }
  bundle.computed.reserve(bundle.tile.bytes());
  uint64_t position = index * merkle::kTileWidth;
  for (const std::string_view entry : *entries) {
    bundle.computed.append(merkle::LeafHash(entry).view());
    bundle.entry_bytes += entry.size();
    TakeEntry(entry, position++, path, bundle);
  }
  return bundle;
}

}  // namespace consent::verify
