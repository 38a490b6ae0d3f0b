// SPDX-License-Identifier: Apache-2.0
//
// Test code only. The C++ side of the interop test: makes a log as files for check_log.go, and
// verifies what make_log.go made.
//
//   interop_log write DIR SIZE    a log whose entry n is "entry n", with its tiles and bundles
//   interop_log verify DIR SIZE   a log of that size: checkpoint, tiles, receipts, tree proofs
//
// Exits with 1 and says what is wrong.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/private_key.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/proof.h"
#include "src/merkle/tile.h"
#include "src/merkle/tile_builder.h"
#include "src/tlog/add_checkpoint.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/entry_bundle.h"
#include "src/tlog/text.h"
#include "src/tlog/tile_path.h"
#include "src/tlog/tlog_proof.h"

namespace consent::tlog {
namespace {

constexpr std::string_view kOrigin = "cpp.example/interop";
constexpr std::string_view kGoOrigin = "go.example/interop";

std::string Entry(uint64_t index) { return absl::StrCat("entry ", index); }

absl::Status WriteFile(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) return absl::UnavailableError(absl::StrCat("cannot write ", path.string()));
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("no file ", path.string()));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

absl::Status Write(const std::filesystem::path& folder, uint64_t size) {
  merkle::TileBuilder builder;
  std::string bundle;
  for (uint64_t i = 0; i < size; ++i) {
    builder.Append(merkle::LeafHash(Entry(i)));
    RETURN_IF_ERROR(AppendToBundle(Entry(i), bundle));
    if ((i + 1) % kBundleEntriesMax == 0 || i + 1 == size) {
      const int width = static_cast<int>(i % kBundleEntriesMax) + 1;
      RETURN_IF_ERROR(WriteFile(folder / EntriesPath(i / kBundleEntriesMax, width), bundle));
      bundle.clear();
    }
  }
  for (const auto& row : builder.TakeChanged()) {
    const int width = static_cast<int>(row.hashes.size() / Digest::kSize);
    RETURN_IF_ERROR(WriteFile(folder / Path({row.level, row.index, width}), row.hashes));
  }
  const NoteSigner signer(kOrigin, crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519));
  const Checkpoint checkpoint{std::string(kOrigin), {size}, builder.Tree().Root(), {}};
  RETURN_IF_ERROR(WriteFile(folder / "checkpoint", *SignCheckpoint(checkpoint, {signer})));
  return WriteFile(folder / "vkey", signer.verifier_key().ToString() + "\n");
}

// The tiles are those that the C++ tree has; the receipts and requests beside them hold.
absl::Status Verify(const std::filesystem::path& folder, uint64_t size) {
  ASSIGN_OR_RETURN(std::string vkey, ReadFile(folder / "vkey"));
  if (vkey.ends_with('\n')) vkey.pop_back();
  ASSIGN_OR_RETURN(const VerifierKey key, ParseVerifierKey(vkey));
  ASSIGN_OR_RETURN(const std::string note, ReadFile(folder / "checkpoint"));
  ASSIGN_OR_RETURN(const SignedCheckpoint opened, OpenCheckpoint(note, kGoOrigin, {key}));
  const Checkpoint& checkpoint = opened.checkpoint;
  if (opened.note.ToString() != note || checkpoint.ToText() != opened.note.text) {
    return absl::DataLossError("the checkpoint is not written back as it was read");
  }

  merkle::TileBuilder builder;
  for (uint64_t i = 0; i < size; ++i) builder.Append(merkle::LeafHash(Entry(i)));
  if (checkpoint.size.value != size || checkpoint.root != builder.Tree().Root()) {
    return absl::DataLossError("the checkpoint is of another tree");
  }
  for (const auto& row : builder.TakeChanged()) {
    const int width = static_cast<int>(row.hashes.size() / Digest::kSize);
    const std::string name = Path({row.level, row.index, width});
    ASSIGN_OR_RETURN(const std::string tile, ReadFile(folder / name));
    if (tile != row.hashes) return absl::DataLossError(name + " differs");
  }

  int proofs = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".tlog-proof") {
      ASSIGN_OR_RETURN(const std::string text, ReadFile(file.path()));
      ASSIGN_OR_RETURN(const TlogProof proof, ParseTlogProof(text));
      const Digest leaf_hash = merkle::LeafHash(Entry(proof.index.value));
      RETURN_IF_ERROR(VerifyTlogProof(proof, leaf_hash, kGoOrigin, {key}).status());
      ++proofs;
    } else if (file.path().extension() == ".add-checkpoint") {
      ASSIGN_OR_RETURN(const std::string text, ReadFile(file.path()));
      ASSIGN_OR_RETURN(const AddCheckpoint request, ParseAddCheckpoint(text));
      ASSIGN_OR_RETURN(std::string root_line,
                       ReadFile(folder / absl::StrCat(request.old_size.value, ".root")));
      root_line.pop_back();
      const auto root = ParseDigest(root_line);
      if (!root.has_value() || request.checkpoint != note) {
        return absl::DataLossError("no root, or another checkpoint");
      }
      RETURN_IF_ERROR(merkle::VerifyConsistency(
          {request.old_size, *root, checkpoint.size, checkpoint.root}, request.proof));
      ++proofs;
    }
  }
  if (proofs < 2) return absl::NotFoundError("no proofs");
  std::printf("%llu entries and %d proofs, as C++ sees them\n",
              static_cast<unsigned long long>(size), proofs);
  return absl::OkStatus();
}

}  // namespace
}  // namespace consent::tlog

int main(int argc, char** argv) {
  const std::string_view command = argc == 4 ? argv[1] : "";
  const auto size = consent::tlog::ParseDecimal(argc == 4 ? argv[3] : "", 10'000'000);
  if ((command != "write" && command != "verify") || !size.has_value()) {
    std::fprintf(stderr, "usage: interop_log write|verify DIR SIZE\n");
    return 2;
  }
  const absl::Status status = command == "write" ? consent::tlog::Write(argv[2], *size)
                                                 : consent::tlog::Verify(argv[2], *size);
  if (status.ok()) return 0;
  std::fprintf(stderr, "interop_log: %s\n", status.ToString().c_str());
  return 1;
}
