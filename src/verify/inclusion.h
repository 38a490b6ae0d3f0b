// SPDX-License-Identifier: Apache-2.0
//
// Inclusion: whether entries that somebody shows are those of a log that was found good.
//
// Threads: belongs to one. Memory: one tile.

#ifndef CONSENT_VERIFY_INCLUSION_H_
#define CONSENT_VERIFY_INCLUSION_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "consent/verifier.h"
#include "src/merkle/tile.h"
#include "src/verify/faults.h"

namespace consent::verify {

class Inclusion {
 public:
  // Of a log of `size` entries. All must outlive it.
  Inclusion(const LogSource& source, uint64_t size, Faults& faults)
      : source_(source), size_(size), faults_(faults) {}

  // Whether the log has these very bytes at `position`, which must be below its size. If not, or if
  // that cannot be told, it is among the faults, under the name `where`.
  bool Check(std::string_view entry, uint64_t position, const std::string& where);

 private:
  const LogSource& source_;
  const uint64_t size_;
  Faults& faults_;
  merkle::Tile tile_;  // The last one read, and its hashes.
  std::string hashes_;
};

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_INCLUSION_H_
