// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/ecdsa_signature.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include <cstddef>
#include <memory>

#include "absl/strings/str_cat.h"
#include "src/crypto/algorithm.h"
#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

constexpr size_t kHalf = kSignatureBytes / 2;

using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
using Pair = std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)>;

const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

// Numbers of one length, big-endian, are ordered as their bytes are: std::string_view compares
// bytes as unsigned.
constexpr std::string_view kZero(
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
    kHalf);
// n, the order of the group of P-256 (FIPS 186-4, D.1.2.3).
constexpr std::string_view kOrder(
    "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
    "\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51",
    kHalf);
// (n - 1) / 2, the greatest low s.
constexpr std::string_view kHalfOrder(
    "\x7f\xff\xff\xff\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff"
    "\xde\x73\x7d\x56\xd3\x8b\xcf\x42\x79\xdc\xe5\x61\x7e\x31\x92\xa8",
    kHalf);

absl::Status CheckRange(std::string_view signature) {
  if (signature.size() != kSignatureBytes) {
    return absl::InvalidArgumentError(absl::StrCat("ECDSA signature: expected ", kSignatureBytes,
                                                   " bytes r || s, found ", signature.size()));
  }
  for (const size_t at : {size_t{0}, kHalf}) {
    const std::string_view number = signature.substr(at, kHalf);
    if (number == kZero || number >= kOrder) {
      return absl::InvalidArgumentError(
          absl::StrCat("ECDSA signature: expected ", at == 0 ? "r" : "s",
                       " from 1 to the group order less one, found it outside"));
    }
  }
  return absl::OkStatus();
}

bool IsLow(std::string_view s) { return s <= kHalfOrder; }

// n - s, for s in range.
std::string Negate(std::string_view s) {
  const Number order(BN_bin2bn(Bytes(kOrder), kHalf, nullptr), BN_free);
  const Number number(BN_bin2bn(Bytes(s), kHalf, nullptr), BN_free);
  std::string out(kHalf, '\0');
  Require(order && number && BN_sub(number.get(), order.get(), number.get()) == 1 &&
              BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(out.data()), kHalf) ==
                  static_cast<int>(kHalf),
          "cannot negate a number");
  return out;
}

}  // namespace

absl::Status CheckEcdsaSignature(std::string_view signature) {
  if (absl::Status status = CheckRange(signature); !status.ok()) return status;
  if (!IsLow(signature.substr(kHalf))) {
    return absl::InvalidArgumentError(
        "ECDSA signature: expected the low-S form, found s above half the group order");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ToLowS(std::string_view signature) {
  if (absl::Status status = CheckRange(signature); !status.ok()) return status;
  std::string out(signature);
  if (!IsLow(signature.substr(kHalf))) out.replace(kHalf, kHalf, Negate(signature.substr(kHalf)));
  return out;
}

std::string EcdsaToDer(std::string_view signature) {
  const Pair pair(ECDSA_SIG_new(), ECDSA_SIG_free);
  Number r(BN_bin2bn(Bytes(signature), kHalf, nullptr), BN_free);
  Number s(BN_bin2bn(Bytes(signature) + kHalf, kHalf, nullptr), BN_free);
  Require(pair && r && s && ECDSA_SIG_set0(pair.get(), r.release(), s.release()) == 1,
          "out of memory");
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  Require(size > 0, "cannot encode a signature");
  std::string out(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return out;
}

absl::StatusOr<std::string> EcdsaFromDer(std::string_view der) {
  const absl::Status malformed =
      absl::InvalidArgumentError("ECDSA signature: expected DER, found other bytes");
  const unsigned char* at = Bytes(der);
  const Pair pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
  if (pair == nullptr) {
    ERR_clear_error();
    return malformed;
  }
  const BIGNUM* r = ECDSA_SIG_get0_r(pair.get());
  const BIGNUM* s = ECDSA_SIG_get0_s(pair.get());
  std::string raw(kSignatureBytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  if (BN_is_negative(r) || BN_is_negative(s) || BN_bn2binpad(r, out, kHalf) < 0 ||
      BN_bn2binpad(s, out + kHalf, kHalf) < 0) {
    ERR_clear_error();
    return malformed;
  }
  if (EcdsaToDer(raw) != der) return malformed;  // Not canonical, or followed by further bytes.
  return ToLowS(raw);
}

}  // namespace consent::crypto
