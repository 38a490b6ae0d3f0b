// SPDX-License-Identifier: Apache-2.0
//
// CRC-32C (Castagnoli), as in RFC 3720 appendix B.4: the checksum of stored rows. It finds damage,
// not malice; that is the Merkle tree's work.

#ifndef CONSENT_STORE_CRC32C_H_
#define CONSENT_STORE_CRC32C_H_

#include <cstdint>
#include <string_view>

namespace consent::store {

// The CRC of all that was fed to `crc` and then `bytes`. Start with 0:
//   Crc32c(Crc32c(0, a), b) == Crc32c(0, a + b)
// Uses the processor's own instruction where there is one.
uint32_t Crc32c(uint32_t crc, std::string_view bytes);

// The same, by table alone; what processors without the instruction run.
uint32_t Crc32cPortable(uint32_t crc, std::string_view bytes);

}  // namespace consent::store

#endif  // CONSENT_STORE_CRC32C_H_
