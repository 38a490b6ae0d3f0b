// SPDX-License-Identifier: Apache-2.0

#include "src/directory/directory.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/journal/opening.h"

namespace consent::directory {
namespace {

using ::testing::Eq;
using ::testing::Optional;

KeyId KeyNumber(uint8_t number) {
  KeyId id;
  id.bytes.fill(number);
  return id;
}
PartyPut Acme() { return {"acme", Role::kCompany, "Acme S.A.", false}; }

class DirectoryTest : public ::testing::Test {
 protected:
  void Apply(const DirectoryEvent& event) {
    ASSERT_THAT(directory_.Judge(event), IsOkAndHolds(Eq(std::nullopt)));
    directory_.Apply(event, {directory_.size().value}, {1000});
  }
  std::string Refusal(const DirectoryEvent& event) {
    return ReasonOf(directory_.Judge(event).status());
  }
  Directory directory_;
};

TEST_F(DirectoryTest, PartyIsFoundInItsRoleOnly) {
  Apply(Acme());
  ASSERT_NE(directory_.Find("acme", Role::kCompany), nullptr);
  EXPECT_EQ(directory_.Find("acme", Role::kCompany)->legal_name, "Acme S.A.");
  EXPECT_EQ(directory_.Find("acme", Role::kRegistrar), nullptr);
  EXPECT_EQ(directory_.Find("other", Role::kCompany), nullptr);
}

TEST_F(DirectoryTest, RepeatedChangeNamesTheEntryItWasMadeAt) {
  Apply(Acme());
  Apply(KeyAdded{"acme", KeyNumber(1), "spki"});
  EXPECT_THAT(directory_.Judge(KeyAdded{"acme", KeyNumber(1), "spki"}),
              IsOkAndHolds(Optional(LeafIndex{1})));
  Apply(KeyRetired{"acme", KeyNumber(1)});
  EXPECT_THAT(directory_.Judge(KeyRetired{"acme", KeyNumber(1)}),
              IsOkAndHolds(Optional(LeafIndex{2})));
  EXPECT_THAT(directory_.Judge(Acme()), IsOkAndHolds(Optional(LeafIndex{2})));
}

TEST_F(DirectoryTest, PartyMayChangeItsNameButNotItsRole) {
  Apply(Acme());
  PartyPut renamed = Acme();
  renamed.legal_name = "Acme & Sons";
  Apply(renamed);
  EXPECT_EQ(directory_.Find("acme", Role::kCompany)->legal_name, "Acme & Sons");
  PartyPut other_role = Acme();
  other_role.role = Role::kRegistrar;
  EXPECT_THAT(directory_.Judge(other_role), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(DirectoryTest, KeyBelongsToOnePartyAndNeverComesBack) {
  Apply(Acme());
  Apply(PartyPut{"beta", Role::kRegistrar, "Beta", false});
  Apply(KeyAdded{"acme", KeyNumber(1), "spki"});
  ASSERT_NE(directory_.HolderOf(KeyNumber(1)), nullptr);
  EXPECT_EQ(directory_.HolderOf(KeyNumber(1))->id, "acme");
  EXPECT_THAT(directory_.Judge(KeyAdded{"beta", KeyNumber(1), "spki"}),
              StatusIs(absl::StatusCode::kAlreadyExists));
  Apply(KeyRetired{"acme", KeyNumber(1)});
  EXPECT_EQ(directory_.HolderOf(KeyNumber(1)), nullptr) << "a retired key is not believed";
  EXPECT_THAT(directory_.Judge(KeyAdded{"acme", KeyNumber(1), "spki"}),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(DirectoryTest, RefusesWhatIsMalformed) {
  for (const std::string& id : {std::string(), std::string(65, 'a'), std::string("Acme"),
                                std::string("a b"), std::string("a/b"), std::string("*")}) {
    EXPECT_EQ(Refusal(PartyPut{id, Role::kCompany, "Name", false}), "INVALID_FIELD") << id;
  }
  EXPECT_EQ(Refusal(PartyPut{"acme", Role::kUnspecified, "Name", false}), "INVALID_FIELD");
  EXPECT_EQ(Refusal(PartyPut{"acme", static_cast<Role>(3), "Name", false}), "INVALID_FIELD");
  EXPECT_EQ(Refusal(PartyPut{"acme", Role::kCompany, "", false}), "INVALID_FIELD");
  EXPECT_EQ(Refusal(PartyPut{"acme", Role::kCompany, std::string(257, 'x'), false}),
            "INVALID_FIELD");
}

TEST_F(DirectoryTest, RefusesWhatConcernsNobody) {
  EXPECT_EQ(Refusal(KeyAdded{"acme", KeyNumber(1), "spki"}), "UNKNOWN_COMPANY");
  EXPECT_EQ(Refusal(KeyRetired{"acme", KeyNumber(1)}), "UNKNOWN_COMPANY");
  Apply(Acme());
  EXPECT_EQ(Refusal(KeyRetired{"acme", KeyNumber(1)}), "UNKNOWN_KEY");
}

TEST_F(DirectoryTest, PartyHasAtMost256Keys) {
  Apply(Acme());
  for (size_t i = 0; i < kKeysPerPartyMax; ++i) {
    KeyId id = KeyNumber(0);
    id.bytes[0] = static_cast<uint8_t>(i);
    id.bytes[1] = 1;
    Apply(KeyAdded{"acme", id, "spki"});
  }
  EXPECT_THAT(directory_.Judge(KeyAdded{"acme", KeyNumber(9), "spki"}),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(DirectoryTest, EventsRoundTripThroughTheirParts) {
  const auto round_trip = [](const DirectoryEvent& event, uint8_t kind) {
    journal::Entry entry;
    entry.kind = kind;
    const journal::Parts parts = ToParts(event);
    const auto again = ToDirectoryEvent(entry, parts);
    return again.ok() && again->index() == event.index() && ToParts(*again) == parts;
  };
  EXPECT_TRUE(round_trip(Acme(), 64));
  EXPECT_TRUE(round_trip(KeyAdded{"acme", KeyNumber(1), "spki"}, 65));
  EXPECT_TRUE(round_trip(KeyRetired{"acme", KeyNumber(1)}, 66));
  EXPECT_TRUE(round_trip(RulePackPut{"fr", "2026-11-22", {}}, 67));
  EXPECT_TRUE(round_trip(RulePackRetired{"fr"}, 68));
  EXPECT_TRUE(round_trip(NumberRegistered{"acme", "38000"}, 69));
  EXPECT_TRUE(round_trip(NumberRetired{"acme", "38000"}, 70));
  EXPECT_TRUE(round_trip(Delegated{"acme", "calls", "by", {1}, {2}}, 71));
  EXPECT_TRUE(round_trip(DelegationRevoked{"acme", "calls"}, 72));
  EXPECT_TRUE(round_trip(ListImported{"list", "source"}, 73));
  EXPECT_TRUE(round_trip(StrangersAsked{"acme", {1}, 200'000}, 74));
  EXPECT_FALSE(round_trip(Acme(), 75));
  EXPECT_FALSE(round_trip(Acme(), 66));
}

}  // namespace
}  // namespace consent::directory
