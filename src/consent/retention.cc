// SPDX-License-Identifier: Apache-2.0

#include "src/consent/retention.h"

#include <algorithm>

#include "src/consent/window.h"

namespace consent::core {
namespace {

bool MayCount(const KeptGrant& kept, const Contact& contact, Instant now) {
  const Grant& grant = kept.grant;
  // A revoked or expired grant allows nothing any more, so its limits count nothing.
  if (kept.revoked || now >= grant.valid_until) return false;
  if (!grant.purposes.Has(contact.request().purpose)) return false;
  return std::any_of(grant.limits.begin(), grant.limits.end(), [&](const Limit& limit) {
    if (!limit.channels.Has(contact.request().channel)) return false;
    if (limit.window.period == Period::kLifetime) return contact.at >= grant.valid_from;
    return now - contact.at < LongerThan(limit.window);
  });
}

bool MayCount(const Preferences& preferences, const Contact& contact, Instant now) {
  if (!preferences.purposes.Has(contact.request().purpose)) return false;
  return std::any_of(preferences.limits.begin(), preferences.limits.end(), [&](const Limit& limit) {
    return limit.channels.Has(contact.request().channel) &&
           now - contact.at < LongerThan(limit.window);
  });
}

}  // namespace

void Prune(const Record& record, CompanyRecord& company, Instant now) {
  Contacts& contacts = company.contacts;
  const auto recent = std::find_if(contacts.begin(), contacts.end(), [&](const Contact& contact) {
    return now - contact.at <= kContactKept;
  });
  contacts.RemoveUpTo(recent, [&](const Contact& contact) {
    const auto& preferences = record.preferences;
    if (std::any_of(preferences.begin(), preferences.end(), [&](const KeptPreferences& kept) {
          return MayCount(kept.preferences, contact, now);
        })) {
      return false;
    }
    return std::none_of(company.grants.begin(), company.grants.end(),
                        [&](const KeptGrant& grant) { return MayCount(grant, contact, now); });
  });
}

}  // namespace consent::core
