// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/grant_reader.h"

#include "src/simulate/part_reader.h"
#include "src/text/window_reader.h"

namespace consent::simulate {

using text::Errors;
using text::Fields;
using text::Node;

core::Grant ReadGrant(Fields& fields, std::optional<Instant> at, Errors& errors) {
  core::Grant grant;
  if (const Node* id = fields.Required("id")) {
    grant.id = ReadId(*id, "a grant's id", errors).value_or("");
  }
  if (const Node* company = fields.Required("company")) {
    grant.company = ReadCompany(*company, errors).value_or("");
  }
  if (const Node* purposes = fields.Required("purposes")) {
    grant.purposes = ReadPurposes(*purposes, errors).value_or(core::PurposeSet{});
  }
  const Validity validity = ReadValidity(fields, at, errors);
  grant.valid_from = validity.from;
  grant.valid_until = validity.until;
  const Source source = ReadSource(fields, at, core::Signer::kConsumer, errors);
  grant.signed_by = source.signed_by;
  grant.collected_at = source.collected_at;
  if (const Node* limits = fields.Required("limits")) grant.limits = ReadLimits(*limits, 1, errors);
  if (const Node* hours = fields.Optional("hours")) grant.hours = ReadHours(*hours, errors);
  if (const Node* hours = fields.Optional("outside_legal_hours")) {
    grant.outside_legal_hours = ReadHours(*hours, errors);
  }
  if (const Node* guardian = fields.Optional("guardian")) {
    grant.guardian = ReadBool(*guardian, errors).value_or(false);
  }
  return grant;
}

}  // namespace consent::simulate
