// SPDX-License-Identifier: Apache-2.0

#include "src/consent/narrowing.h"

#include <algorithm>

namespace consent::core {
namespace {

Narrowing LatestOf(const Narrowing& a, const Narrowing& b) {
  return {std::max(a.at, b.at), std::max(a.position, b.position),
          std::max(a.signed_at_ms, b.signed_at_ms)};
}

std::optional<Narrowing> LatestOf(const std::optional<Narrowing>& a,
                                  const std::optional<Narrowing>& b) {
  if (a.has_value() && b.has_value()) return LatestOf(*a, *b);
  return a.has_value() ? a : b;
}

}  // namespace

int64_t OwnTimeMs(int64_t signed_at_ms, Instant arrived) {
  // Arrival is known to the second: a word signed within that second keeps its own time.
  return std::min(signed_at_ms, arrived.unix_seconds * 1000 + 999);
}

void Narrow(std::optional<Narrowing>& last, const Event& event,
            const std::optional<SignedBytes>& statement) {
  const int64_t own_ms = statement.has_value() ? OwnTimeMs(statement->signed_at_ms, event.at)
                                               : event.at.unix_seconds * 1000;
  last = LatestOf(last, Narrowing{event.at, event.position, own_ms});
}

std::optional<Narrowing> LastNarrowing(const Record& record, std::string_view company) {
  const CompanyRecord* between = record.Find(company);
  return between == nullptr ? record.narrowed_all
                            : LatestOf(between->narrowed, record.narrowed_all);
}

}  // namespace consent::core
