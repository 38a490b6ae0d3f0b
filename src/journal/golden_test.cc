// SPDX-License-Identifier: Apache-2.0
//
// The golden vectors of docs/formats/entry.md and opening.md, tests/golden/journal/*.json: an
// entry of each kind, its salts, tag, commitment and sealed opening, and a head. The same secret
// and event must give the same bytes for ever. CONSENT_GOLDEN_UPDATE=1 rewrites the files;
// tests/golden/journal/check.py computes them again without any code of ours.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/journal/event_parts.h"
#include "src/journal/journal.h"
#include "src/journal/opening.h"
#include "src/journal/recovered.h"
#include "src/journal/test_events.h"
#include "src/merkle/leaf_hash.h"
#include "src/store/memory_store.h"

namespace consent::journal {
namespace {

// Tests run in the root of the tree.
constexpr char kFolder[] = "tests/golden/journal/";
constexpr int kYear = 2026;
constexpr uint64_t kCount = 3;

std::string Hex(std::string_view bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void CheckVector(const std::string& name, const std::string& made) {
  const std::string path = absl::StrCat(kFolder, name, ".json");
  if (std::getenv("CONSENT_GOLDEN_UPDATE") != nullptr) {
    std::ofstream(path, std::ios::binary) << made;
    return;
  }
  EXPECT_EQ(ReadFile(path), made) << path << " differs; CONSENT_GOLDEN_UPDATE=1 rewrites it";
}

// One field a line, so that a difference shows where it is.
class Json {
 public:
  Json& Add(const std::string& name, std::string_view bytes) {
    return Line(name, absl::StrCat("\"", Hex(bytes), "\""));
  }
  Json& Add(const std::string& name, int64_t number) { return Line(name, absl::StrCat(number)); }
  std::string Text() const { return absl::StrCat("{", text_, "\n}\n"); }

 private:
  Json& Line(const std::string& name, const std::string& value) {
    absl::StrAppend(&text_, text_.empty() ? "\n" : ",\n", " \"", name, "\": ", value);
    return *this;
  }
  std::string text_;
};

constexpr const char* kNames[] = {"bound",     "granted",        "revoked",   "blocked",
                                  "unblocked", "decided",        "confirmed", "released",
                                  "outcome",   "erased",         "preferred", "contract_claimed",
                                  "contested", "callback_asked", "listed",    "holder_changed"};

// The vector of one entry, with all that leads to it.
std::string VectorOf(const core::EventBody& body, const std::vector<core::Renamed>& renamed) {
  const Sealer sealer(TestSecret());
  const Salts salts = sealer.SaltsAt(kTestPosition);
  const Entry entry = TestEntry(body, renamed);
  const Parts parts = ToParts(body, kTestContactPoint, renamed);
  const std::string leaf = Encode(entry);
  const std::string opening = sealer.Seal(TestHandle(), entry.commitment, parts);
  EXPECT_THAT(sealer.Open(entry, opening), IsOkAndHolds(parts));
  return Json()
      .Add("secret", TestSecret().view())
      .Add("handle", TestHandle().view())
      .Add("year", kYear)
      .Add("count", kCount)
      .Add("kind", entry.kind)
      .Add("position", static_cast<int64_t>(entry.position.value))
      .Add("at", entry.at.unix_seconds)
      .Add("channel", static_cast<int64_t>(entry.channel))
      .Add("reason", static_cast<int64_t>(entry.reason))
      .Add("directory_size", static_cast<int64_t>(entry.directory_size.value))
      .Add("company", entry.company)
      .Add("contact_part", parts.contact)
      .Add("company_part", parts.company)
      .Add("ledger_part", parts.ledger)
      .Add("contact_salt", salts.contact.view())
      .Add("company_salt", salts.company.view())
      .Add("ledger_salt", salts.ledger.view())
      .Add("year_key", sealer.YearKey(kYear).view())
      .Add("tag", entry.tag.view())
      .Add("commitment", entry.commitment.view())
      .Add("entry", leaf)
      .Add("leaf_hash", merkle::LeafHash(leaf).view())
      .Add("parts", Encode(parts))
      .Add("opening", opening)
      .Text();
}

TEST(GoldenTest, EntriesAndOpeningsKeepTheirBytes) {
  const auto events = TestEvents();
  ASSERT_EQ(events.size(), std::size(kNames));
  for (size_t i = 0; i < events.size(); ++i) CheckVector(kNames[i], VectorOf(events[i], {}));
  CheckVector("renamed", VectorOf(events[5], TestRenamed()));
}

TEST(GoldenTest, PlainOpeningKeepsItsBytes) {
  const Parts parts{.contact = "", .company = "what the directory says", .ledger = ""};
  CheckVector("plain", Json()
                           .Add("company_part", parts.company)
                           .Add("commitment", Commit(Salts{}, parts).view())
                           .Add("opening", PlainOpening(parts))
                           .Text());
}

TEST(GoldenTest, ARecoveryKeepsItsBytes) {
  store::MemoryStore store;
  Journal journal = *Journal::Load(store, ShardId{1});
  const Entry entry = StageRecovered(journal, TestRecovered(), kTestTime, TreeSize{5});
  ASSERT_OK(journal.Commit());
  const auto bundles = *store.ReadBundles(ShardId{1}, {0}, 1);
  const Parts parts = ToParts(TestRecovered(), "");
  CheckVector("recovered", Json()
                               .Add("kind", entry.kind)
                               .Add("position", static_cast<int64_t>(entry.position.value))
                               .Add("at", entry.at.unix_seconds)
                               .Add("directory_size", 5)
                               .Add("company_part", parts.company)
                               .Add("ledger_part", parts.ledger)
                               .Add("commitment", entry.commitment.view())
                               .Add("entry", bundles[0].entries[0])
                               .Add("leaf_hash", merkle::LeafHash(bundles[0].entries[0]).view())
                               .Add("opening", bundles[0].openings[0])
                               .Text());
}

TEST(GoldenTest, HeadKeepsItsBytes) {
  store::MemoryStore store;
  Journal journal = *Journal::Load(store, ShardId{1});
  std::string entries;
  for (int i = 0; i < 11; ++i) {
    Entry entry = TestEntry(TestEvents()[7]);
    entry.position = journal.next();
    journal.Stage(entry, PlainOpening({}));
    absl::StrAppend(&entries, Hex(Encode(entry)));
  }
  ASSERT_OK(journal.Commit());
  const store::Head head = *store.ReadHead(ShardId{1});
  CheckVector("head", Json()
                          .Add("size", static_cast<int64_t>(head.size.value))
                          .Add("last_at", journal.last_at().unix_seconds)
                          .Add("entries", absl::HexStringToBytes(entries))
                          .Add("root", journal.Root().view())
                          .Add("state", head.state)
                          .Text());
}

// The files, read back: what was sealed once is opened for ever.
TEST(GoldenTest, KeptOpeningsAreOpened) {
  if (std::getenv("CONSENT_GOLDEN_UPDATE") != nullptr) GTEST_SKIP();
  const auto field = [](const std::string& text, const std::string& name) {
    const std::string key = absl::StrCat("\"", name, "\": \"");
    const size_t begin = text.find(key);
    if (begin == std::string::npos) return std::string();
    const size_t from = begin + key.size();
    return absl::HexStringToBytes(text.substr(from, text.find('"', from) - from));
  };
  const auto events = TestEvents();
  for (size_t i = 0; i <= events.size(); ++i) {
    const bool last = i == events.size();
    const std::string name = last ? "renamed" : kNames[i];
    const std::string kept = ReadFile(absl::StrCat(kFolder, name, ".json"));
    ASSERT_OK_AND_ASSIGN(const Entry entry, ParseEntry(field(kept, "entry")));
    ASSERT_OK_AND_ASSIGN(const crypto::Secret secret,
                         crypto::Secret::FromBytes(field(kept, "secret")));
    ASSERT_OK_AND_ASSIGN(const Parts parts, Sealer(secret).Open(entry, field(kept, "opening")));
    ASSERT_OK_AND_ASSIGN(const core::Event event, ToEvent(entry, parts));
    EXPECT_EQ(event.body, events[last ? 5 : i]) << name;
    EXPECT_EQ(event.renamed, last ? TestRenamed() : std::vector<core::Renamed>()) << name;
  }
}

}  // namespace
}  // namespace consent::journal
