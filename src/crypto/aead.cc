// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/aead.h"

#include <openssl/evp.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

unsigned char* Bytes(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }
const unsigned char* Bytes(std::string_view s) {
  // OpenSSL takes a null input for "no input at all", which is another request than "no bytes".
  return reinterpret_cast<const unsigned char*>(s.data() == nullptr ? "" : s.data());
}

// A thread's cipher context. Naming the cipher once and then only keys and nonces saves the
// allocation of the provider's state at every message.
class Context {
 public:
  Context() : context_(EVP_CIPHER_CTX_new()) {
    static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    Require(context_ != nullptr && cipher != nullptr, "AES-256-GCM is not available");
    Require(EVP_CipherInit_ex2(context_, cipher, nullptr, nullptr, 1, nullptr) == 1,
            "AES-256-GCM cannot be started");
  }
  ~Context() { EVP_CIPHER_CTX_free(context_); }  // Wipes the key schedule.
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void Start(const Secret& key, const Nonce& nonce, std::string_view aad, bool sealing) {
    Require(EVP_CipherInit_ex2(context_, nullptr, Bytes(key.view()), nonce.bytes.data(),
                               sealing ? 1 : 0, nullptr) == 1,
            "AES-256-GCM refused a key");
    int ignored = 0;
    Require(aad.empty() || EVP_CipherUpdate(context_, nullptr, &ignored, Bytes(aad),
                                            static_cast<int>(aad.size())) == 1,
            "AES-256-GCM refused associated data");
  }

  // Sizes are below kMaxAeadBytes and so fit an int.
  void Update(unsigned char* out, std::string_view in) {
    int written = 0;
    Require(in.empty() || EVP_CipherUpdate(context_, out, &written, Bytes(in),
                                           static_cast<int>(in.size())) == 1,
            "AES-256-GCM failed");
  }

  bool Final() {
    unsigned char none[16];
    int written = 0;
    return EVP_CipherFinal_ex(context_, none, &written) == 1;
  }

  void ReadTag(unsigned char* tag) {
    Require(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, kAeadTagBytes, tag) == 1,
            "AES-256-GCM gave no tag");
  }

  void ExpectTag(std::string_view tag) {
    Require(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, kAeadTagBytes,
                                const_cast<unsigned char*>(Bytes(tag))) == 1,
            "AES-256-GCM took no tag");
  }

 private:
  EVP_CIPHER_CTX* const context_;
};

Context& ThreadContext() {
  thread_local Context context;
  return context;
}

}  // namespace

std::string Seal(const Secret& key, const Nonce& nonce, std::string_view aad,
                 std::string_view plaintext) {
  Require(plaintext.size() <= kMaxAeadBytes && aad.size() <= kMaxAeadBytes,
          "message too long to seal");
  std::string sealed(plaintext.size() + kAeadTagBytes, '\0');
  Context& context = ThreadContext();
  context.Start(key, nonce, aad, /*sealing=*/true);
  context.Update(Bytes(sealed), plaintext);
  Require(context.Final(), "AES-256-GCM failed");
  context.ReadTag(Bytes(sealed) + plaintext.size());
  return sealed;
}

absl::StatusOr<std::string> Open(const Secret& key, const Nonce& nonce, std::string_view aad,
                                 std::string_view sealed) {
  if (sealed.size() < kAeadTagBytes || sealed.size() > kMaxAeadBytes + kAeadTagBytes ||
      aad.size() > kMaxAeadBytes) {
    return absl::InvalidArgumentError(absl::StrCat("sealed bytes: expected ", kAeadTagBytes, " to ",
                                                   kMaxAeadBytes + kAeadTagBytes, ", found ",
                                                   sealed.size()));
  }
  const std::string_view ciphertext = sealed.substr(0, sealed.size() - kAeadTagBytes);
  std::string plaintext(ciphertext.size(), '\0');
  Context& context = ThreadContext();
  context.Start(key, nonce, aad, /*sealing=*/false);
  context.Update(Bytes(plaintext), ciphertext);
  context.ExpectTag(sealed.substr(ciphertext.size()));
  if (!context.Final()) {
    Wipe(plaintext);
    return absl::InvalidArgumentError(
        "sealed bytes: cut, altered, or sealed with another key, nonce or context");
  }
  return plaintext;
}

}  // namespace consent::crypto
