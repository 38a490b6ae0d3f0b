// SPDX-License-Identifier: Apache-2.0
//
// Grants as others write them down: what the three formats of `consentctl export` share.
//
// Pure: a consumer's view in, JSON out; no clock, no server. What a format demands and the ledger
// does not know is written "unspecified", never guessed. Personal data throughout. The members, and
// where their names come from: docs/formats/exports.md.

#ifndef CONSENT_CONSENTCTL_EXPORT_GRANT_H_
#define CONSENT_CONSENTCTL_EXPORT_GRANT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "consent/v1/grant_service.pb.h"
#include "src/consentctl/output.h"

namespace consent::ctl {

inline constexpr char kUnspecified[] = "unspecified";

// What is exported. `view` holds the whole history.
struct Export {
  v1::ConsumerView view;
  std::string contact_point;                         // "tel:+33639980001", "mailto:..."
  std::map<std::string, std::string> company_names;  // By id; companies may be missing.
  std::string jurisdiction = kUnspecified;           // As typed, "FR".
  std::string language = kUnspecified;               // As typed, "fr".
  std::string policy_url = kUnspecified;             // Of the companies' privacy notice.
};

// One grant of the view.
class ExportGrant {
 public:
  // What a grant is worth for one purpose at the time of the view.
  enum class State {
    kInForce,
    kNotYetValid,
    kSuperseded,  // Another grant speaks for this purpose (docs/reference/scenario.md).
    kRevoked,
    kExpired,
  };

  // `index` is the grant's place in from.view.grants(). `from` outlives the object.
  ExportGrant(const Export& from, int index);

  const Export& from() const { return from_; }
  const v1::GrantView& view() const { return from_.view.grants(index_); }
  const v1::Grant& grant() const { return view().grant(); }

  std::string CompanyName() const;  // Its id where the name is not known.
  State StateFor(v1::Purpose purpose) const;
  bool Expired() const;
  // Unix seconds: when the ledger took it in. Where the history does not tell which of its entries
  // is this grant's, when it began.
  int64_t GivenAt() const;
  // When the company's last revocation so far was taken in; 0 when the history has none.
  int64_t RevokedAt() const;
  // The channels that its limits name, and those of them that a block forbids, in the wire's order.
  std::vector<v1::Channel> Channels() const;
  std::vector<v1::Channel> BlockedChannels() const;

  // A UUID (RFC 9562, version 8) made of SHA-256 over `kind`, journal, contact point, company and
  // grant: the same grant has the same one in every export.
  std::string Uuid(const std::string& kind) const;

  // Adds the members that no standard has, in the namespace "consent-ledger:".
  void AddExtensions(Json& json) const;

 private:
  const Export& from_;
  int index_;
};

// "IN_FORCE", ...
std::string NameOf(ExportGrant::State state);
// The nearest term of the W3C Data Privacy Vocabulary: "dpv:DirectMarketing".
std::string DpvPurpose(v1::Purpose purpose);
// RFC 3339, UTC.
std::string UtcText(int64_t unix_seconds);

// One object for each grant of the view, in its order.
Json ToIso27560(const Export& from);
Json ToKantara(const Export& from);
Json ToCamara(const Export& from);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_EXPORT_GRANT_H_
