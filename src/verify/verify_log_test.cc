// SPDX-License-Identifier: Apache-2.0

#include <atomic>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "consent/verifier.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/tlog/cosignature.h"
#include "src/verify/test_log.h"

namespace consent::verify {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

LogReport Verify(const Files& files, VerifyOptions options = {}) {
  if (options.keys.empty()) options.keys = {TestLog().vkey()};
  if (options.threads == 0) options.threads = 2;
  return VerifyLog(SourceOf(files), options);
}

std::string FaultsOf(const LogReport& report) {
  std::string text = report.why;
  for (const LogFault& fault : report.faults) text += "[" + fault.where + ": " + fault.what + "]";
  return text;
}

// The files that faults name.
std::set<std::string> PlacesOf(const LogReport& report) {
  std::set<std::string> places;
  for (const LogFault& fault : report.faults) places.insert(fault.where);
  return places;
}

TEST(VerifyLogTest, AWholeLogIsGood) {
  TestLog log;
  for (const uint64_t size : {0, 1, 2, 255, 256, 257, 511, 1'000, 66'000}) {
    const Files files = log.GrowTo(size).Publish();
    const LogReport report = Verify(files);
    ASSERT_EQ(report.verdict, VerifyVerdict::kGood) << size << FaultsOf(report);
    EXPECT_EQ(report.size, size);
    EXPECT_EQ(report.entries_verified, size);
    EXPECT_EQ(report.origin, kTestOrigin);
    EXPECT_THAT(report.signed_by, ElementsAre(log.vkey()));
    if (size == 0) continue;
    EXPECT_EQ(report.first_at, 1'700'000'000);
    EXPECT_EQ(report.last_at, 1'700'000'000 + static_cast<int64_t>((size - 1) / 3));
  }
}

// Each file of a small log, a bit in every few bytes.
TEST(VerifyLogTest, AFlippedBitIsFoundInTheFileInWhichItFlipped) {
  const Files whole = TestLog().GrowTo(600).Publish();
  ASSERT_THAT(whole, SizeIs(8));  // Checkpoint, bundles, tiles of two levels.
  for (const auto& [path, bytes] : whole) {
    const size_t step = path == "checkpoint" || path.starts_with("tile/1") ? 1 : 53;
    for (size_t i = 0; i < bytes.size(); i += step) {
      Files files = whole;
      files[path][i] = static_cast<char>(bytes[i] ^ 1 << i % 8);
      const LogReport report = Verify(files);
      ASSERT_EQ(report.verdict, VerifyVerdict::kFaulty) << path << " byte " << i;
      ASSERT_THAT(PlacesOf(report), ElementsAre(path)) << "byte " << i << FaultsOf(report);
    }
  }
}

TEST(VerifyLogTest, AFlippedBitOfALargerLogIsFoundToo) {
  const Files whole = TestLog().GrowTo(66'000).Publish();
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : whole) paths.push_back(path);
  const std::vector<std::string> rare = {"tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1",
                                         "tile/0/256", "tile/0/257.p/208"};
  std::mt19937 random(7);  // The same bits in every run.
  for (int i = 0; i < 40; ++i) {
    // Every other time one of those at the right edge or above level 0.
    const std::string path =
        i % 2 == 0 ? paths[random() % paths.size()] : rare[i / 2 % rare.size()];
    Files files = whole;
    ASSERT_TRUE(files.contains(path)) << path;
    std::string& bytes = files[path];
    const size_t place = random() % bytes.size();
    bytes[place] = static_cast<char>(bytes[place] ^ 1 << random() % 8);
    const LogReport report = Verify(files);
    ASSERT_THAT(PlacesOf(report), ElementsAre(path)) << "byte " << place << FaultsOf(report);
  }
}

TEST(VerifyLogTest, AFaultSaysWhichHashAndWhichEntry) {
  const Files whole = TestLog().GrowTo(600).Publish();
  Files files = whole;
  files["tile/0/001"][32 * 12] ^= 1;
  EXPECT_EQ(FaultsOf(Verify(files)), "[tile/0/001: hash 12 is not that of entry 268]");
  files = whole;
  files["tile/1/000.p/2"][32] ^= 1;
  EXPECT_EQ(FaultsOf(Verify(files)), "[tile/1/000.p/2: hash 1 is not that of tile/0/001]");
  files = whole;
  files["tile/entries/001"][300] ^= 1;
  EXPECT_THAT(FaultsOf(Verify(files)), HasSubstr("[tile/entries/001: entry 4 (position 260) is not "
                                                 "the one in the tree: see hash 4 of tile/0/001]"));
}

TEST(VerifyLogTest, FilesThatAreMissingOrOfAnotherLengthAreFaults) {
  const Files whole = TestLog().GrowTo(600).Publish();
  for (const auto& [path, bytes] : whole) {
    Files files = whole;
    files.erase(path);
    LogReport report = Verify(files);
    EXPECT_THAT(PlacesOf(report), ElementsAre(path)) << FaultsOf(report);
    files[path] = bytes.substr(0, bytes.size() - 1);
    report = Verify(files);
    EXPECT_THAT(PlacesOf(report), ElementsAre(path)) << FaultsOf(report);
    files[path] = bytes + "x";
    report = Verify(files);
    EXPECT_THAT(PlacesOf(report), ElementsAre(path)) << FaultsOf(report);
    files[path] = "";
    report = Verify(files);
    EXPECT_THAT(PlacesOf(report), ElementsAre(path)) << FaultsOf(report);
  }
}

TEST(VerifyLogTest, AFullFileStandsInForAPartialOne) {
  TestLog log;
  Files files = log.GrowTo(300).Publish();
  const std::string checkpoint = files["checkpoint"];
  files = log.GrowTo(600).Publish();
  files["checkpoint"] = checkpoint;
  ASSERT_FALSE(files.contains("tile/0/001.p/44"));
  files["tile/1/000.p/1"] = files["tile/1/000.p/2"].substr(0, 32);
  const LogReport report = Verify(files);
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << FaultsOf(report);
  EXPECT_EQ(report.entries_verified, 300u);
}

TEST(VerifyLogTest, WhatCannotBeReadIsNotCalledWrong) {
  const Files whole = TestLog().GrowTo(600).Publish();
  for (const auto& file : whole) {
    const std::string& path = file.first;
    std::atomic<int> reads = 0;
    const LogSource source = LogSource::Url("http://log", [&](const std::string& url) -> LogFile {
      ++reads;
      const std::string name = url.substr(std::string("http://log/").size());
      if (name == path) return {LogFile::Outcome::kFailed, "", "no route"};
      return {LogFile::Outcome::kRead, whole.at(name)};
    });
    const LogReport report = VerifyLog(source, {.keys = {TestLog().vkey()}});
    EXPECT_EQ(report.verdict, VerifyVerdict::kUnreadable) << path;
    EXPECT_EQ(report.why, path + ": no route");
    EXPECT_THAT(report.faults, IsEmpty()) << FaultsOf(report);
  }
}

TEST(VerifyLogTest, EntriesMustBeWellFormedAtTheirPlaceAndInOrder) {
  TestLog log;
  log.GrowTo(600);
  log.entries()[3] = "no entry";
  journal::Entry entry = TestLog::EntryAt(7);
  log.entries()[299] = Encode(entry);
  entry = TestLog::EntryAt(512);  // The first of its bundle.
  entry.at = {1'600'000'000};
  log.entries()[512] = Encode(entry);
  const LogReport report = Verify(log.Publish());
  EXPECT_EQ(report.verdict, VerifyVerdict::kFaulty);
  const std::string faults = FaultsOf(report);
  EXPECT_THAT(faults, HasSubstr("[tile/entries/000: entry 3 (position 3) is no entry"));
  EXPECT_THAT(faults, HasSubstr("entry 43 (position 299) says that it stands at position 7]"));
  EXPECT_THAT(faults,
              HasSubstr("entry 43 (position 299) is earlier than the one before, by 97 s]"));
  EXPECT_THAT(faults,
              HasSubstr("[tile/entries/002.p/88: entry 0 (position 512) is earlier than the one"));
  EXPECT_THAT(report.faults, SizeIs(4)) << faults;
}

// All files agree with each other; what the log signed is something else.
TEST(VerifyLogTest, ASignedRootThatIsNotThatOfTheEntriesIsFound) {
  for (const uint64_t size : {0, 1, 256, 600}) {
    TestLog log;
    Files files = log.GrowTo(size).Publish();
    tlog::Checkpoint checkpoint = log.Checkpoint();
    checkpoint.root = merkle::LeafHash("another");
    files["checkpoint"] = *tlog::SignCheckpoint(checkpoint, {log.signer()});
    const LogReport report = Verify(files);
    EXPECT_EQ(report.verdict, VerifyVerdict::kFaulty) << size;
    EXPECT_THAT(PlacesOf(report), ElementsAre("checkpoint")) << FaultsOf(report);
  }
}

TEST(VerifyLogTest, FaultsAreKeptUpToALimit) {
  Files files = TestLog().GrowTo(600).Publish();
  for (char& c : files["tile/0/000"]) c ^= 1;
  for (char& c : files["tile/0/001"]) c ^= 1;
  const LogReport report = Verify(files, {.faults_max = 5});
  EXPECT_THAT(report.faults, SizeIs(5));
  EXPECT_EQ(report.faults_more, 13u);
}

TEST(VerifyLogTest, OnlyTheGivenKeyIsBelieved) {
  const Files files = TestLog().GrowTo(5).Publish();
  TestLog other("other.example/1");
  LogReport report = Verify(files, {.keys = {other.vkey()}});
  EXPECT_THAT(PlacesOf(report), ElementsAre("checkpoint"));
  EXPECT_EQ(Verify(files, {.keys = {"nokey"}}).verdict, VerifyVerdict::kBadInput);
  EXPECT_EQ(VerifyLog(SourceOf(files), {}).verdict, VerifyVerdict::kBadInput);
  // Two keys, one a line, as the log serves them.
  EXPECT_EQ(Verify(files, {.keys = {other.vkey() + "\n" + TestLog().vkey() + "\n"}}).verdict,
            VerifyVerdict::kGood);
}

// One key signs several journals. A signature of one, under the name of the other, is good; the
// journal is still another.
TEST(VerifyLogTest, AnotherJournalOfTheSameKeyIsNotTakenForThis) {
  TestLog directory("ledger.example/directory");
  Files files = directory.GrowTo(5).Publish();
  const std::string text = directory.Checkpoint().ToText();
  files["checkpoint"] = text + "\n" + *TestLog().signer().SignatureLine(text);
  const LogReport report = Verify(files);
  EXPECT_EQ(report.verdict, VerifyVerdict::kFaulty);
  EXPECT_THAT(PlacesOf(report), ElementsAre("checkpoint"));
}

class ContinuedLogTest : public ::testing::Test {
 protected:
  // Verifies the log at this size; what it saved.
  std::string StateAt(uint64_t size) {
    std::string state;
    TestLog log;
    const LogReport report =
        Verify(log.GrowTo(size).Publish(), {.save = [&](const std::string& s) { state = s; }});
    EXPECT_EQ(report.verdict, VerifyVerdict::kGood);
    return state;
  }
  // A log that differs from its entry `from` on.
  Files ForkedAt(uint64_t from, uint64_t size) {
    return TestLog().GrowTo(from).GrowTo(size, "other").Publish();
  }
};

TEST_F(ContinuedLogTest, WhatWasVerifiedIsNotReadAgain) {
  for (const auto& [before, after] : std::vector<std::pair<uint64_t, uint64_t>>{
           {0, 600}, {100, 600}, {256, 600}, {511, 600}, {512, 512}, {600, 600}, {600, 5'000}}) {
    const std::string state = StateAt(before);
    Files files = TestLog().GrowTo(after).Publish();
    for (uint64_t i = 0; i < before / 256; ++i) files.erase(tlog::EntriesPath(i, 256));
    std::string saved;
    const LogReport report =
        Verify(files, {.state = state, .save = [&](const std::string& s) { saved = s; }});
    ASSERT_EQ(report.verdict, VerifyVerdict::kGood) << before << " " << FaultsOf(report);
    EXPECT_EQ(report.entries_known, before / 256 * 256);
    EXPECT_EQ(report.entries_verified, after - before / 256 * 256);
    EXPECT_EQ(saved, StateAt(after));
  }
}

TEST_F(ContinuedLogTest, TimeDoesNotGoBackWhereTheEarlierRunEnded) {
  const std::string state = StateAt(512);
  TestLog log;
  log.GrowTo(600);
  journal::Entry entry = TestLog::EntryAt(512);
  entry.at = {1'600'000'000};
  log.entries()[512] = Encode(entry);
  EXPECT_THAT(FaultsOf(Verify(log.Publish(), {.state = state})),
              HasSubstr("(position 512) is earlier than the one before"));
}

TEST_F(ContinuedLogTest, AnotherHistoryIsAFork) {
  const std::string state = StateAt(400);
  for (const uint64_t from : {0, 100, 255, 256, 399}) {
    const LogReport report = Verify(ForkedAt(from, 900), {.state = state});
    EXPECT_THAT(FaultsOf(report), HasSubstr("[state: the log is whole, but its first 400")) << from;
  }
  EXPECT_EQ(Verify(ForkedAt(400, 900), {.state = state}).verdict, VerifyVerdict::kGood);
}

TEST_F(ContinuedLogTest, DamageBelowWhatWasVerifiedIsDamageAndNoFork) {
  const std::string state = StateAt(600);
  Files files = TestLog().GrowTo(900).Publish();
  files["tile/1/000.p/3"][5] ^= 1;
  EXPECT_EQ(FaultsOf(Verify(files, {.state = state})),
            "[tile/1/000.p/3: hash 0 is not that of tile/0/000]");
}

TEST_F(ContinuedLogTest, AShorterLogIsAFault) {
  const LogReport report = Verify(TestLog().GrowTo(300).Publish(), {.state = StateAt(600)});
  EXPECT_THAT(FaultsOf(report), HasSubstr("the log has 300 entries; earlier it had 600"));
}

TEST_F(ContinuedLogTest, StatesOfOtherLogsOrNoneAreRefused) {
  const Files files = TestLog().GrowTo(300).Publish();
  EXPECT_EQ(Verify(files, {.state = "x"}).verdict, VerifyVerdict::kBadInput);
  std::string state = StateAt(300);
  EXPECT_EQ(Verify(files, {.state = state + "x"}).verdict, VerifyVerdict::kBadInput);
  EXPECT_EQ(Verify(files, {.state = state.substr(0, state.size() - 45)}).verdict,
            VerifyVerdict::kBadInput);
  state.replace(state.find("ledger.example"), 6, "mudder");
  EXPECT_EQ(Verify(files, {.state = state}).verdict, VerifyVerdict::kFaulty);
}

TEST_F(ContinuedLogTest, AnEarlierCheckpointMustBeContinued) {
  const std::string since = TestLog().GrowTo(300).SignedCheckpoint();
  const LogReport report = Verify(TestLog().GrowTo(900).Publish(), {.since = since});
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << FaultsOf(report);
  EXPECT_EQ(report.since_size, 300u);
  const LogReport shorter = Verify(TestLog().GrowTo(200).Publish(), {.since = since});
  EXPECT_THAT(FaultsOf(shorter), HasSubstr("[since: the log has 200 entries"));
  EXPECT_EQ(Verify(TestLog().GrowTo(900).Publish(), {.since = since + "x"}).verdict,
            VerifyVerdict::kBadInput);
}

TEST_F(ContinuedLogTest, TwoHistoriesOfOneKeyAreShownAsEvidence) {
  const std::string since = TestLog().GrowTo(300).SignedCheckpoint();
  for (const uint64_t from : {0, 299}) {
    for (const uint64_t size : {300, 900}) {
      const Files files = ForkedAt(from, size);
      const LogReport report = Verify(files, {.since = since});
      EXPECT_EQ(report.verdict, VerifyVerdict::kFaulty);
      ASSERT_THAT(report.forks, SizeIs(1)) << FaultsOf(report);
      EXPECT_EQ(report.forks[0].one, since);
      EXPECT_EQ(report.forks[0].other, files.at("checkpoint"));
    }
  }
  EXPECT_THAT(Verify(ForkedAt(300, 900), {.since = since}).forks, IsEmpty());
}

class WitnessedLogTest : public ::testing::Test {
 protected:
  static tlog::NoteSigner Witness(char seed) {
    return tlog::NoteSigner(
        std::string("w.example/") + seed,
        crypto::PrivateKey::FromEd25519Seed(*crypto::Secret::FromBytes(std::string(32, seed))),
        tlog::KeyType::kCosignature);
  }
  // A log cosigned by these.
  static Files Cosigned(const std::string& seeds) {
    TestLog log;
    Files files = log.GrowTo(5).Publish();
    for (const char seed : seeds) {
      files["checkpoint"] +=
          tlog::Cosign(Witness(seed), log.Checkpoint().ToText(), {1'700'000'100})->ToLine();
    }
    return files;
  }
  const std::string policy_ = "log " + TestLog().vkey() + "\nwitness a " +
                              Witness('a').verifier_key().ToString() + "\nwitness b " +
                              Witness('b').verifier_key().ToString() +
                              "\ngroup both all a b\nquorum both\n";
};

TEST_F(WitnessedLogTest, AQuorumIsAskedFor) {
  // The policy says the log's key too.
  const LogReport report = VerifyLog(SourceOf(Cosigned("ab")), {.policy = policy_});
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << FaultsOf(report);
  ASSERT_THAT(report.cosigned_by, SizeIs(2));
  EXPECT_EQ(report.cosigned_by[1].witness, "b");
  EXPECT_EQ(report.cosigned_by[1].unix_seconds, 1'700'000'100);
  EXPECT_THAT(FaultsOf(VerifyLog(SourceOf(Cosigned("ax")), {.policy = policy_})),
              HasSubstr("[checkpoint: the policy's quorum both is not met: 1 of 2"));
  EXPECT_EQ(VerifyLog(SourceOf(Cosigned("ab")), {.policy = "quorum"}).verdict,
            VerifyVerdict::kBadInput);
}

TEST_F(WitnessedLogTest, ABadCosignatureIsAFault) {
  Files files = Cosigned("ab");
  files["checkpoint"].replace(files["checkpoint"].size() - 20, 1, "A");
  files["checkpoint"].replace(files["checkpoint"].size() - 19, 1, "B");
  EXPECT_THAT(FaultsOf(VerifyLog(SourceOf(files), {.policy = policy_})), HasSubstr("witness b"));
}

}  // namespace
}  // namespace consent::verify
