// SPDX-License-Identifier: Apache-2.0

#include "src/consent/tombstone.h"

#include <utility>

#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

// Stands in for a hash: another id, the same for the same.
ContactId Image(const ContactId& id) {
  ContactId image = id;
  for (uint8_t& byte : image.bytes) byte = static_cast<uint8_t>(byte * 7 + 1);
  return image;
}

ContactId Contact(uint8_t n) { return {{n}}; }
KeyId Key(uint8_t n) { return {{n, 0x4b}}; }

class TombstoneTest : public ::testing::Test {
 protected:
  TombstoneTest() {
    world_.At("2026-03-02T12:00:00Z");
    world_.record.handle = Handle{{1}};
    EXPECT_EQ(Bind(1, 1), Reason::kOk);
  }

  int64_t now_ms() const { return world_.now().unix_seconds * 1000; }

  SignedBytes Signed(uint8_t key, int64_t ahead_ms = 0, Signer signer = Signer::kConsumer) {
    SignedBytes bytes;
    bytes.id.bytes[0] = ++statements_;
    bytes.signed_at_ms = now_ms() + ahead_ms;
    bytes.signer = signer;
    bytes.key = Key(key);
    bytes.envelope = "names the person";
    return bytes;
  }
  Bound Binding(uint8_t key, uint8_t contact, int64_t ahead_ms = 0) {
    Bound bound;
    bound.subject = {Contact(contact), {.zones = {"Europe/Paris"}, .regions = {}}};
    bound.key = Key(key);
    bound.statement = Signed(99, ahead_ms, Signer::kRegistrar);
    return bound;
  }
  Reason Bind(uint8_t key, uint8_t contact) { return world_.Say(Binding(key, contact)); }
  Granted Granting(std::string id, int64_t ahead_ms = 0) {
    Granted granted;
    granted.grant = GrantOf(std::move(id), world_.now(),
                            {AtMost(1, "calls", On({Channel::kCall}), Lifetime())});
    granted.subject.contact_id = Contact(1);
    granted.statement = Signed(1, ahead_ms);
    return granted;
  }
  Blocked Blocking(std::string company, int64_t ahead_ms = 0) {
    Blocked blocked;
    blocked.company = std::move(company);
    blocked.channels = On({Channel::kCall});
    blocked.subject.contact_id = Contact(1);
    blocked.statement = Signed(1, ahead_ms);
    return blocked;
  }

  // The world goes on with the tombstone's record.
  Erased Erase(int64_t ahead_ms = 0) {
    const ErasureRequest request{{{0xee}}, now_ms() + ahead_ms, world_.now()};
    const Erased erased = Tombstone(world_.record, request, Image);
    const LeafIndex position{world_.record.seen.value};
    world_.record = {};
    world_.record.handle = Handle{{++handles_}};
    Evolve(world_.record, {world_.now(), position, erased});
    return erased;
  }

  World world_;
  uint8_t statements_ = 0;
  uint8_t handles_ = 1;
};

TEST_F(TombstoneTest, NothingThatNamesThePersonIsCarriedOn) {
  world_.Say(Granting("g1"));
  world_.Consume();
  const Erased erased = Erase();
  EXPECT_EQ(erased.fingerprints, std::vector{Image(Contact(1))});
  EXPECT_EQ(world_.record.contact_ids, std::vector{Image(Contact(1))});
  EXPECT_TRUE(world_.record.keys.empty());
  EXPECT_TRUE(world_.record.place.zones.empty());
  EXPECT_TRUE(world_.record.companies.empty());
  const std::string bytes = Encode(world_.record);
  EXPECT_EQ(bytes.find(Contact(1).view()), std::string::npos);
  EXPECT_EQ(bytes.find(Key(1).view()), std::string::npos);
}

TEST_F(TombstoneTest, BlocksStandWithoutTheirMakers) {
  world_.Say(Blocking("acme"));
  world_.Say(Blocking("*"));
  Blocked texts = Blocking("acme");
  texts.channels = On({Channel::kSms});
  texts.statement->key = Key(2);
  world_.record.keys.push_back(Key(2));
  world_.Say(texts);
  Erase();
  const std::vector<Block> expected = {{"acme", On({Channel::kCall, Channel::kSms}), KeyId{}},
                                       {"*", On({Channel::kCall}), KeyId{}}};
  EXPECT_EQ(world_.record.blocks, expected);
  EXPECT_EQ(world_.Check(Channel::kSms).decision.reason, Reason::kBlocked);
  EXPECT_EQ(world_.Check(Channel::kEmail).decision.reason, Reason::kNoPermission);
}

TEST_F(TombstoneTest, AReturningHolderLiftsTheBlocksThatStood) {
  world_.Say(Blocking("acme"));
  Erase();
  world_.At("2026-03-03T12:00:00Z");
  EXPECT_EQ(Bind(7, 1), Reason::kOk);
  EXPECT_EQ(world_.record.contact_ids, (std::vector{Image(Contact(1)), Contact(1)}));
  EXPECT_EQ(world_.Check().decision.reason, Reason::kBlocked);
  Unblocked unblocked;
  unblocked.company = "acme";
  unblocked.subject.contact_id = Contact(1);
  unblocked.statement = Signed(7);
  EXPECT_EQ(world_.Say(unblocked), Reason::kOk);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kNoPermission);
}

TEST_F(TombstoneTest, WhatWasSignedBeforeIsNotTakenInAgain) {
  const Granted grant = Granting("g1");
  const Bound binding = Binding(1, 1);
  world_.Say(binding);
  world_.Say(grant);
  world_.At("2026-03-02T13:00:00Z");
  Erase();
  world_.At("2026-03-02T13:00:01Z");
  EXPECT_EQ(world_.Say(binding), Reason::kNarrowedSince);
  EXPECT_EQ(Bind(1, 1), Reason::kOk);
  EXPECT_EQ(world_.Say(grant), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Say(Granting("g2")), Reason::kOk);
}

TEST_F(TombstoneTest, AFastClockOrASlowOneBringsNothingBack) {
  // Binding and claim were signed ahead of the ledger's time, the request behind it.
  const Bound binding = Binding(1, 1, 200'000);
  Granted claim = Granting("claim", 250'000);
  claim.grant.signed_by = Signer::kCompany;
  claim.grant.collected_at = world_.now();
  claim.statement->signer = Signer::kCompany;
  world_.Say(binding);
  world_.Say(claim);
  Erase(-60'000);
  EXPECT_EQ(world_.record.narrowed_all->signed_at_ms, now_ms() + 250'000);
  EXPECT_EQ(world_.Say(binding), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Say(claim), Reason::kNarrowedSince);
}

TEST_F(TombstoneTest, ABindingOfTheVeryMillisecondStaysRefused) {
  const Bound binding = Binding(1, 1);
  world_.Say(binding);
  Erase();
  EXPECT_EQ(world_.record.narrowed_all->signed_at_ms, binding.statement->signed_at_ms);
  EXPECT_EQ(world_.Say(binding), Reason::kNarrowedSince);
}

TEST_F(TombstoneTest, AnOppositionReachesBeyondASlowClocksRequest) {
  world_.Say(Granting("g1"));
  world_.Consume();
  world_.At("2026-03-02T12:00:20Z").Report(world_.last(), Outcome::kOpposed);
  Erase(-15'000);
  EXPECT_EQ(world_.record.narrowed_all->signed_at_ms, now_ms());
  EXPECT_EQ(world_.record.blocks.size(), 1u);
}

TEST_F(TombstoneTest, ClaimsCollectedBeforeStayOutranked) {
  Granted claim = Granting("claim");
  claim.grant.signed_by = Signer::kCompany;
  claim.statement->signer = Signer::kCompany;
  claim.grant.collected_at = world_.now();
  Erase();
  world_.At("2026-06-01T12:00:00Z");
  claim.statement = Signed(77, 0, Signer::kCompany);
  EXPECT_EQ(world_.Say(claim), Reason::kOutranked);
}

TEST_F(TombstoneTest, ContractsProvenBeforeStayOutranked) {
  world_.Say(Granting("g1"));
  ContractClaimed claimed;
  claimed.contract.id = "c1";
  claimed.contract.company = "acme";
  claimed.contract.object = "electricity";
  claimed.contract.valid_from = claimed.contract.collected_at = world_.now();
  Erase();
  EXPECT_EQ(world_.Say(claimed), Reason::kOutranked);
  claimed.contract.collected_at = world_.now() + Seconds{1};
  EXPECT_EQ(world_.Say(claimed), Reason::kOk);
}

TEST_F(TombstoneTest, NarrowingStatementsAreTakenInAfterwards) {
  Blocked late = Blocking("acme", -3'600'000);
  late.statement->signer = Signer::kRegistrar;
  Erase();
  EXPECT_EQ(world_.Say(late), Reason::kOk);
}

TEST_F(TombstoneTest, ASecondErasureCarriesFingerprintsAndHandlesOn) {
  Bound other = Binding(1, 2);
  world_.Say(other);
  world_.Say(Blocking("acme"));
  const Erased first = Erase();
  EXPECT_EQ(first.handles, std::vector{Handle{{1}}});
  world_.At("2026-03-03T12:00:00Z");
  Bind(7, 1);  // With one of the two contact points.
  const Erased second = Erase();
  EXPECT_EQ(second.fingerprints, (std::vector{Image(Contact(1)), Image(Contact(2))}));
  EXPECT_EQ(second.handles, (std::vector{Handle{{1}}, Handle{{2}}}));
  EXPECT_EQ(second.blocks.size(), 1u);
}

TEST_F(TombstoneTest, TheRequestIsKnownByItsIdAlone) {
  Erase();
  ASSERT_EQ(world_.record.statements.size(), 1u);
  EXPECT_EQ(world_.record.statements[0].id, StatementId{{0xee}});
}

TEST_F(TombstoneTest, ARecordMadeByItHasOneEncoding) {
  world_.Say(Blocking("*"));
  Erase();
  const std::string bytes = Encode(world_.record);
  const auto decoded = Decode<Record>(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, world_.record);
}

}  // namespace
}  // namespace consent::core
