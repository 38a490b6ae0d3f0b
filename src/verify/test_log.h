// SPDX-License-Identifier: Apache-2.0
//
// Test code only. A log as files in memory, which tests damage.

#ifndef CONSENT_VERIFY_TEST_LOG_H_
#define CONSENT_VERIFY_TEST_LOG_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consent/verifier.h"
#include "src/base/codec.h"
#include "src/base/ids.h"
#include "src/crypto/private_key.h"
#include "src/crypto/secret.h"
#include "src/journal/entry.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/tile_builder.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/entry_bundle.h"
#include "src/tlog/tile_path.h"

namespace consent::verify {

inline constexpr std::string_view kTestOrigin = "ledger.example/1";

using Files = std::map<std::string, std::string>;

class TestLog {
 public:
  explicit TestLog(std::string_view origin = kTestOrigin)
      : origin_(origin),
        signer_(origin, crypto::PrivateKey::FromEd25519Seed(
                            *crypto::Secret::FromBytes(std::string(32, 'k')))) {}

  // A well-formed entry: number n, at a time that goes on. `salt` makes other histories.
  static journal::Entry EntryAt(uint64_t n, std::string_view salt = "") {
    journal::Entry entry;
    entry.kind = 6;
    entry.position = {n};
    entry.at = {1'700'000'000 + static_cast<int64_t>(n / 3)};
    entry.channel = core::Channel::kCall;
    entry.reason = core::Reason::kOk;
    entry.directory_size = {2};
    entry.commitment = merkle::LeafHash(std::to_string(n) + std::string(salt));
    return entry;
  }

  void Append(std::string bytes) { entries_.push_back(std::move(bytes)); }
  // Grows to this many entries.
  TestLog& GrowTo(uint64_t size, std::string_view salt = "") {
    while (entries_.size() < size) Append(Encode(EntryAt(entries_.size(), salt)));
    return *this;
  }
  uint64_t size() const { return entries_.size(); }
  std::vector<std::string>& entries() { return entries_; }
  const tlog::NoteSigner& signer() const { return signer_; }
  std::string vkey() const { return signer_.verifier_key().ToString(); }

  tlog::Checkpoint Checkpoint() const {
    merkle::CompactTree tree;
    for (const std::string& entry : entries_) tree.Append(merkle::LeafHash(entry));
    return {origin_, tree.size(), tree.Root(), {}};
  }
  std::string SignedCheckpoint() const { return *tlog::SignCheckpoint(Checkpoint(), {signer_}); }

  Files Publish() const {
    Files files;
    merkle::TileBuilder builder;
    std::string bundle;
    for (size_t i = 0; i < entries_.size(); ++i) {
      builder.Append(merkle::LeafHash(entries_[i]));
      tlog::AppendToBundle(entries_[i], bundle).IgnoreError();
      if ((i + 1) % 256 == 0 || i + 1 == entries_.size()) {
        files[tlog::EntriesPath(i / 256, static_cast<int>(i % 256) + 1)] = bundle;
        bundle.clear();
      }
    }
    for (const auto& row : builder.TakeChanged()) {
      files[tlog::Path({row.level, row.index, static_cast<int>(row.hashes.size() / 32)})] =
          row.hashes;
    }
    files["checkpoint"] = SignedCheckpoint();
    return files;
  }

 private:
  std::string origin_;
  tlog::NoteSigner signer_;
  std::vector<std::string> entries_;
};

// Files in memory as a log's source. `files` must outlive it.
inline LogSource SourceOf(const Files& files) {
  return LogSource::Url("", [&files](const std::string& url) -> LogFile {
    const auto file = files.find(url.substr(1));
    if (file == files.end()) return {LogFile::Outcome::kMissing};
    return {LogFile::Outcome::kRead, file->second};
  });
}

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_TEST_LOG_H_
