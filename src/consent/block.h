// SPDX-License-Identifier: Apache-2.0
//
// Block: "not you, not on these channels", as a record keeps it and as a tombstone carries it on.

#ifndef CONSENT_CONSENT_BLOCK_H_
#define CONSENT_CONSENT_BLOCK_H_

#include <string>

#include "src/base/ids.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// Who is meant by the name in a block.
enum class Whose : uint8_t {
  kCompany = 0,    // The company of that name; "*": every company.
  kGroup = 1,      // Every company of that group, by the directory at the time of the contact.
  kProcessor = 2,  // Whoever lets that processor contact.
};
inline constexpr int kWhoseMax = 2;

// One block that stands.
struct Block {
  std::string company;  // Or the group, or the processor.
  ChannelSet channels;
  // All zero: made by an outcome (OPPOSED, STOP), before an erasure, or in a simulation. Whoever
  // speaks as the consumer lifts it.
  KeyId made_by;
  Whose whose = Whose::kCompany;
  PurposeSet purposes = PurposeSet::All();

  friend bool operator==(const Block&, const Block&) = default;
  template <class A>
  void Fields(A& a) {
    a(company), a(channels), a(made_by), EnumField(a, whose, kWhoseMax), a(purposes);
  }
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_BLOCK_H_
