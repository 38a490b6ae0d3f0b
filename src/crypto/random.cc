// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <climits>
#include <cstdint>
#include <cstring>

#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

constexpr size_t kBufferBytes = 4096;
// Requests above this go to the generator: a buffer would serve few of them.
constexpr size_t kMaxBufferedBytes = 512;

// How many forks lie between this process and the first that drew a byte.
std::atomic<uint64_t> fork_generation{0};

void CountFork() { fork_generation.fetch_add(1, std::memory_order_relaxed); }

void Generate(unsigned char* out, size_t size) {
  Require(size <= INT_MAX, "more random bytes asked for than one call gives");
  Require(RAND_bytes(out, static_cast<int>(size)) == 1, "no randomness from the operating system");
}

// Bytes [next_, kBufferBytes) are random and were never handed out; those before are zero.
class Buffer {
 public:
  Buffer() {
    [[maybe_unused]] static const int registered = [] {
      const int error = pthread_atfork(nullptr, nullptr, CountFork);
      Require(error == 0, "cannot watch for fork()");
      return error;
    }();
  }
  ~Buffer() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  void Take(unsigned char* out, size_t size) {
    const uint64_t generation = fork_generation.load(std::memory_order_relaxed);
    if (size > kBufferBytes - next_ || generation != generation_) {
      Generate(bytes_.data(), bytes_.size());
      next_ = 0;
      generation_ = generation;
    }
    std::memcpy(out, bytes_.data() + next_, size);
    OPENSSL_cleanse(bytes_.data() + next_, size);
    next_ += size;
  }

 private:
  std::array<unsigned char, kBufferBytes> bytes_;
  size_t next_ = kBufferBytes;
  uint64_t generation_ = 0;
};

}  // namespace

void FillRandom(void* out, size_t size) {
  if (size == 0) return;
  auto* bytes = static_cast<unsigned char*>(out);
  if (size > kMaxBufferedBytes) return Generate(bytes, size);
  thread_local Buffer buffer;
  buffer.Take(bytes, size);
}

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  FillRandom(bytes.data(), size);
  return bytes;
}

}  // namespace consent::crypto
