// SPDX-License-Identifier: Apache-2.0

#include "src/consent/record.h"

#include <algorithm>
#include <utility>

#include "src/base/codec.h"
#include "src/base/prefetch.h"

namespace consent::core {
namespace {

constexpr auto kBefore = [](const CompanyRecord& a, std::string_view b) { return a.company < b; };

// Most people have to do with fewer.
constexpr size_t kCompaniesForeseen = 2;

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

void Record::Prefetch(int step) const {
  if (step == 0) {
    PrefetchFirst(contact_ids, 1);
    PrefetchFirst(companies, kCompaniesForeseen);
    return;
  }
  const size_t count = std::min(companies.size(), kCompaniesForeseen);
  for (size_t i = 0; i < count; ++i) {
    const CompanyRecord& between = companies[i];
    between.contacts.Prefetch(step - 1);
    if (step == 1) {
      PrefetchFirst(between.grants, 1);
    } else if (!between.grants.empty()) {
      PrefetchFirst(between.grants.front().grant.limits, 1);
    }
  }
}

std::vector<ContactId> Record::ContactIdsOf(std::string_view bytes) {
  Record record;
  Reader reader(bytes);
  if (!record.FirstFields(reader) || !reader.ok()) return {};
  return std::move(record.contact_ids);
}

const Contact* Record::FindContact(LeafIndex position) const {
  for (const CompanyRecord& company : companies) {
    if (const Contact* contact = company.contacts.Find(position)) return contact;
  }
  return nullptr;
}

}  // namespace consent::core
