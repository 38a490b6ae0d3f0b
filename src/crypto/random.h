// SPDX-License-Identifier: Apache-2.0
//
// Randomness fit for keys, salts and ids.
//
// A call to the generator costs about 1 us whatever its size, so each thread draws 4 KiB at a time
// and hands them out. Bytes are wiped from the buffer as they leave it; the rest is wiped when the
// thread ends. After fork() the child discards what it inherited, so that parent and child never
// share a byte.
//
// Threads: safe from any thread. A generator without entropy ends the process: no caller could do
// better, and to go on would be to guess keys.

#ifndef CONSENT_CRYPTO_RANDOM_H_
#define CONSENT_CRYPTO_RANDOM_H_

#include <cstddef>
#include <string>

namespace consent::crypto {

// Overwrites `size` bytes at `out` with random ones.
void FillRandom(void* out, size_t size);

// `size` random bytes.
std::string RandomBytes(size_t size);

// A random id: any FixedBytes of src/base/ids.h.
template <class Id>
Id RandomId() {
  Id id;
  FillRandom(id.bytes.data(), Id::kSize);
  return id;
}

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_RANDOM_H_
