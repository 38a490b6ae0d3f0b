// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/cosignature.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::tlog {
namespace {

constexpr size_t kTimeBytes = 8;

}  // namespace

std::string CosignedMessage(std::string_view text, Instant time) {
  std::string message = absl::StrCat("cosignature/v1\ntime ", time.unix_seconds, "\n");
  message.append(text);
  return message;
}

absl::StatusOr<Signature> Cosign(const NoteSigner& signer, std::string_view text, Instant time) {
  const VerifierKey& key = signer.verifier_key();
  if (key.type != KeyType::kCosignature) {
    return absl::InvalidArgumentError("only a witness's key makes cosignatures");
  }
  if (time.unix_seconds <= 0) {
    return absl::InvalidArgumentError("a cosignature's time is after 1970 began");
  }
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(static_cast<uint64_t>(time.unix_seconds) >> shift));
  }
  ASSIGN_OR_RETURN(const std::string signature, signer.Sign(CosignedMessage(text, time)));
  bytes += signature;
  return Signature{key.name, key.id, std::move(bytes)};
}

absl::StatusOr<Instant> VerifyCosignature(const VerifierKey& key, std::string_view text,
                                          std::string_view signature) {
  if (key.type != KeyType::kCosignature || !key.key.has_value()) {
    return absl::InvalidArgumentError("only a witness's key verifies cosignatures");
  }
  if (signature.size() != kCosignatureBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a cosignature has ", kCosignatureBytes, " bytes, found ", signature.size()));
  }
  uint64_t seconds = 0;
  for (size_t i = 0; i < kTimeBytes; ++i) {
    seconds = seconds << 8 | static_cast<unsigned char>(signature[i]);
  }
  if (seconds > static_cast<uint64_t>(INT64_MAX)) {
    return absl::InvalidArgumentError("a cosignature's time is above 2^63 - 1");
  }
  const Instant time{static_cast<int64_t>(seconds)};
  RETURN_IF_ERROR(key.key->Verify(CosignedMessage(text, time), signature.substr(kTimeBytes)));
  return time;
}

}  // namespace consent::tlog
