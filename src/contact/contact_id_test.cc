// SPDX-License-Identifier: Apache-2.0

#include "src/contact/contact_id.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "src/base/status_matchers.h"
#include "src/crypto/secret.h"

namespace consent::contact {
namespace {

Pepper PepperOf(char byte, uint8_t version = Pepper::kFirstVersion) {
  return Pepper(version, crypto::HmacKey(*crypto::Secret::FromBytes(std::string(32, byte))));
}
ContactPoint Point(std::string_view text) { return *ContactPoint::Parse(text); }
template <typename Id>
std::string Hex(const Id& id) {
  return absl::BytesToHexString(id.str());
}

// Computed with Python's hmac module.
TEST(PepperTest, GoldenIdsAreTheVersionAndTheHmacOfTheCanonicalText) {
  const Pepper pepper = PepperOf(0x2a);
  EXPECT_EQ(Hex(pepper.Of(Point("+33639980001"))),
            "012e583a5d0ab1f883c4d26edfedb0b90dad3b614669611c24f28832a36e6325");
  EXPECT_EQ(Hex(pepper.Of(Point("Someone@Example.org"))),
            "01311d2fe7befae3311f2939e508ef7d253b088b22eed25e01e87400900d05ff");
  EXPECT_EQ(Hex(pepper.SubjectFor("acme", Point("+33639980001"))),
            "97cdd79286b36fd80d7fbdf737df17e592a94159a7516504f9efd58824e23b85");
  EXPECT_EQ(pepper.Check().version, 1);
  EXPECT_EQ(pepper.Check().check, "f0936d35d5209cca5e5c49207f36c6cb");
}

TEST(PepperTest, EveryWayToWriteANumberHasOneId) {
  const Pepper pepper = PepperOf(1);
  EXPECT_EQ(pepper.Of(Point("+33639980001")), pepper.Of(Point("tel:+33 (0)6 39 98 00 01")));
}

TEST(PepperTest, AnotherPepperOrAnotherPointIsAnotherId) {
  const ContactPoint point = Point("+33639980001");
  EXPECT_NE(PepperOf(1).Of(point), PepperOf(2).Of(point));
  EXPECT_NE(PepperOf(1).Of(point), PepperOf(1).Of(Point("+33639980002")));
  EXPECT_NE(PepperOf(1).SubjectFor("acme", point), PepperOf(2).SubjectFor("acme", point));
}

TEST(PepperTest, ASubjectIsStableForItsCompanyAndUselessToOthers) {
  const Pepper pepper = PepperOf(1);
  const ContactPoint point = Point("+33639980001");
  EXPECT_EQ(pepper.SubjectFor("acme", point), pepper.SubjectFor("acme", point));
  EXPECT_NE(pepper.SubjectFor("acme", point), pepper.SubjectFor("acme2", point));
  EXPECT_NE(pepper.SubjectFor("", point).view(), pepper.Of(point).view());
}

TEST(PepperTest, ACompanysNameCannotReachIntoTheContactPoint) {
  const Pepper pepper = PepperOf(1);
  // Without the byte between them both would be "acmetel:+33639980001".
  EXPECT_NE(pepper.SubjectFor("acme", Point("+33639980001")),
            pepper.SubjectFor("acmetel:+3363998000", Point("+33639980001")));
  EXPECT_NE(pepper.SubjectFor("a", Point("im:x:b")), pepper.SubjectFor("ai", Point("im:x:b")));
}

TEST(PepperTest, TheIdSaysItsVersionAndAMoveKeepsIt) {
  Pepper pepper = PepperOf(1, 7);
  const ContactId id = pepper.Of(Point("+33639980001"));
  EXPECT_EQ(VersionOf(id), 7);
  const Pepper moved = std::move(pepper);
  EXPECT_EQ(moved.version(), 7);
  EXPECT_EQ(moved.Of(Point("+33639980001")), id);
}

TEST(PepperTest, TheCheckTellsPeppersApartWhateverTheirVersion) {
  EXPECT_EQ(PepperOf(1).Check().check, PepperOf(1, 2).Check().check);
  EXPECT_NE(PepperOf(1).Check().check, PepperOf(2).Check().check);
}

Peppers Three() {
  std::vector<Pepper> peppers;
  for (const uint8_t version : {9, 4, 2}) peppers.push_back(PepperOf(1, version));
  return Peppers(std::move(peppers));
}

TEST(PeppersTest, ANameHasAnIdUnderEachTheNewestFirst) {
  const ContactPoint point = Point("+33639980001");
  const ContactName name = Three().NameOf(point);
  EXPECT_EQ(name.newest, PepperOf(1, 9).Of(point));
  EXPECT_EQ(name.older, (std::vector{PepperOf(1, 4).Of(point), PepperOf(1, 2).Of(point)}));
  EXPECT_EQ(Peppers(PepperOf(1)).NameOf(point), ContactName(PepperOf(1).Of(point)));
  const std::vector<PepperCheck> checks = Three().Checks();
  ASSERT_EQ(checks.size(), 3u);
  EXPECT_EQ(checks[0].version, 9);
  EXPECT_EQ(checks[2].version, 2);
}

TEST(PeppersTest, ASubjectStaysWhatItWasUnderTheOldest) {
  std::vector<Pepper> both;
  both.push_back(PepperOf(2, 2));
  both.push_back(PepperOf(1));
  const ContactPoint point = Point("+33639980001");
  EXPECT_EQ(Peppers(std::move(both)).SubjectFor("acme", point),
            PepperOf(1).SubjectFor("acme", point));
}

}  // namespace
}  // namespace consent::contact
