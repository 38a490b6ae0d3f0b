// SPDX-License-Identifier: Apache-2.0
//
// Statements about who holds a contact point: key bindings, new holders.

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/ids.h"
#include "src/base/status_macros.h"
#include "src/crypto/public_key.h"
#include "src/statement/part_reader.h"
#include "src/statement/proposal_kind.h"
#include "src/statement/text.h"

namespace consent::statement {

absl::StatusOr<core::EventBody> ProposeBound(const v1::KeyBinding& binding,
                                             const contact::ContactPoint& contact_point,
                                             Origin origin) {
  const absl::StatusOr<crypto::PublicKey> key = crypto::PublicKey::FromSpki(binding.public_key());
  if (!key.ok()) {
    return InvalidField("key_binding.public_key", std::string(key.status().message()));
  }
  core::Bound bound{.subject = std::move(origin.subject),
                    .key = key->id(),
                    .replaces = std::nullopt,
                    .statement = std::move(origin.statement)};
  if (!binding.replaces_key_id().empty()) {
    const std::string field = "key_binding.replaces_key_id";
    RETURN_IF_ERROR(CheckBytes(binding.replaces_key_id(), KeyId::kSize, field));
    bound.replaces = KeyId::FromBytes(binding.replaces_key_id());
    if (bound.replaces == bound.key) {
      return InvalidField(field, "expected the id of an older key, found that of public_key");
    }
  }
  if (!binding.time_zone().empty()) {
    RETURN_IF_ERROR(CheckZone(binding.time_zone(), "key_binding.time_zone"));
    bound.subject.place.zones = {binding.time_zone()};
  }
  if (!binding.same_consumer_as().empty()) {
    const auto other = contact::ContactPoint::Parse(binding.same_consumer_as());
    if (!other.ok()) {
      return Fault(absl::StatusCode::kInvalidArgument, "INVALID_CONTACT_POINT",
                   absl::StrCat("key_binding.same_consumer_as: ", other.status().message()));
    }
    if (*other == contact_point) {
      return InvalidField("key_binding.same_consumer_as",
                          "expected another contact point of the consumer's, found the statement's "
                          "own; leave it empty");
    }
  }
  return bound;
}

absl::StatusOr<core::EventBody> ProposeHolderChanged(const v1::HolderChange& change,
                                                     Origin origin) {
  core::HolderChanged changed;
  changed.new_holder = change.new_holder();
  if (change.holder_class() != v1::HOLDER_CLASS_UNSPECIFIED) {
    RETURN_IF_ERROR(CheckKnown(change.holder_class(), core::kHolderClassMax, "class of holders",
                               "holder_change.holder_class"));
    changed.holder = static_cast<core::HolderClass>(change.holder_class());
  } else if (!change.new_holder()) {
    return InvalidField("holder_change.holder_class",
                        "expected a class, or new_holder, found neither");
  }
  changed.subject = std::move(origin.subject);
  changed.statement = std::move(origin.statement);
  return changed;
}

}  // namespace consent::statement
