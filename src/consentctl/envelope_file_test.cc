// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/envelope_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EnvelopeFileTest : public ::testing::Test {
 protected:
  EnvelopeFileTest() { unlink(path_.c_str()); }

  v1::SignedStatement Envelope(const std::string& payload) {
    v1::SignedStatement envelope;
    envelope.set_payload(payload);
    return envelope;
  }
  void Put(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }
  absl::Status ReadAll() {
    ASSIGN_OR_RETURN(EnvelopeReader reader, EnvelopeReader::Open(path_));
    return reader.Next(100).status();
  }

  const std::string path_ = ::testing::TempDir() + "/envelopes";
};

TEST_F(EnvelopeFileTest, HoldsManyInTheirOrder) {
  ASSERT_OK(
      WriteEnvelopes(path_, {Envelope("one"), Envelope(std::string(300, 'x')), Envelope("three")}));
  ASSERT_OK_AND_ASSIGN(EnvelopeReader reader, EnvelopeReader::Open(path_));
  ASSERT_OK_AND_ASSIGN(const auto first, reader.Next(2));
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_EQ(first[0].payload(), "one");
  EXPECT_EQ(first[1].payload().size(), 300u);
  ASSERT_OK_AND_ASSIGN(const auto second, reader.Next(2));
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].payload(), "three");
  EXPECT_THAT(*reader.Next(2), IsEmpty());
}

TEST_F(EnvelopeFileTest, IsReadableByItsOwnerAloneAndNeverOverwritten) {
  ASSERT_OK(WriteEnvelopes(path_, {Envelope("one")}));
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_THAT(WriteEnvelopes(path_, {Envelope("two")}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("exists already")));
}

TEST_F(EnvelopeFileTest, WhatIsCutShortIsRefusedByItsNumber) {
  ASSERT_OK(WriteEnvelopes(path_, {Envelope("one"), Envelope("two")}));
  std::ifstream in(path_, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  for (size_t cut = 1; cut < whole.size(); ++cut) {
    if (cut == whole.size() / 2) continue;  // Both are equally long: this is one whole envelope.
    Put(whole.substr(0, cut));
    EXPECT_THAT(ReadAll(), StatusIs(absl::StatusCode::kInvalidArgument,
                                    HasSubstr(cut < whole.size() / 2 ? "number 1" : "number 2")))
        << cut;
  }
}

TEST_F(EnvelopeFileTest, LengthsThatNoStatementHasAreRefused) {
  for (const std::string& bytes :
       {std::string("\0", 1), std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"),
        std::string("\x81\x80\x01") + std::string(16385, 'x'), std::string("not envelopes")}) {
    Put(bytes);
    EXPECT_THAT(ReadAll(), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(EnvelopeFileTest, MustBeThere) {
  EXPECT_THAT(EnvelopeReader::Open("/nowhere/envelopes").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("/nowhere/envelopes")));
}

}  // namespace
}  // namespace consent::ctl
