// SPDX-License-Identifier: Apache-2.0

#include "src/statement/envelope.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/crypto/ecdsa_signature.h"
#include "src/crypto/hash.h"
#include "src/statement/dsse.h"
#include "src/statement/sample.h"

namespace consent::statement {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

absl::StatusOr<Opened> OpenSample(const v1::SignedStatement& sealed) {
  return Open(sealed, kSampleAudience);
}

// A refusal carries its reason, and neither the contact point nor the key.
void ExpectRefused(const v1::SignedStatement& sealed, const char* reason, const char* says,
                   const char* field = "") {
  const auto opened = OpenSample(sealed);
  ASSERT_FALSE(opened.ok()) << "expected " << reason;
  EXPECT_EQ(ReasonOf(opened.status()), reason) << opened.status();
  EXPECT_EQ(FieldOf(opened.status()), field) << opened.status();
  const std::string message(opened.status().message());
  EXPECT_THAT(message, HasSubstr(says));
  EXPECT_THAT(message, HasSubstr("expected"));
  EXPECT_THAT(message, Not(HasSubstr("639980001")));
}

std::string* SignatureOf(v1::SignedStatement& sealed) {
  return sealed.mutable_signatures(0)->mutable_signature();
}

// `number` + `other` or, with `subtract`, other - number, over 32 bytes, least significant first.
std::string Combine(std::string number, const std::string& other, bool subtract) {
  int carry = 0;
  for (size_t i = 0; i < number.size(); ++i) {
    const int a = static_cast<unsigned char>(number[i]);
    const int b = static_cast<unsigned char>(other[i]);
    const int sum = subtract ? b - a - carry : b + a + carry;
    number[i] = static_cast<char>(sum & 0xff);
    carry = subtract ? (sum < 0 ? 1 : 0) : sum >> 8;
  }
  return number;
}

std::string Unhex(const char* hex) { return absl::HexStringToBytes(hex); }
std::string Reversed(const std::string& s) { return {s.rbegin(), s.rend()}; }

TEST(EnvelopeTest, OpensWhatBothAlgorithmsSigned) {
  for (const auto& key : {SampleKey(), SampleP256Key()}) {
    const v1::Statement message = SampleGrant();
    ASSERT_OK_AND_ASSIGN(const v1::SignedStatement sealed, Sign(message, key));
    ASSERT_OK_AND_ASSIGN(const Opened opened, OpenSample(sealed));
    EXPECT_EQ(opened.message.SerializeAsString(), message.SerializeAsString());
    EXPECT_EQ(opened.contact_point.uri(), "tel:+33639980001");
    EXPECT_EQ(opened.id.view(), crypto::Sha256({sealed.payload()}).view().substr(0, 16));
    EXPECT_EQ(opened.signed_at_ms, kSampleSigned.unix_seconds * 1000 + 250);
    EXPECT_EQ(opened.key, key.public_key());
    EXPECT_EQ(opened.envelope, sealed.SerializeAsString());
  }
}

TEST(EnvelopeTest, OpensEveryKindOfBody) {
  for (const v1::Statement& message :
       {SampleKeyBinding(), SampleGrant(), SampleClaim(), SampleRevocation(), SampleBlock(),
        SampleUnblock(), SampleViewRequest(), SampleEraseRequest()}) {
    EXPECT_OK(OpenSample(SignSample(message)));
  }
}

TEST(EnvelopeTest, TheSignatureIsOverTheBytesAsReceived) {
  // The same message in another order of fields: other bytes, as valid, and another statement.
  const v1::Statement message = SampleRevocation();
  v1::Statement first, rest = message;
  first.set_audience(message.audience());
  rest.clear_audience();
  const std::string payload = rest.SerializeAsString() + first.SerializeAsString();
  ASSERT_NE(payload, message.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const Opened opened, OpenSample(SignPayload(payload, SampleKey())));
  EXPECT_EQ(opened.message.SerializeAsString(), message.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const Opened usual, OpenSample(SignSample(message)));
  EXPECT_NE(opened.id, usual.id);
}

TEST(EnvelopeTest, TheIdDoesNotDependOnWhoSigned) {
  ASSERT_OK_AND_ASSIGN(const Opened one, OpenSample(SignSample(SampleGrant(), SampleKey('a'))));
  ASSERT_OK_AND_ASSIGN(const Opened two, OpenSample(SignSample(SampleGrant(), SampleP256Key())));
  EXPECT_EQ(one.id, two.id);
}

TEST(EnvelopeTest, RefusesAnyFlippedBitOfThePayload) {
  const v1::SignedStatement sealed = SignSample(SampleBlock());
  const google::protobuf::LogSilencer quiet;  // Flips make invalid UTF-8, which protobuf reports.
  for (size_t bit = 0; bit < sealed.payload().size() * 8; ++bit) {
    v1::SignedStatement flipped = sealed;
    (*flipped.mutable_payload())[bit / 8] ^= static_cast<char>(1 << (bit % 8));
    EXPECT_FALSE(OpenSample(flipped).ok()) << "bit " << bit;
  }
}

TEST(EnvelopeTest, RefusesAFlippedPayloadThatStillReads) {
  v1::SignedStatement sealed = SignSample(SampleBlock());
  v1::Statement other = SampleBlock();
  other.mutable_block()->set_channels(0, v1::CHANNEL_SMS);
  sealed.set_payload(other.SerializeAsString());
  ExpectRefused(sealed, "BAD_SIGNATURE", "payload bytes that are sent");
}

TEST(EnvelopeTest, RefusesAnyFlippedBitOfTheSignature) {
  for (const auto& key : {SampleKey(), SampleP256Key()}) {
    const v1::SignedStatement sealed = SignSample(SampleBlock(), key);
    for (size_t bit = 0; bit < 64 * 8; bit += 7) {
      v1::SignedStatement flipped = sealed;
      (*SignatureOf(flipped))[bit / 8] ^= static_cast<char>(1 << (bit % 8));
      ExpectRefused(flipped, "BAD_SIGNATURE", "signature");
    }
  }
}

TEST(EnvelopeTest, RefusesTheSignatureOfAnotherKey) {
  v1::SignedStatement sealed = SignSample(SampleGrant(), SampleKey('a'));
  sealed.mutable_signatures(0)->set_public_key(SampleKey('b').public_key().spki());
  ExpectRefused(sealed, "BAD_SIGNATURE", "expected one by this key");
  sealed.mutable_signatures(0)->set_public_key(SampleP256Key().public_key().spki());
  ExpectRefused(sealed, "BAD_SIGNATURE", "ECDSA");
}

TEST(EnvelopeTest, RefusesASignatureOverThePayloadAlone) {
  v1::SignedStatement sealed = SignSample(SampleGrant());
  *SignatureOf(sealed) = SampleKey().Sign(sealed.payload());
  ExpectRefused(sealed, "BAD_SIGNATURE", "pre-authentication encoding");
}

TEST(EnvelopeTest, RefusesASignatureForAnotherType) {
  v1::SignedStatement sealed = SignSample(SampleGrant());
  *SignatureOf(sealed) = SampleKey().Sign(PreAuthEncoding("text/plain", sealed.payload()));
  ExpectRefused(sealed, "BAD_SIGNATURE", "pre-authentication encoding");
}

TEST(EnvelopeTest, RefusesTheOtherFormOfAnEd25519Signature) {
  v1::SignedStatement sealed = SignSample(SampleGrant());
  // S + L, least significant byte first: the same signature modulo the group order.
  const std::string order =
      Reversed(Unhex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"));
  std::string& signature = *SignatureOf(sealed);
  signature = signature.substr(0, 32) + Combine(signature.substr(32), order, false);
  ExpectRefused(sealed, "BAD_SIGNATURE", "S not below the group order");
}

TEST(EnvelopeTest, RefusesTheOtherFormOfAnEcdsaSignature) {
  v1::SignedStatement sealed = SignSample(SampleGrant(), SampleP256Key());
  const std::string order =
      Reversed(Unhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));
  std::string& signature = *SignatureOf(sealed);
  const std::string low = signature;
  signature = low.substr(0, 32) + Reversed(Combine(Reversed(low.substr(32)), order, true));
  ExpectRefused(sealed, "BAD_SIGNATURE", "low-S");
  // It is nothing but the form: brought back, it opens.
  ASSERT_OK_AND_ASSIGN(signature, crypto::ToLowS(signature));
  EXPECT_EQ(signature, low);
  EXPECT_OK(OpenSample(sealed));
}

TEST(EnvelopeTest, RefusesAnEcdsaSignatureInDer) {
  v1::SignedStatement sealed = SignSample(SampleGrant(), SampleP256Key());
  *SignatureOf(sealed) = crypto::EcdsaToDer(*SignatureOf(sealed));
  ExpectRefused(sealed, "BAD_SIGNATURE", "expected 64 bytes r || s");
}

TEST(EnvelopeTest, RefusesSignaturesOfOtherLengths) {
  for (const size_t size : {0, 63, 65}) {
    v1::SignedStatement sealed = SignSample(SampleGrant());
    SignatureOf(sealed)->resize(size);
    ExpectRefused(sealed, "BAD_SIGNATURE", "expected 64 bytes");
  }
}

TEST(EnvelopeTest, RefusesKeysInAnyOtherEncoding) {
  const std::string ed25519 = SampleKey().public_key().spki();
  const std::string p256 = SampleP256Key().public_key().spki();
  const std::string identity = ed25519.substr(0, 12) + std::string(1, '\x01') + std::string(31, 0);
  const std::string no_point = ed25519.substr(0, 12) + std::string(1, '\x02') + std::string(31, 0);
  for (const std::string& key : {std::string(), ed25519.substr(12), ed25519 + '\0', identity,
                                 no_point, p256.substr(0, 90), SampleKey().public_key().ToPem()}) {
    v1::SignedStatement sealed = SignSample(SampleGrant());
    sealed.mutable_signatures(0)->set_public_key(key);
    ExpectRefused(sealed, "MALFORMED_STATEMENT", "public key");
  }
}

TEST(EnvelopeTest, RefusesAnotherPayloadType) {
  for (const char* type :
       {"", "application/json", "application/vnd.consent-ledger.statement.v2+protobuf",
        "Application/vnd.consent-ledger.statement.v1+protobuf"}) {
    v1::SignedStatement sealed = SignSample(SampleGrant());
    sealed.set_payload_type(type);
    ExpectRefused(sealed, "MALFORMED_STATEMENT", "payload_type");
  }
}

TEST(EnvelopeTest, RefusesNoSignatureAndTwo) {
  v1::SignedStatement none = SignSample(SampleGrant());
  none.clear_signatures();
  ExpectRefused(none, "MALFORMED_STATEMENT", "exactly one signature, found 0");
  v1::SignedStatement two = SignSample(SampleGrant());
  *two.add_signatures() = SignSample(SampleGrant(), SampleKey('b')).signatures(0);
  ExpectRefused(two, "MALFORMED_STATEMENT", "exactly one signature, found 2");
}

TEST(EnvelopeTest, RefusesEmptyAndOversizedPayloads) {
  ExpectRefused(SignPayload("", SampleKey()), "MALFORMED_STATEMENT", "found 0");
  // A long list of channels, in a payload of exactly the limit and of one byte more.
  v1::Statement message = SampleBlock();
  const size_t few = message.ByteSizeLong();
  while (message.ByteSizeLong() < kPayloadBytesMax) {
    message.mutable_block()->add_channels(v1::CHANNEL_SMS);
  }
  ASSERT_GT(message.ByteSizeLong(), few);
  ASSERT_EQ(message.ByteSizeLong(), kPayloadBytesMax);
  EXPECT_OK(OpenSample(SignSample(message)));
  message.mutable_block()->add_channels(v1::CHANNEL_SMS);
  ExpectRefused(SignSample(message), "MALFORMED_STATEMENT", "1 to 8192 bytes, found 8193");
}

TEST(EnvelopeTest, RefusesAnOversizedEnvelope) {
  v1::SignedStatement sealed = SignSample(SampleGrant());
  SignatureOf(sealed)->resize(kEnvelopeBytesMax);
  ExpectRefused(sealed, "MALFORMED_STATEMENT", "at most 16384 bytes");
}

TEST(EnvelopeTest, RefusesAPayloadThatIsNoStatement) {
  ExpectRefused(SignPayload("not protobuf at all", SampleKey()), "MALFORMED_STATEMENT",
                "consent.v1.Statement");
  const std::string whole = SampleGrant().SerializeAsString();
  ExpectRefused(SignPayload(whole.substr(0, whole.size() - 1), SampleKey()), "MALFORMED_STATEMENT",
                "consent.v1.Statement");
}

TEST(EnvelopeTest, RefusesGroupsNestedDeeply) {
  // Field 99 as a group inside a group, a thousand times: 0x9b 0x06 opens one.
  std::string payload = SampleGrant().SerializeAsString();
  for (int i = 0; i < 1000; ++i) payload += "\x9b\x06";
  for (int i = 0; i < 1000; ++i) payload += "\x9c\x06";
  ExpectRefused(SignPayload(payload, SampleKey()), "MALFORMED_STATEMENT", "consent.v1.Statement");
  // Shallow enough to be read, it is still an unknown field.
  ExpectRefused(SignPayload(SampleGrant().SerializeAsString() + "\x9b\x06\x9c\x06", SampleKey()),
                "MALFORMED_STATEMENT", "field number 99");
}

TEST(EnvelopeTest, RefusesInvalidUtf8) {
  const google::protobuf::LogSilencer quiet;
  for (const char* text : {"\xff", "\xc3", "\xed\xa0\x80", "\xc0\x80"}) {
    v1::Statement message = SampleRevocation();
    message.mutable_revocation()->set_grant_id(text);
    ExpectRefused(SignSample(message), "MALFORMED_STATEMENT", "UTF-8");
  }
}

TEST(EnvelopeTest, RefusesUnknownFieldsWhereverTheyStand) {
  const auto add = [](google::protobuf::Message& in) {
    in.GetReflection()->MutableUnknownFields(&in)->AddVarint(77, 1);
  };
  v1::Statement top = SampleGrant();
  add(top);
  ExpectRefused(SignSample(top), "MALFORMED_STATEMENT", "in the payload: field number 77");
  v1::Statement body = SampleGrant();
  add(*body.mutable_grant());
  ExpectRefused(SignSample(body), "MALFORMED_STATEMENT", "grant, field number 77");
  v1::Statement window = SampleClaim();
  add(*window.mutable_claim()->mutable_grant()->mutable_limits(1)->mutable_window());
  ExpectRefused(SignSample(window), "MALFORMED_STATEMENT",
                "claim.grant.limits[1].window, field number 77");
  v1::Statement time = SampleClaim();
  add(*time.mutable_signed_at());
  ExpectRefused(SignSample(time), "MALFORMED_STATEMENT", "signed_at, field number 77");
  v1::SignedStatement envelope = SignSample(SampleGrant());
  add(envelope);
  ExpectRefused(envelope, "MALFORMED_STATEMENT", "in the envelope: field number 77");
  v1::SignedStatement signature = SignSample(SampleGrant());
  add(*signature.mutable_signatures(0));
  ExpectRefused(signature, "MALFORMED_STATEMENT", "signatures[0], field number 77");
}

TEST(EnvelopeTest, RefusesAKnownFieldInAnotherWireType) {
  // limits[0].max (field 3) as a string.
  v1::Statement message = SampleGrant();
  v1::Limit& limit = *message.mutable_grant()->mutable_limits(0);
  limit.GetReflection()->MutableUnknownFields(&limit)->AddLengthDelimited(3, "9");
  ExpectRefused(SignSample(message), "MALFORMED_STATEMENT", "grant.limits[0], field number 3");
}

TEST(EnvelopeTest, RefusesAStatementForAnotherLedger) {
  for (const char* audience : {"ledger.example/other", "ledger.example/test ",
                               "LEDGER.example/test", "ledger.example/tes"}) {
    v1::Statement message = SampleGrant();
    message.set_audience(audience);
    ExpectRefused(SignSample(message), "WRONG_AUDIENCE", "ledger.example/test");
  }
}

TEST(EnvelopeTest, RefusesAStatementWithoutBody) {
  v1::Statement message = SampleGrant();
  message.clear_body();
  ExpectRefused(SignSample(message), "MALFORMED_STATEMENT", "body");
}

TEST(EnvelopeTest, RefusesStatementIdsOfOtherLengths) {
  for (const size_t size : {0, 15, 17}) {
    v1::Statement message = SampleGrant();
    message.set_statement_id(std::string(size, 'x'));
    ExpectRefused(SignSample(message), "INVALID_FIELD", "expected 16 bytes", "statement_id");
  }
}

TEST(EnvelopeTest, RefusesNoAudienceAndALongOne) {
  for (const size_t size : {0, 256}) {
    v1::Statement message = SampleGrant();
    message.set_audience(std::string(size, 'x'));
    ExpectRefused(SignSample(message), "INVALID_FIELD", "1 to 255 bytes", "audience");
  }
}

TEST(EnvelopeTest, RefusesTimesOfSigningThatAreNone) {
  v1::Statement none = SampleGrant();
  none.clear_signed_at();
  ExpectRefused(SignSample(none), "INVALID_FIELD", "found none", "signed_at");
  for (const int64_t seconds :
       {INT64_MIN, INT64_C(0), INT64_C(946684799), INT64_C(253402300800), INT64_MAX}) {
    v1::Statement message = SampleGrant();
    message.mutable_signed_at()->set_seconds(seconds);
    ExpectRefused(SignSample(message), "INVALID_FIELD", "years 2000 to 9999", "signed_at");
  }
  for (const int32_t nanos : {INT32_MIN, -1, 1'000'000'000, INT32_MAX}) {
    v1::Statement message = SampleGrant();
    message.mutable_signed_at()->set_nanos(nanos);
    ExpectRefused(SignSample(message), "INVALID_FIELD", "nanos from 0", "signed_at");
  }
}

TEST(EnvelopeTest, TakesTheFirstAndTheLastMomentOfSigning) {
  v1::Statement message = SampleRevocation();
  message.mutable_signed_at()->set_seconds(946684800);
  message.mutable_signed_at()->set_nanos(0);
  ASSERT_OK_AND_ASSIGN(const Opened first, OpenSample(SignSample(message)));
  EXPECT_EQ(first.signed_at_ms, INT64_C(946684800000));
  message.mutable_signed_at()->set_seconds(253402300799);
  message.mutable_signed_at()->set_nanos(999'999'999);
  ASSERT_OK_AND_ASSIGN(const Opened last, OpenSample(SignSample(message)));
  EXPECT_EQ(last.signed_at_ms, INT64_C(253402300799999));
}

TEST(EnvelopeTest, RefusesContactPointsWithoutQuotingThem) {
  for (const std::string& text : {std::string(), std::string("0639980001"), std::string("+3"),
                                  std::string("tel:+33639980001;ext=5"), std::string(300, '1')}) {
    v1::Statement message = SampleGrant();
    message.set_contact_point(text);
    ExpectRefused(SignSample(message), "INVALID_CONTACT_POINT", "expected");
  }
}

TEST(EnvelopeTest, NormalisesTheContactPoint) {
  v1::Statement message = SampleGrant();
  message.set_contact_point("TEL:+33 6 39 98 00 01");
  ASSERT_OK_AND_ASSIGN(const Opened opened, OpenSample(SignSample(message)));
  EXPECT_EQ(opened.contact_point.uri(), "tel:+33639980001");
}

TEST(EnvelopeTest, LooksForCheapFaultsBeforeTheSignature) {
  v1::Statement message = SampleGrant();
  message.set_audience("ledger.example/other");
  v1::SignedStatement sealed = SignSample(message);
  SignatureOf(sealed)->clear();
  ExpectRefused(sealed, "WRONG_AUDIENCE", "audience");
}

TEST(EnvelopeTest, SignRefusesWhatNoLedgerOpens) {
  v1::Statement no_body = SampleGrant();
  no_body.clear_body();
  EXPECT_EQ(ReasonOf(Sign(no_body, SampleKey()).status()), "MALFORMED_STATEMENT");
  v1::Statement no_id = SampleGrant();
  no_id.clear_statement_id();
  EXPECT_EQ(FieldOf(Sign(no_id, SampleKey()).status()), "statement_id");
  v1::Statement no_time = SampleGrant();
  no_time.clear_signed_at();
  EXPECT_EQ(FieldOf(Sign(no_time, SampleKey()).status()), "signed_at");
  v1::Statement long_one = SampleGrant();
  for (int i = 0; i < 5000; ++i) long_one.mutable_grant()->add_limits();
  EXPECT_EQ(ReasonOf(Sign(long_one, SampleKey()).status()), "MALFORMED_STATEMENT");
}

TEST(EnvelopeTest, StatementIdsAreNeverTheSame) {
  EXPECT_EQ(NewStatementId().size(), kStatementIdBytes);
  EXPECT_NE(NewStatementId(), NewStatementId());
}

}  // namespace
}  // namespace consent::statement
