// SPDX-License-Identifier: Apache-2.0
//
// Dossier: the evidence in a complaint, in one file.
//
// All that a dossier asserts follows from what it carries: the question, the public keys, and the
// receipt of every entry. So whoever has the file and the key (from elsewhere) makes the page again
// and compares. Format: docs/formats/dossier.md.

#ifndef CONSENT_CONSENTCTL_DOSSIER_H_
#define CONSENT_CONSENTCTL_DOSSIER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/consentctl/output.h"

namespace consent::ctl {

// What a dossier carries.
struct Dossier {
  std::string ledger;  // Its origin.
  std::string contact_point;
  std::string company;        // Empty: all.
  std::string caller_number;  // Empty: all.
  std::string from;           // RFC 3339; empty: no bound.
  std::string until;
  std::string made_at;
  bool known = false;  // Whether the contact point had a consumer.
  uint64_t journal_size = 0;
  std::vector<std::string> verifier_keys;
  std::vector<std::string> receipts;  // In the order in which the ledger gave them.
};

Json ToJson(const Dossier& dossier);
// InvalidArgument, naming what is missing or of another kind.
absl::StatusOr<Dossier> DossierFromJson(const Json& json);

// An entry as the page tells it. Every word follows from the receipt.
struct Finding {
  std::string journal_origin;
  uint64_t position = 0;
  int64_t unix_seconds = 0;
  std::string kind;
  std::string title;                 // "ALLOWED: acme may call"
  std::vector<std::string> details;  // Further facts, a line each.
  bool about_parties = false;        // An entry of the directory.
  bool allowed = false;              // A decision that allowed a contact.
};

struct Findings {
  std::vector<Finding> entries;
  uint64_t allowed = 0;
  uint64_t denied = 0;
};

// Verifies every receipt with the dossier's keys, and every statement's signature; reads what they
// open. DataLoss or PermissionDenied, saying which receipt, when one does not hold.
absl::StatusOr<Findings> Examine(const Dossier& dossier);

// The dossier as one self-contained page that can be printed; programs find its JSON in the element
// with the id "dossier".
std::string ToPage(const Dossier& dossier, const Findings& findings);
// The dossier in a page. InvalidArgument when it is no such page.
absl::StatusOr<Dossier> FromPage(std::string_view page);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_DOSSIER_H_
