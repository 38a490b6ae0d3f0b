// SPDX-License-Identifier: Apache-2.0

#include "src/consent/contact.h"

namespace consent::core {

std::vector<Remaining> Contact::remaining() const {
  std::vector<Remaining> remaining;
  remaining.reserve(rests.size());
  for (size_t i = 0; i < rests.size(); ++i) {
    remaining.push_back({circumstances->limits[i], rests[i]});
  }
  return remaining;
}

ContactKind KindOf(const Contact& contact) {
  return {.channel = contact.request().channel,
          .purpose = contact.request().purpose,
          .basis = contact.basis(),
          .attempts_apart = contact.circumstances->attempts_apart,
          .reached_nobody = contact.reached_nobody()};
}

}  // namespace consent::core
