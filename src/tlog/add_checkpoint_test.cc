// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/add_checkpoint.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_matchers.h"
#include "src/tlog/cosignature.h"
#include "src/tlog/test_keys.h"

namespace consent::tlog {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

TEST(AddCheckpointTest, ReadsTheSpecificationsRequest) {
  const std::string body = absl::StrCat(std::string(kSpecOld), "\n", SpecCheckpoint());
  ASSERT_OK_AND_ASSIGN(const AddCheckpoint request, ParseAddCheckpoint(body));
  EXPECT_EQ(request.old_size, TreeSize{20'852'014});
  EXPECT_THAT(request.proof, SizeIs(4));
  EXPECT_EQ(request.checkpoint, SpecCheckpoint());
  EXPECT_EQ(request.ToString(), body);
}

TEST(AddCheckpointTest, TheFirstRequestHasNoProof) {
  ASSERT_OK_AND_ASSIGN(const AddCheckpoint request, ParseAddCheckpoint("old 0\n\ncheckpoint\n"));
  EXPECT_EQ(request.old_size, TreeSize{0});
  EXPECT_THAT(request.proof, IsEmpty());
  EXPECT_EQ(request.checkpoint, "checkpoint\n");
}

TEST(AddCheckpointTest, AnErrorNamesTheLine) {
  const std::string hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n";
  const auto expect = [](const std::string& body, const std::string& message) {
    EXPECT_THAT(ParseAddCheckpoint(body),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << body;
  };
  for (const char* line : {"", "old", "old ", "old  1", "old 01", "old -1", "old 1 ", "Old 1", "1",
                           "old 9223372036854775808"}) {
    expect(absl::StrCat(line, "\n\nc\n"), "line 1");
  }
  expect("old 1", "line 1");
  expect("old 1\n", "line 2");
  expect("old 1\nnohash\n\nc", "line 2");
  expect("old 1\n" + hash + hash, "line 4");
  expect("old 1\n\n", "line 3");
  expect("old 1\n" + hash + "\n", "line 4");
  std::string longest = "old 1\n";
  for (size_t i = 0; i < kConsistencyLinesMax; ++i) longest += hash;
  EXPECT_OK(ParseAddCheckpoint(longest + "\nc"));
  expect(longest + hash + "\nc", "more than 63 hashes");
  expect("old 1\n\n" + std::string(kNoteBytesMax + 1, 'c'), "no checkpoint of 1 to");
  expect("old 1\n\n" + std::string(kAddCheckpointBytesMax, 'c'), "more than");
}

TEST(AddCheckpointTest, AConflictSaysTheKnownSize) {
  EXPECT_EQ(FormatKnownSize({50}), "50\n");
  EXPECT_THAT(ParseKnownSize("50\n"), IsOkAndHolds(TreeSize{50}));
  EXPECT_THAT(ParseKnownSize("0\n"), IsOkAndHolds(TreeSize{0}));
  for (const char* body :
       {"", "\n", "50", "050\n", "50\n\n", "50\nx", " 50\n", "9223372036854775808\n"}) {
    EXPECT_THAT(ParseKnownSize(body), kInvalid) << body;
  }
}

class ReadCosignaturesTest : public ::testing::Test {
 protected:
  std::string Line(const NoteSigner& signer, int64_t time) {
    return Cosign(signer, kSpecCheckpointText, {time})->ToLine();
  }
  const NoteSigner alice_ = TestWitness("alice", 1);
  const NoteSigner bob_ = TestWitness("bob", 2);
};

TEST_F(ReadCosignaturesTest, KeepsThoseOfKnownWitnesses) {
  ASSERT_OK_AND_ASSIGN(const auto cosignatures,
                       ReadCosignatures(Line(bob_, 7) + Line(alice_, 8), kSpecCheckpointText,
                                        {alice_.verifier_key()}));
  ASSERT_THAT(cosignatures, SizeIs(1));
  EXPECT_EQ(cosignatures[0].time, Instant{8});
  EXPECT_EQ(cosignatures[0].signature.ToLine(), Line(alice_, 8));
}

TEST_F(ReadCosignaturesTest, OneBadOneOfAKnownWitnessIsEnough) {
  Signature bad = *Cosign(bob_, "another\n", {8});
  EXPECT_THAT(ReadCosignatures(Line(alice_, 8) + bad.ToLine(), kSpecCheckpointText,
                               {alice_.verifier_key(), bob_.verifier_key()}),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ReadCosignaturesTest, StrangersAndLogsAreNoWitnesses) {
  const auto unauthenticated = StatusIs(absl::StatusCode::kUnauthenticated);
  EXPECT_THAT(ReadCosignatures(Line(bob_, 8), kSpecCheckpointText, {alice_.verifier_key()}),
              unauthenticated);
  const NoteSigner log = TestSigner("log", 3);
  EXPECT_THAT(ReadCosignatures(*log.SignatureLine(kSpecCheckpointText), kSpecCheckpointText,
                               {log.verifier_key()}),
              unauthenticated);
}

TEST_F(ReadCosignaturesTest, ATimeOfZeroIsNone) {
  Signature zero = *Cosign(alice_, kSpecCheckpointText, {1});
  zero.bytes = std::string(8, '\0') + *alice_.Sign(CosignedMessage(kSpecCheckpointText, {0}));
  EXPECT_THAT(ReadCosignatures(zero.ToLine(), kSpecCheckpointText, {alice_.verifier_key()}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("no time")));
}

TEST_F(ReadCosignaturesTest, OtherAnswersAreMalformed) {
  const std::string line = Line(alice_, 8);
  const std::vector<VerifierKey> keys = {alice_.verifier_key()};
  std::string many;
  for (size_t i = 0; i <= kSignaturesMax; ++i) many += line;
  for (const std::string& body :
       {std::string(), std::string("\n"), std::string("<html>\n"), line.substr(0, line.size() - 1),
        line + "\n", line + "x", many, std::string(kNoteBytesMax + 1, 'x')}) {
    EXPECT_THAT(ReadCosignatures(body, kSpecCheckpointText, keys), kInvalid);
  }
}

}  // namespace
}  // namespace consent::tlog
