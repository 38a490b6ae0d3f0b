// SPDX-License-Identifier: Apache-2.0
//
// Claims from anywhere, well signed: who is believed is so until a time, and as somebody.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "src/access/token.h"
#include "src/crypto/test_issuer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using consent::access::TokenReader;
  using consent::crypto::JwkSet;
  using consent::crypto::TestIssuer;
  constexpr int64_t kNow = 1'800'000'000;
  static const auto* const kIssuer = new TestIssuer("one");
  static const auto* const kReader =
      new TokenReader(*JwkSet::Parse(TestIssuer::Set(kIssuer->Jwk())),
                      {.issuer = "https://issuer.example", .audience = "ledger.example"});
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto bearer = kReader->Read(kIssuer->Token(text), kNow);
  if (bearer.ok() && (bearer->until <= kNow || bearer->caller.identities().empty())) std::abort();
  if (kReader->Read(text, kNow).ok()) std::abort();
  return 0;
}
