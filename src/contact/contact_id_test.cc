// SPDX-License-Identifier: Apache-2.0

#include "src/contact/contact_id.h"

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "src/base/status_matchers.h"
#include "src/crypto/secret.h"

namespace consent::contact {
namespace {

Pepper PepperOf(char byte, uint32_t version = Pepper::kFirstVersion) {
  return Pepper(version, crypto::HmacKey(*crypto::Secret::FromBytes(std::string(32, byte))));
}
ContactPoint Point(std::string_view text) { return *ContactPoint::Parse(text); }
template <typename Id>
std::string Hex(const Id& id) {
  return absl::BytesToHexString(id.str());
}

// Computed with Python's hmac module.
TEST(PepperTest, GoldenIdsAreTheHmacOfTheCanonicalText) {
  const Pepper pepper = PepperOf(0x2a);
  EXPECT_EQ(Hex(pepper.Of(Point("+33639980001"))),
            "2e583a5d0ab1f883c4d26edfedb0b90dad3b614669611c24f28832a36e6325d2");
  EXPECT_EQ(Hex(pepper.Of(Point("Someone@Example.org"))),
            "311d2fe7befae3311f2939e508ef7d253b088b22eed25e01e87400900d05fff9");
  EXPECT_EQ(Hex(pepper.SubjectFor("acme", Point("+33639980001"))),
            "97cdd79286b36fd80d7fbdf737df17e592a94159a7516504f9efd58824e23b85");
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

TEST(PepperTest, VersionsCountFromOneAndAreKeptByAMove) {
  Pepper pepper = PepperOf(1);
  EXPECT_EQ(pepper.version(), 1u);
  const ContactId id = pepper.Of(Point("+33639980001"));
  const Pepper moved = std::move(pepper);
  EXPECT_EQ(moved.version(), 1u);
  EXPECT_EQ(moved.Of(Point("+33639980001")), id);
  EXPECT_EQ(PepperOf(1, 7).version(), 7u);
}

}  // namespace
}  // namespace consent::contact
