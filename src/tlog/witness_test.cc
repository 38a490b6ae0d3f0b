// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/witness.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "src/base/status_matchers.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/proof.h"
#include "src/merkle/test_tree.h"
#include "src/tlog/test_keys.h"

namespace consent::tlog {
namespace {

constexpr char kOrigin[] = "example.com/log";

// A log that has two histories: they differ from entry `fork` on.
class ForkedLog {
 public:
  ForkedLog(uint64_t size, uint64_t fork) : honest_(size), size_(size), fork_(fork) {
    for (uint64_t i = 0; i < size; ++i) {
      other_.push_back(merkle::LeafHash((i < fork ? "" : "other ") + std::to_string(i)));
    }
  }

  Checkpoint At(uint64_t size, bool other) const {
    return {.origin = kOrigin,
            .size = TreeSize{size},
            .root = other ? OtherRoot(0, size) : honest_.Root(0, size),
            .extensions = {}};
  }

  std::vector<Digest> Proof(uint64_t from, uint64_t to, bool other) const {
    auto proof =
        merkle::ConsistencyProof(TreeSize{from}, TreeSize{to},
                                 [&](const merkle::Subtree& subtree) -> absl::StatusOr<Digest> {
                                   const uint64_t begin = subtree.index << subtree.level;
                                   const uint64_t end = begin + (uint64_t{1} << subtree.level);
                                   return other ? OtherRoot(begin, end) : honest_.Root(begin, end);
                                 });
    return proof.ok() ? *proof : std::vector<Digest>{};
  }

  uint64_t size() const { return size_; }
  uint64_t fork() const { return fork_; }

 private:
  Digest OtherRoot(uint64_t begin, uint64_t end) const {
    if (begin == end) return merkle::EmptyRoot();
    if (end - begin == 1) return other_[begin];
    uint64_t split = 1;
    while (split * 2 < end - begin) split *= 2;
    return merkle::NodeHash(OtherRoot(begin, begin + split), OtherRoot(begin + split, end));
  }

  merkle::TestTree honest_;
  std::vector<Digest> other_;
  uint64_t size_;
  uint64_t fork_;
};

Submission Submit(const Checkpoint& checkpoint, uint64_t old, std::vector<Digest> proof) {
  return {.request = {.old_size = TreeSize{old}, .proof = std::move(proof), .checkpoint = ""},
          .checkpoint = checkpoint,
          .note = {}};
}

Witnessed After(const Checkpoint& checkpoint) { return {checkpoint.size, checkpoint.root}; }

TEST(WitnessJudgeTest, SignsTheFirstCheckpointOfALogAsItIs) {
  const ForkedLog log(10, 5);
  EXPECT_EQ(Judge(Submit(log.At(7, false), 0, {}), std::nullopt).verdict, Verdict::kSign);
  EXPECT_EQ(Judge(Submit(log.At(0, false), 0, {}), std::nullopt).verdict, Verdict::kSign);
  EXPECT_EQ(Judge(Submit(log.At(7, false), 3, {}), std::nullopt).verdict, Verdict::kOtherSize);
  EXPECT_EQ(Judge(Submit(log.At(7, false), 0, {Digest{}}), std::nullopt).verdict,
            Verdict::kInconsistent);
}

TEST(WitnessJudgeTest, AnEmptyTreeHasOneRoot) {
  Checkpoint empty = ForkedLog(1, 1).At(0, false);
  empty.root = Digest{};
  EXPECT_EQ(Judge(Submit(empty, 0, {}), std::nullopt).verdict, Verdict::kInconsistent);
}

TEST(WitnessJudgeTest, SignsTheSameAgainButNotAnotherRoot) {
  const ForkedLog log(10, 5);
  const Witnessed last = After(log.At(7, false));
  EXPECT_EQ(Judge(Submit(log.At(7, false), 7, {}), last).verdict, Verdict::kSign);
  const Judgement fork = Judge(Submit(log.At(7, true), 7, {}), last);
  EXPECT_EQ(fork.verdict, Verdict::kInconsistent);
  EXPECT_TRUE(fork.forked);
}

TEST(WitnessJudgeTest, TheOldSizeComesBeforeTheProof) {
  const ForkedLog log(10, 5);
  const Witnessed last = After(log.At(7, false));
  EXPECT_EQ(Judge(Submit(log.At(8, false), 9, {}), last).verdict, Verdict::kMalformed);
  EXPECT_EQ(Judge(Submit(log.At(9, false), 6, log.Proof(6, 9, false)), last).verdict,
            Verdict::kOtherSize);
  EXPECT_EQ(Judge(Submit(log.At(6, false), 6, {}), last).verdict, Verdict::kOtherSize);
  EXPECT_EQ(Judge(Submit(log.At(9, false), 7, log.Proof(7, 9, false)), last).verdict,
            Verdict::kSign);
  EXPECT_EQ(Judge(Submit(log.At(9, false), 7, log.Proof(6, 9, false)), last).verdict,
            Verdict::kInconsistent);
  EXPECT_EQ(Judge(Submit(log.At(9, false), 7, {}), last).verdict, Verdict::kInconsistent);
}

TEST(WitnessJudgeTest, AForkShowsWhateverElseIsWrong) {
  const ForkedLog log(10, 5);
  const Witnessed last = After(log.At(7, false));
  const Judgement judged = Judge(Submit(log.At(7, true), 3, {}), last);
  EXPECT_EQ(judged.verdict, Verdict::kOtherSize);
  EXPECT_TRUE(judged.forked);
  EXPECT_FALSE(Judge(Submit(log.At(9, true), 7, log.Proof(7, 9, true)), last).forked);
}

RC_GTEST_PROP(WitnessJudgeTest, NeverSignsTwoHistories, ()) {
  const uint64_t size = *rc::gen::inRange<uint64_t>(2, 40);
  const ForkedLog log(size, *rc::gen::inRange<uint64_t>(0, size));
  std::optional<Witnessed> last;
  std::map<uint64_t, Digest> signed_roots;
  const int requests = *rc::gen::inRange(1, 30);
  for (int i = 0; i < requests; ++i) {
    const bool other = *rc::gen::arbitrary<bool>();
    const uint64_t next = *rc::gen::inRange<uint64_t>(0, size + 1);
    const uint64_t old = last.has_value() && *rc::gen::arbitrary<bool>()
                             ? last->size.value
                             : *rc::gen::inRange<uint64_t>(0, size + 1);
    // The proof may be of either history, and of other sizes.
    std::vector<Digest> proof = log.Proof(
        std::min(old, next), next,
        *rc::gen::weightedOneOf<bool>({{3, rc::gen::just(other)}, {1, rc::gen::just(!other)}}));
    if (*rc::gen::inRange(0, 5) == 0 && !proof.empty()) proof.pop_back();
    const Checkpoint checkpoint = log.At(next, other);
    if (Judge(Submit(checkpoint, old, proof), last).verdict != Verdict::kSign) continue;
    RC_ASSERT(!last.has_value() || next >= last->size.value);
    signed_roots.try_emplace(next, checkpoint.root);
    RC_ASSERT(signed_roots[next] == checkpoint.root);
    last = After(checkpoint);
  }
  // All that was signed is of one history.
  const auto all_of = [&](bool other) {
    return std::all_of(signed_roots.begin(), signed_roots.end(), [&](const auto& item) {
      return log.At(item.first, other).root == item.second;
    });
  };
  RC_ASSERT(all_of(false) || all_of(true));
}

class ReadSubmissionTest : public testing::Test {
 protected:
  std::string Body(const std::string& note) { return "old 0\n\n" + note; }
  std::string Signed(const NoteSigner& signer, const std::string& origin = kOrigin) {
    const Checkpoint checkpoint{
        .origin = origin, .size = TreeSize{0}, .root = merkle::EmptyRoot(), .extensions = {}};
    return *SignCheckpoint(checkpoint, {&signer, 1});
  }

  const NoteSigner log_ = TestSigner(kOrigin, 'l');
  const NoteSigner next_ = TestSigner(kOrigin, 'n');
  const NoteSigner stranger_ = TestSigner(kOrigin, 's');
  const std::vector<VerifierKey> keys_ = {log_.verifier_key(), next_.verifier_key(),
                                          TestSigner("example.com/other", 'o').verifier_key()};
};

TEST_F(ReadSubmissionTest, KeepsSignaturesOfKnownKeysAlone) {
  std::string note = Signed(log_);
  const std::string text = note.substr(0, note.find("\n\n") + 1);
  note += *stranger_.SignatureLine(text) + *next_.SignatureLine(text);
  ASSERT_OK_AND_ASSIGN(const Submission read, ReadSubmission(Body(note), keys_));
  EXPECT_EQ(read.checkpoint.origin, kOrigin);
  ASSERT_EQ(read.note.signatures.size(), 2u);
  EXPECT_TRUE(read.note.signatures[0].Names(log_.verifier_key()));
  EXPECT_TRUE(read.note.signatures[1].Names(next_.verifier_key()));
}

TEST_F(ReadSubmissionTest, TellsApartWhatTheSpecificationTellsApart) {
  EXPECT_THAT(ReadSubmission("old 0\n", keys_), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ReadSubmission(Body("a\nb\n\n"), keys_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      ReadSubmission(Body(Signed(TestSigner("example.com/x", 'l'), "example.com/x")), keys_),
      StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ReadSubmission(Body(Signed(stranger_)), keys_),
              StatusIs(absl::StatusCode::kPermissionDenied));
  // The key of another listed log does not count.
  EXPECT_THAT(ReadSubmission(Body(Signed(TestSigner("example.com/other", 'o'))), keys_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ReadSubmissionTest, ABadSignatureOfAKnownKeyCondemnsTheNote) {
  std::string note = Signed(log_);
  note += *next_.SignatureLine("another text\n");
  EXPECT_THAT(ReadSubmission(Body(note), keys_), StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace consent::tlog
