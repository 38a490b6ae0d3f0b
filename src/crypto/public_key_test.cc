// SPDX-License-Identifier: Apache-2.0
//
// Which keys are taken, and their one encoding. What they verify: verify_test.cc.

#include "src/crypto/public_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "src/base/status_matchers.h"
#include "src/crypto/hash.h"
#include "src/crypto/pem.h"
#include "src/crypto/private_key.h"

namespace consent::crypto {
namespace {

using ::testing::HasSubstr;

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

std::string Bytes(std::string_view hex) { return absl::HexStringToBytes(std::string(hex)); }

// The public key of RFC 8032, 7.1, test 1.
const std::string kRaw = Bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
const std::string kEd25519Spki = Bytes("302a300506032b6570032100") + kRaw;

// The public key of RFC 6979, A.2.5.
const std::string kX = Bytes("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
const std::string kY = Bytes("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
const std::string kP256Prefix = Bytes("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
const std::string kP256Spki = kP256Prefix + kX + kY;

using Evp = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string SpkiOf(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  std::string spki(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return spki;
}

TEST(PublicKeyTest, AnEd25519KeyKeepsItsBytes) {
  ASSERT_OK_AND_ASSIGN(const PublicKey key, PublicKey::FromSpki(kEd25519Spki));
  EXPECT_EQ(key.algorithm(), Algorithm::kEd25519);
  EXPECT_EQ(key.spki(), kEd25519Spki);
  EXPECT_THAT(key.RawEd25519(), IsOkAndHolds(kRaw));
  EXPECT_THAT(PublicKey::FromRawEd25519(kRaw), IsOkAndHolds(key));
}

TEST(PublicKeyTest, AP256KeyKeepsItsBytes) {
  ASSERT_OK_AND_ASSIGN(const PublicKey key, PublicKey::FromSpki(kP256Spki));
  EXPECT_EQ(key.algorithm(), Algorithm::kEcdsaP256);
  EXPECT_EQ(key.spki(), kP256Spki);
  EXPECT_THAT(key.RawEd25519(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                         HasSubstr("expected Ed25519, found ECDSA P-256")));
}

TEST(PublicKeyTest, ItsIdIsTheFirstHalfOfItsHash) {
  ASSERT_OK_AND_ASSIGN(const PublicKey key, PublicKey::FromSpki(kEd25519Spki));
  EXPECT_EQ(key.id().str(), Sha256({kEd25519Spki}).str().substr(0, 16));
}

TEST(PublicKeyTest, PemHoldsTheSameKey) {
  for (const std::string& spki : {kEd25519Spki, kP256Spki}) {
    ASSERT_OK_AND_ASSIGN(const PublicKey key, PublicKey::FromSpki(spki));
    EXPECT_THAT(PublicKey::FromPem(key.ToPem()), IsOkAndHolds(key));
  }
  EXPECT_THAT(PublicKey::FromPem(EncodePem("EC PUBLIC KEY", kP256Spki)), StatusIs(kRefused));
  EXPECT_THAT(PublicKey::FromPem(EncodePem("PUBLIC KEY", kP256Spki + "x")), StatusIs(kRefused));
}

TEST(PublicKeyTest, OpenSslWritesTheSameBytes) {
  for (const Algorithm algorithm : {Algorithm::kEd25519, Algorithm::kEcdsaP256}) {
    const bool ed25519 = algorithm == Algorithm::kEd25519;
    const Evp evp(ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519") : EVP_EC_gen("P-256"),
                  EVP_PKEY_free);
    ASSERT_OK_AND_ASSIGN(const PublicKey key, PublicKey::FromSpki(SpkiOf(evp.get())));
    EXPECT_EQ(key.algorithm(), algorithm);
  }
}

TEST(PublicKeyTest, OtherAlgorithmsAndCurvesAreRefused) {
  for (const char* curve : {"P-224", "P-384", "P-521", "secp256k1", "brainpoolP256r1"}) {
    const Evp evp(EVP_EC_gen(curve), EVP_PKEY_free);
    ASSERT_NE(evp, nullptr) << curve;
    EXPECT_THAT(PublicKey::FromSpki(SpkiOf(evp.get())), StatusIs(kRefused)) << curve;
  }
  for (const char* type : {"X25519", "ED448"}) {
    const Evp evp(EVP_PKEY_Q_keygen(nullptr, nullptr, type), EVP_PKEY_free);
    EXPECT_THAT(PublicKey::FromSpki(SpkiOf(evp.get())), StatusIs(kRefused)) << type;
  }
  const Evp rsa(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{1024}), EVP_PKEY_free);
  EXPECT_THAT(PublicKey::FromSpki(SpkiOf(rsa.get())), StatusIs(kRefused));
}

TEST(PublicKeyTest, OtherFormsOfAP256PointAreRefused) {
  for (const char* form : {"compressed", "hybrid"}) {
    const Evp evp(EVP_EC_gen("P-256"), EVP_PKEY_free);
    ASSERT_EQ(
        EVP_PKEY_set_utf8_string_param(evp.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, form),
        1);
    EXPECT_THAT(PublicKey::FromSpki(SpkiOf(evp.get())), StatusIs(kRefused)) << form;
  }
}

TEST(PublicKeyTest, PointsOffTheCurveAreRefused) {
  for (size_t i = 0; i < 64; ++i) {
    std::string spki = kP256Spki;
    spki[kP256Prefix.size() + i] ^= 1;
    EXPECT_THAT(PublicKey::FromSpki(spki), StatusIs(kRefused, HasSubstr("point of the curve")));
  }
  // The coordinates that some libraries write for the point at infinity.
  EXPECT_THAT(PublicKey::FromSpki(kP256Prefix + std::string(64, '\0')), StatusIs(kRefused));
  EXPECT_THAT(PublicKey::FromSpki(kP256Prefix + kY + kX), StatusIs(kRefused));
}

TEST(PublicKeyTest, CoordinatesNotBelowThePrimeAreRefused) {
  // (5, y) is a point; (5 + p, y) would be the same one in other bytes.
  const std::string five =
      Bytes("0000000000000000000000000000000000000000000000000000000000000005");
  const std::string five_and_p =
      Bytes("ffffffff00000001000000000000000000000001000000000000000000000004");
  const std::string y = Bytes("459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc");
  EXPECT_OK(PublicKey::FromSpki(kP256Prefix + five + y));
  EXPECT_THAT(PublicKey::FromSpki(kP256Prefix + five_and_p + y), StatusIs(kRefused));
}

TEST(PublicKeyTest, ManyThreadsMayReadAndUseKeys) {
  const PrivateKey signer = PrivateKey::Generate(Algorithm::kEcdsaP256);
  const std::string signature = signer.Sign("message");
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const auto key = PublicKey::FromSpki(signer.public_key().spki());
        if (!key.ok() || !key->Verify("message", signature).ok()) ++wrong[t];
        if (!signer.public_key().Verify("message", signature).ok()) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(PublicKeyTest, UnsoundEd25519KeysAreRefused) {
  // ed25519_point_test.cc has them all; here one of each, by every way in.
  for (const char* hex : {
           "0100000000000000000000000000000000000000000000000000000000000000",  // Small order.
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // Not canonical.
           "0200000000000000000000000000000000000000000000000000000000000000",  // No point.
       }) {
    const std::string spki = Bytes("302a300506032b6570032100") + Bytes(hex);
    EXPECT_THAT(PublicKey::FromSpki(spki), StatusIs(kRefused)) << hex;
    EXPECT_THAT(PublicKey::FromPem(EncodePem("PUBLIC KEY", spki)), StatusIs(kRefused)) << hex;
    EXPECT_THAT(PublicKey::FromRawEd25519(Bytes(hex)), StatusIs(kRefused)) << hex;
  }
}

TEST(PublicKeyTest, ASignersKeyMustBeSoundToo) {
  // Where the key is the neutral element, R = 0 * B and S = 0 sign every message.
  const std::string universal = "\1" + std::string(kSignatureBytes - 1, '\0');
  for (const char* hex : {
           "0100000000000000000000000000000000000000000000000000000000000000",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // The same and p.
       }) {
    const std::string spki = Bytes("302a300506032b6570032100") + Bytes(hex);
    EXPECT_THAT(PublicKey::OfSigner(spki, "message", universal), StatusIs(kRefused)) << hex;
  }
  // And with what is no point nothing verifies.
  std::string spki = Bytes("302a300506032b6570032100") + std::string(32, '\0');
  int no_points = 0;
  for (int low = 2; low < 102; ++low) {
    spki[12] = static_cast<char>(low);
    if (PublicKey::FromSpki(spki).ok()) continue;
    EXPECT_THAT(PublicKey::OfSigner(spki, "message", universal),
                StatusIs(absl::StatusCode::kPermissionDenied));
    ++no_points;
  }
  EXPECT_GT(no_points, 20);
}

TEST(PublicKeyTest, EveryCutExtensionOrOtherHeaderIsRefused) {
  for (const std::string& spki : {kEd25519Spki, kP256Spki}) {
    for (size_t size = 0; size < spki.size(); ++size) {
      EXPECT_THAT(PublicKey::FromSpki(spki.substr(0, size)), StatusIs(kRefused)) << size;
    }
    EXPECT_THAT(PublicKey::FromSpki(spki + '\0'), StatusIs(kRefused));
    const size_t header = spki.size() - (spki == kEd25519Spki ? 32 : 64);
    for (size_t i = 0; i < header; ++i) {
      std::string other = spki;
      other[i] ^= 1;
      EXPECT_THAT(PublicKey::FromSpki(other), StatusIs(kRefused)) << i;
    }
  }
  // The same Ed25519 key in BER, and with the NULL parameters that RFC 8410 forbids.
  EXPECT_THAT(PublicKey::FromSpki(Bytes("30812a300506032b6570032100") + kRaw), StatusIs(kRefused));
  EXPECT_THAT(PublicKey::FromSpki(Bytes("302c300706032b65700500032100") + kRaw),
              StatusIs(kRefused));
}

}  // namespace
}  // namespace consent::crypto
