// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/ed25519_point.h"

#include <openssl/bn.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/algorithm.h"
#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

constexpr size_t kKeyBytes = 32;

using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

Number Hex(const char* digits) {
  BIGNUM* number = nullptr;
  Require(BN_hex2bn(&number, digits) != 0, "cannot read a constant");
  return {number, BN_free};
}

Number LittleEndian(const std::string& bytes) {
  return {BN_lebin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()), nullptr),
          BN_free};
}

// The curve -x^2 + y^2 = 1 + d x^2 y^2 over the integers modulo p = 2^255 - 19 (RFC 8032, 5.1).
struct Curve {
  Number p = Hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
  Number d = Hex("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
  // The order of the base point.
  Number l = Hex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
  // The y coordinates of the eight points whose order divides 8: of order 4, 1, 2, 8 and 8.
  std::array<Number, 5> small_order_y = {
      Hex("0"), Hex("1"), Hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
      Hex("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"),
      Hex("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826")};
};

const Curve& TheCurve() {
  static const Curve& curve = *new Curve;
  return curve;
}

// Whether some x makes (x, y) a point: whether (y^2 - 1) / (d y^2 + 1) is a square. Its product
// with the square of its denominator, which is never zero, is one exactly then.
bool IsOnCurve(const Curve& curve, const BIGNUM* y) {
  const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> scratch(BN_CTX_new(), BN_CTX_free);
  const Number u(BN_new(), BN_free);
  const Number v(BN_new(), BN_free);
  const Number product(BN_new(), BN_free);
  Require(scratch && u && v && product, "out of memory");
  const BIGNUM* p = curve.p.get();
  Require(BN_mod_sqr(u.get(), y, p, scratch.get()) == 1 &&
              BN_mod_mul(v.get(), u.get(), curve.d.get(), p, scratch.get()) == 1 &&
              BN_sub_word(u.get(), 1) == 1 && BN_add_word(v.get(), 1) == 1 &&
              BN_mod_mul(product.get(), u.get(), v.get(), p, scratch.get()) == 1,
          "modular arithmetic failed");
  const int symbol = BN_kronecker(product.get(), p, scratch.get());
  Require(symbol >= -1, "modular arithmetic failed");
  return symbol != -1;
}

// Of 32 bytes. The top bit is the sign of x; the rest is y. Only y = 1 and y = -1 leave the sign no
// choice, and they are of small order.
Number CoordinateIn(std::string_view bytes) {
  std::string y(bytes);
  y.back() = static_cast<char>(y.back() & 0x7f);
  Number number = LittleEndian(y);
  Require(number != nullptr, "out of memory");
  return number;
}

}  // namespace

absl::Status CheckEd25519Form(std::string_view bytes) {
  if (bytes.size() != kKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("Ed25519 public key: expected ", kKeyBytes, " bytes, found ", bytes.size()));
  }
  const Number y = CoordinateIn(bytes);
  const Curve& curve = TheCurve();
  if (BN_cmp(y.get(), curve.p.get()) >= 0) {
    return absl::InvalidArgumentError(
        "Ed25519 public key: expected the canonical encoding of a point, found a coordinate not "
        "below 2^255 - 19");
  }
  for (const Number& small : curve.small_order_y) {
    if (BN_cmp(y.get(), small.get()) == 0) {
      return absl::InvalidArgumentError(
          "Ed25519 public key: expected a point of large order, found one of small order");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckEd25519PublicKey(std::string_view bytes) {
  RETURN_IF_ERROR(CheckEd25519Form(bytes));
  if (!IsOnCurve(TheCurve(), CoordinateIn(bytes).get())) {
    return absl::InvalidArgumentError(
        "Ed25519 public key: expected a point of the curve, found none with this coordinate");
  }
  return absl::OkStatus();
}

absl::Status CheckEd25519Signature(std::string_view signature) {
  if (signature.size() != kSignatureBytes) {
    return absl::InvalidArgumentError(absl::StrCat("Ed25519 signature: expected ", kSignatureBytes,
                                                   " bytes, found ", signature.size()));
  }
  const Number s = LittleEndian(std::string(signature.substr(kSignatureBytes / 2)));
  Require(s != nullptr, "out of memory");
  if (BN_cmp(s.get(), TheCurve().l.get()) >= 0) {
    return absl::InvalidArgumentError(
        "Ed25519 signature: expected the canonical form, found S not below the group order");
  }
  return absl::OkStatus();
}

}  // namespace consent::crypto
