// SPDX-License-Identifier: Apache-2.0

#include "src/consent/delegation.h"

#include <algorithm>

namespace consent::core {
namespace {

// Collects the best chain; walks from the processor up to the company.
class Search {
 public:
  Search(const std::vector<Delegation>& delegations, std::string_view company, Instant now)
      : delegations_(delegations), company_(company), now_(now) {}

  // `below`: the time in which the chain so far is in force.
  void Climb(std::string_view processor, DelegationInForce below, int depth) {
    for (const Delegation& link : delegations_) {
      if (link.company != company_ || link.processor != processor) continue;
      const DelegationInForce chain{std::max(below.from, link.from),
                                    std::min(below.until, link.until)};
      if (chain.from >= chain.until || chain.until <= now_) continue;
      if (link.by.empty()) {
        Offer(chain);
      } else if (depth < kDelegationDepthMax) {
        Climb(link.by, chain, depth + 1);
      }
    }
  }

  const std::optional<DelegationInForce>& best() const { return best_; }

 private:
  void Offer(const DelegationInForce& chain) {
    if (!best_.has_value() || IsBetter(chain, *best_)) best_ = chain;
  }
  bool IsBetter(const DelegationInForce& a, const DelegationInForce& b) const {
    const Instant a_begins = std::max(a.from, now_), b_begins = std::max(b.from, now_);
    return a_begins != b_begins ? a_begins < b_begins : a.until > b.until;
  }

  const std::vector<Delegation>& delegations_;
  const std::string_view company_;
  const Instant now_;
  std::optional<DelegationInForce> best_;
};

}  // namespace

std::optional<DelegationInForce> FindDelegation(const std::vector<Delegation>& delegations,
                                                std::string_view company,
                                                std::string_view processor, Instant now) {
  Search search(delegations, company, now);
  search.Climb(processor, {Instant{INT64_MIN}, kNever}, 1);
  return search.best();
}

}  // namespace consent::core
