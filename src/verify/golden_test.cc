// SPDX-License-Identifier: Apache-2.0
//
// The golden log, tests/golden/log/: 300 entries, their tiles, a signed checkpoint, the verifier
// key, and receipts. The same entries and key must give the same files for ever.
// CONSENT_GOLDEN_UPDATE=1 writes them anew; tests/golden/log/check.py checks them without any code
// of ours, tests/interop with golang.org/x/mod.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "consent/verifier.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/journal/receipt.h"
#include "src/merkle/proof.h"
#include "src/merkle/tile.h"
#include "src/verify/test_log.h"

namespace consent::verify {
namespace {

// Tests run in the root of the tree.
constexpr char kFolder[] = "tests/golden/log";
constexpr uint64_t kSize = 300;

Files GoldenFiles() {
  TestLog log;
  Files files = log.GrowTo(kSize).Publish();
  files["vkey"] = log.vkey() + "\n";
  const auto tile = [&](const merkle::Tile& t) -> absl::StatusOr<std::string> {
    return files.at(tlog::Path(t));
  };
  for (const uint64_t n : {0, 255, 299}) {
    journal::Receipt receipt;
    receipt.shown.entry = log.entries()[n];
    receipt.position = {n};
    receipt.proof = *merkle::InclusionProof({n}, {kSize}, [&](const merkle::Subtree& subtree) {
      return merkle::ReadHash(subtree, {kSize}, tile);
    });
    receipt.checkpoint = files.at("checkpoint");
    files[std::to_string(n) + ".tlog-proof"] = journal::ToText(receipt);
  }
  return files;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(GoldenLogTest, HasTheseBytesForEver) {
  for (const auto& [name, bytes] : GoldenFiles()) {
    const std::filesystem::path path = std::filesystem::path(kFolder) / name;
    if (std::getenv("CONSENT_GOLDEN_UPDATE") != nullptr) {
      std::filesystem::create_directories(path.parent_path());
      std::ofstream(path, std::ios::binary) << bytes;
    } else {
      EXPECT_EQ(ReadFile(path), bytes) << path << " differs; CONSENT_GOLDEN_UPDATE=1 rewrites it";
    }
  }
}

TEST(GoldenLogTest, IsVerified) {
  const std::string vkey = ReadFile(std::string(kFolder) + "/vkey");
  const LogReport report = VerifyLog(LogSource::Directory(kFolder), {.keys = {vkey}});
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood);
  EXPECT_EQ(report.entries_verified, kSize);
  for (const uint64_t n : {0, 255, 299}) {
    const ReceiptReport receipt = VerifyReceipt(
        ReadFile(std::string(kFolder) + "/" + std::to_string(n) + ".tlog-proof"), {vkey});
    EXPECT_EQ(receipt.verdict, VerifyVerdict::kGood) << receipt.why;
    EXPECT_EQ(receipt.entry.position, n);
  }
}

}  // namespace
}  // namespace consent::verify
