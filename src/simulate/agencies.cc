// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/agencies.h"

#include <algorithm>

namespace consent::simulate {

Agencies::Agencies(const std::vector<Company>& companies) {
  for (const Company& company : companies) {
    core::Asker& asker = companies_[company.id];
    asker.group = company.group;
    asker.sectors = company.sectors;
  }
}

void Agencies::Delegate(const core::Delegation& delegation) { delegations_.push_back(delegation); }

void Agencies::Undelegate(std::string_view company, std::string_view processor) {
  std::erase_if(delegations_, [&](const core::Delegation& delegation) {
    return delegation.company == company && delegation.processor == processor;
  });
}

void Agencies::Register(const std::string& company, const std::string& number, Instant at,
                        bool removed) {
  std::vector<core::RegisteredNumber>& numbers = companies_[company].numbers;
  const auto it = std::lower_bound(
      numbers.begin(), numbers.end(), number,
      [](const core::RegisteredNumber& a, const std::string& b) { return a.number < b; });
  const bool known = it != numbers.end() && it->number == number;
  if (removed) {
    if (known) numbers.erase(it);
  } else if (!known) {
    numbers.insert(it, {number, at});
  }
}

void Agencies::Import(const std::string& list, Instant at) {
  for (core::ListImport& import : lists_) {
    if (import.list == list) {
      import.imported_at = at;
      return;
    }
  }
  lists_.push_back({list, at});
}

core::Asker Agencies::AskerOf(std::string_view company, std::string_view processor,
                              Instant at) const {
  const auto known = companies_.find(company);
  core::Asker asker = known != companies_.end() ? known->second : core::Asker();
  if (!processor.empty()) {
    asker.delegation = core::FindDelegation(delegations_, company, processor, at);
  }
  return asker;
}

}  // namespace consent::simulate
