// SPDX-License-Identifier: Apache-2.0

#include "src/consent/record.h"

#include <algorithm>

namespace consent::core {
namespace {

constexpr auto kBefore = [](const CompanyRecord& a, std::string_view b) { return a.company < b; };

}  // namespace

const CompanyRecord* Record::Find(std::string_view company) const {
  const auto it = std::lower_bound(companies.begin(), companies.end(), company, kBefore);
  return it != companies.end() && it->company == company ? &*it : nullptr;
}

CompanyRecord& Record::At(std::string_view company) {
  auto it = std::lower_bound(companies.begin(), companies.end(), company, kBefore);
  if (it == companies.end() || it->company != company) {
    it = companies.emplace(it);
    it->company = company;
  }
  return *it;
}

const Contact* Record::FindContact(LeafIndex position) const {
  for (const CompanyRecord& company : companies) {
    if (const Contact* contact = company.contacts.Find(position)) return contact;
  }
  return nullptr;
}

}  // namespace consent::core
