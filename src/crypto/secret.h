// SPDX-License-Identifier: Apache-2.0
//
// Secret: 32 bytes that nobody prints and that leave no copy behind.
//
// A Secret wipes itself when it is destroyed or moved from, is copied only by saying Copy(), and
// cannot be streamed, so none reaches a log or an error by accident. What view() shows is valid
// while the Secret lives; copying from it gives up these promises.
//
// Threads: const use is safe from any thread.

#ifndef CONSENT_CRYPTO_SECRET_H_
#define CONSENT_CRYPTO_SECRET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace consent::crypto {

// Overwrites the memory with zeros, in a way the compiler keeps.
void Wipe(void* bytes, size_t size);

// Overwrites the text with zeros and empties it. Copies made earlier, also by the string's own
// growth, are not reached.
void Wipe(std::string& text);

// Whether the byte strings are equal, in time that depends on their lengths only.
bool Equal(std::string_view a, std::string_view b);

class Secret {
 public:
  static constexpr size_t kSize = 32;

  // All zeros: a place for Decode or an assignment to fill, never a key.
  Secret() = default;
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  // The secret of exactly 32 bytes; InvalidArgument for any other length. The error says the
  // length found and nothing of the bytes.
  static absl::StatusOr<Secret> FromBytes(std::string_view bytes);

  // 32 fresh bytes of the operating system's randomness (random.h).
  static Secret Random();

  // The one way to a second copy.
  Secret Copy() const;

  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  // In constant time.
  friend bool operator==(const Secret& a, const Secret& b) { return Equal(a.view(), b.view()); }
  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;
  // Keeps GoogleTest from printing the bytes of an object it cannot stream.
  friend void PrintTo(const Secret&, std::ostream* out);

  // Codec (src/base/codec.h): the 32 bytes. For rows that are themselves secret.
  template <class A>
  void Fields(A& a) {
    if constexpr (A::kReading) {
      Assign(a.Raw(kSize));
    } else {
      a.Raw(view());
    }
  }

 private:
  // Takes 32 bytes; leaves zeros for any other length, which only a failed Reader hands over.
  void Assign(std::string_view bytes);

  std::array<uint8_t, kSize> bytes_{};
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_SECRET_H_
