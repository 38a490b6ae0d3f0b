// SPDX-License-Identifier: Apache-2.0
//
// The golden vector of a directory's event, tests/golden/journal/strangers_asked.json: parts,
// commitment, entry and opening keep their bytes for ever. CONSENT_GOLDEN_UPDATE=1 rewrites it;
// tests/golden/journal/check.py computes it again without any code of ours.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/directory/directory_event.h"
#include "src/journal/entry.h"
#include "src/journal/opening.h"

namespace consent::directory {
namespace {

// Tests run in the root of the tree.
constexpr char kPath[] = "tests/golden/journal/strangers_asked.json";

std::string Field(std::string_view name, std::string_view bytes) {
  return absl::StrCat(" \"", std::string(name), "\": \"",
                      absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size())),
                      "\",\n");
}

TEST(DirectoryGoldenTest, StrangersAskedKeepsItsBytes) {
  const StrangersAsked asked{"acme", {1'772'442'000}, 200'000};
  const journal::Parts parts = ToParts(asked);
  journal::Entry entry;
  entry.kind = static_cast<uint8_t>(StrangersAsked::kKind);
  entry.position = LeafIndex{258};
  entry.at = Instant{1'772'528'400};
  entry.directory_size = TreeSize{258};
  entry.commitment = journal::Commit(journal::Salts{}, parts);
  const std::string leaf = Encode(entry);
  const std::string opening = journal::PlainOpening(parts);
  const std::string made = absl::StrCat(
      "{\n \"kind\": ", entry.kind, ",\n \"position\": ", entry.position.value,
      ",\n \"at\": ", entry.at.unix_seconds, ",\n \"directory_size\": ", entry.directory_size.value,
      ",\n", Field("company", asked.company), " \"since\": ", asked.since.unix_seconds,
      ",\n \"answers\": ", asked.answers, ",\n", Field("company_part", parts.company),
      Field("commitment", entry.commitment.view()), Field("entry", leaf), " \"opening\": \"",
      absl::BytesToHexString(opening), "\"\n}\n");
  if (std::getenv("CONSENT_GOLDEN_UPDATE") != nullptr) {
    std::ofstream(kPath, std::ios::binary) << made;
  }
  std::ifstream in(kPath, std::ios::binary);
  const std::string kept{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(kept, made) << kPath << " differs; CONSENT_GOLDEN_UPDATE=1 rewrites it";

  ASSERT_OK_AND_ASSIGN(const journal::Entry again, journal::ParseEntry(leaf));
  ASSERT_OK_AND_ASSIGN(const journal::Parts opened, journal::OpenPlain(again, opening));
  ASSERT_OK_AND_ASSIGN(const DirectoryEvent event, ToDirectoryEvent(again, opened));
  const StrangersAsked& read = std::get<StrangersAsked>(event);
  EXPECT_EQ(read.company, asked.company);
  EXPECT_EQ(read.since, asked.since);
  EXPECT_EQ(read.answers, asked.answers);
}

}  // namespace
}  // namespace consent::directory
