// SPDX-License-Identifier: Apache-2.0
//
// Limit specs and hours: any text is a value or an error. A limit reads back as it is written out,
// and is one that the ledger takes.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/consentctl/arguments.h"
#include "src/consentctl/limit_spec.h"
#include "src/statement/grant_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using consent::ctl::ParseLimitSpec;
  if (const auto limit = ParseLimitSpec(text); limit.ok()) {
    const auto again = ParseLimitSpec(consent::ctl::ToLimitSpec(*limit));
    if (!again.ok() || again->SerializeAsString() != limit->SerializeAsString()) std::abort();
    consent::v1::Grant grant;
    grant.set_grant_id("g");
    grant.set_company("acme");
    grant.add_purposes(consent::v1::PURPOSE_DIRECT_MARKETING);
    *grant.add_limits() = *limit;
    if (!consent::statement::ReadGrant(grant, "grant", {}).ok()) std::abort();
  }
  (void)consent::ctl::ParseHours(text, "--hours");
  (void)consent::ctl::ParseTime(std::string(text), "--from");
  (void)consent::ctl::ParseDuration(text, "--ttl");
  return 0;
}
