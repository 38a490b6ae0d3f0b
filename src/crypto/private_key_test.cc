// SPDX-License-Identifier: Apache-2.0
//
// Keys as PKCS#8 text. What they sign: verify_test.cc.

#include "src/crypto/private_key.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "src/base/status_matchers.h"
#include "src/crypto/pem.h"

namespace consent::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

std::string Bytes(std::string_view hex) { return absl::HexStringToBytes(std::string(hex)); }

// The PKCS#8 text that OpenSSL itself writes.
std::string OpenSslPem(EVP_PKEY* key) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

using Evp = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string DerOf(const PrivateKey& key) { return *DecodePem("PRIVATE KEY", key.ToPem()); }

absl::StatusOr<PrivateKey> FromDer(std::string_view der) {
  return PrivateKey::FromPem(EncodePem("PRIVATE KEY", der));
}

TEST(PrivateKeyTest, GeneratedKeysAreOfTheirAlgorithmAndDiffer) {
  for (const Algorithm algorithm : {Algorithm::kEd25519, Algorithm::kEcdsaP256}) {
    const PrivateKey a = PrivateKey::Generate(algorithm);
    const PrivateKey b = PrivateKey::Generate(algorithm);
    EXPECT_EQ(a.algorithm(), algorithm);
    EXPECT_NE(a.public_key().id(), b.public_key().id());
  }
}

TEST(PrivateKeyTest, PemHoldsTheSameKey) {
  for (const Algorithm algorithm : {Algorithm::kEd25519, Algorithm::kEcdsaP256}) {
    const PrivateKey key = PrivateKey::Generate(algorithm);
    ASSERT_OK_AND_ASSIGN(const PrivateKey read, PrivateKey::FromPem(key.ToPem()));
    EXPECT_EQ(read.public_key(), key.public_key());
    EXPECT_OK(key.public_key().Verify("message", read.Sign("message")));
    EXPECT_EQ(read.ToPem(), key.ToPem());
  }
}

TEST(PrivateKeyTest, OpenSslWritesTheSameText) {
  for (const bool ed25519 : {true, false}) {
    const Evp evp(ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519") : EVP_EC_gen("P-256"),
                  EVP_PKEY_free);
    const std::string pem = OpenSslPem(evp.get());
    ASSERT_OK_AND_ASSIGN(const PrivateKey key, PrivateKey::FromPem(pem));
    EXPECT_EQ(key.ToPem(), pem);
  }
}

TEST(PrivateKeyTest, ASeedIsTheStandardsPrivateKey) {
  const PrivateKey key = PrivateKey::FromEd25519Seed(*Secret::FromBytes(
      Bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
  EXPECT_EQ(DerOf(key), Bytes("302e020100300506032b657004220420"
                              "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
}

TEST(PrivateKeyTest, OtherAlgorithmsAndCurvesAreRefused) {
  for (const char* curve : {"P-224", "P-384", "secp256k1"}) {
    const Evp evp(EVP_EC_gen(curve), EVP_PKEY_free);
    EXPECT_THAT(PrivateKey::FromPem(OpenSslPem(evp.get())),
                StatusIs(kRefused, HasSubstr("private key: expected")))
        << curve;
  }
  for (const char* type : {"X25519", "ED448"}) {
    const Evp evp(EVP_PKEY_Q_keygen(nullptr, nullptr, type), EVP_PKEY_free);
    EXPECT_THAT(PrivateKey::FromPem(OpenSslPem(evp.get())),
                StatusIs(kRefused, HasSubstr("private key: expected")))
        << type;
  }
  const Evp rsa(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{1024}), EVP_PKEY_free);
  EXPECT_THAT(PrivateKey::FromPem(OpenSslPem(rsa.get())),
              StatusIs(kRefused, HasSubstr("private key: expected")));
}

TEST(PrivateKeyTest, EveryCutAndExtensionIsRefusedWithoutShowingTheKey) {
  for (const Algorithm algorithm : {Algorithm::kEd25519, Algorithm::kEcdsaP256}) {
    const PrivateKey key = PrivateKey::Generate(algorithm);
    const std::string der = DerOf(key);
    for (size_t size = 0; size < der.size(); ++size) {
      EXPECT_THAT(FromDer(der.substr(0, size)), StatusIs(kRefused)) << size;
    }
    EXPECT_THAT(FromDer(der + '\0'), StatusIs(kRefused));
    const std::string pem = key.ToPem();
    const std::string line = pem.substr(pem.find('\n') + 1, 30);
    EXPECT_THAT(PrivateKey::FromPem(pem + "x"), StatusIs(kRefused, Not(HasSubstr(line))));
    EXPECT_THAT(PrivateKey::FromPem("x" + pem), StatusIs(kRefused, Not(HasSubstr(line))));
  }
}

// A P-256 key's 138 bytes hold the number at 36 and end with the 64 bytes of the point.
constexpr size_t kNumberAt = 36;

TEST(PrivateKeyTest, APublicPointOfAnotherKeyIsRefused) {
  const std::string der = DerOf(PrivateKey::Generate(Algorithm::kEcdsaP256));
  const std::string other = DerOf(PrivateKey::Generate(Algorithm::kEcdsaP256));
  ASSERT_EQ(der.size(), 138u);
  ASSERT_OK(FromDer(der));
  EXPECT_THAT(FromDer(der.substr(0, 138 - 64) + other.substr(138 - 64)), StatusIs(kRefused));
}

TEST(PrivateKeyTest, ANumberOutOfRangeIsRefused) {
  std::string der = DerOf(PrivateKey::Generate(Algorithm::kEcdsaP256));
  const std::string order =
      Bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  for (const std::string& number : {std::string(32, '\0'), order, std::string(32, '\xff')}) {
    der.replace(kNumberAt, 32, number);
    EXPECT_THAT(FromDer(der), StatusIs(kRefused));
  }
}

TEST(PrivateKeyTest, APublicKeyOrAnEncryptedKeyIsRefused) {
  const PrivateKey key = PrivateKey::Generate(Algorithm::kEd25519);
  EXPECT_THAT(PrivateKey::FromPem(key.public_key().ToPem()),
              StatusIs(kRefused, HasSubstr("\"PRIVATE KEY\"")));
  EXPECT_THAT(PrivateKey::FromPem(EncodePem("ENCRYPTED PRIVATE KEY", DerOf(key))),
              StatusIs(kRefused));
}

}  // namespace
}  // namespace consent::crypto
