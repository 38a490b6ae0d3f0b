// SPDX-License-Identifier: Apache-2.0

#include "src/consent/tombstone.h"

#include <algorithm>
#include <string>

#include "src/consent/narrowing.h"

namespace consent::core {
namespace {

// The latest own time of all that the consumer, or anyone for them, has said so far.
int64_t LastSigned(const Record& record) {
  int64_t last = record.given_signed_at_ms;
  const auto take = [&](const std::optional<Narrowing>& narrowing) {
    if (narrowing.has_value()) last = std::max(last, narrowing->signed_at_ms);
  };
  take(record.narrowed_all);
  for (const CompanyRecord& company : record.companies) take(company.narrowed);
  return last;
}

// Blocks without their makers: one for each name and set of purposes.
std::vector<Block> Standing(const Record& record) {
  std::vector<Block> standing;
  for (const Block& block : record.blocks) {
    const auto same = std::find_if(standing.begin(), standing.end(), [&](const Block& b) {
      return b.company == block.company && b.whose == block.whose && b.purposes == block.purposes;
    });
    if (same == standing.end()) {
      standing.push_back({block.company, block.channels, KeyId{}, block.whose, block.purposes});
    } else {
      same->channels = same->channels | block.channels;
    }
  }
  return standing;
}

}  // namespace

Erased Tombstone(const Record& dying, const ErasureRequest& request,
                 const Fingerprint& fingerprint) {
  Erased erased;
  const uint64_t already = dying.erased.has_value() ? dying.erased->fingerprints : 0;
  for (size_t i = 0; i < dying.contact_ids.size(); ++i) {
    const ContactId& id = dying.contact_ids[i];
    // A fingerprint of a fingerprint would be found by nobody.
    const ContactId image = i < already ? id : fingerprint(id);
    if (std::find(erased.fingerprints.begin(), erased.fingerprints.end(), image) ==
        erased.fingerprints.end()) {
      erased.fingerprints.push_back(image);
    }
  }
  erased.blocks = Standing(dying);
  erased.listings = dying.listings;
  if (dying.erased.has_value()) erased.handles = dying.erased->handles;
  erased.handles.push_back(dying.handle);
  erased.signed_at_ms =
      std::max(LastSigned(dying), OwnTimeMs(request.signed_at_ms, request.arrived));
  erased.request = request.id;
  return erased;
}

}  // namespace consent::core
