// SPDX-License-Identifier: Apache-2.0
//
// Vectors: RFC 4231, section 4.

#include "src/crypto/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"

namespace consent::crypto {
namespace {

struct Vector {
  std::string key;
  std::string message;
  std::string mac;
};

std::string Reference(const std::string& key, const std::string& message) {
  std::string mac(32, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(),
       reinterpret_cast<unsigned char*>(mac.data()), nullptr);
  return mac;
}

TEST(HmacTest, AgreesWithTheStandard) {
  const std::vector<Vector> vectors = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {absl::HexStringToBytes("0102030405060708090a0b0c0d0e0f10111213141516171819"),
       std::string(50, '\xcd'), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The "
       "key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
  for (const Vector& v : vectors) {
    EXPECT_EQ(absl::BytesToHexString(HmacKey::FromBytes(v.key).Mac(v.message).str()), v.mac);
  }
}

RC_GTEST_PROP(HmacTest, AgreesWithOpenSslForAllKeysAndMessages,
              (const std::string& key, const std::string& message)) {
  // Lengths around the block of 64 bytes, which short random strings would seldom reach.
  const std::string long_key = key + std::string(*rc::gen::inRange(0, 130), 'k');
  RC_ASSERT(HmacKey::FromBytes(long_key).Mac(message).str() == Reference(long_key, message));
}

RC_GTEST_PROP(HmacTest, WhereAPartEndsIsNotAuthenticated,
              (const std::string& a, const std::string& b)) {
  const HmacKey key = HmacKey::FromBytes("key");
  RC_ASSERT(key.Mac({a, b}) == key.Mac(a + b));
}

TEST(HmacTest, ASecretIsTheKeyOfItsBytes) {
  const Secret secret = *Secret::FromBytes(std::string(32, 's'));
  EXPECT_EQ(HmacKey(secret).Mac("m"), HmacKey::FromBytes(secret.view()).Mac("m"));
}

TEST(HmacTest, AMovedKeyGoesOn) {
  HmacKey first = HmacKey::FromBytes("key");
  const Digest mac = first.Mac("m");
  HmacKey second = std::move(first);
  EXPECT_EQ(second.Mac("m"), mac);
  HmacKey third = HmacKey::FromBytes("other");
  third = std::move(second);
  EXPECT_EQ(third.Mac("m"), mac);
}

TEST(HmacTest, IsWipedWhenDestroyed) {
  alignas(HmacKey) std::array<unsigned char, sizeof(HmacKey)> memory;
  HmacKey* key = new (memory.data()) HmacKey(HmacKey::FromBytes("key"));
  const auto is_zero = [](unsigned char b) { return b == 0; };
  ASSERT_FALSE(std::all_of(memory.begin(), memory.end(), is_zero));
  key->~HmacKey();
  EXPECT_TRUE(std::all_of(memory.begin(), memory.end(), is_zero));
}

TEST(HmacTest, ManyThreadsMayUseOneKey) {
  const HmacKey key = HmacKey::FromBytes("key");
  const Digest expected = key.Mac("message");
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) wrong[t] += key.Mac("message") == expected ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}  // namespace
}  // namespace consent::crypto
