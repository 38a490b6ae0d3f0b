// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/dossier.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/consent/vocabulary.h"
#include "src/consentctl/limit_spec.h"
#include "src/directory/directory.h"
#include "src/journal/event_parts.h"
#include "src/journal/receipt.h"
#include "src/statement/envelope.h"
#include "src/tlog/verifier_key.h"

namespace consent::ctl {
namespace {

std::string TimeText(Instant at) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", ToAbslTime(at), absl::UTCTimeZone());
}

template <typename Word>
std::string Text(Word word) {
  return std::string(core::Name(word));
}

// Who holds the keys, as far as the dossier's directory entries say.
struct KeyHolders {
  std::map<KeyId, std::string> parties;
  std::map<std::string, std::string> legal_names;

  std::string NameOfParty(const std::string& id) const {
    const auto name = legal_names.find(id);
    return name == legal_names.end() ? id : absl::StrCat(id, " (", name->second, ")");
  }
};

// One receipt, verified and read.
struct Read {
  std::string journal_origin;
  journal::Entry entry;
  journal::Parts parts;
};

absl::StatusOr<Read> ReadReceipt(const std::string& text,
                                 const std::vector<tlog::VerifierKey>& keys) {
  ASSIGN_OR_RETURN(const journal::Receipt receipt, journal::ParseReceipt(text));
  ASSIGN_OR_RETURN(journal::Proven proven, journal::VerifyReceipt(receipt, keys));
  const auto& parts = receipt.shown.parts;
  if (!parts || !parts->contact.opened || !parts->company.opened || !parts->ledger.opened) {
    return absl::InvalidArgumentError("the receipt does not open its entry");
  }
  return Read{.journal_origin = proven.checkpoint.origin,
              .entry = std::move(proven.entry),
              .parts = {.contact = parts->contact.opened->bytes,
                        .company = parts->company.opened->bytes,
                        .ledger = parts->ledger.opened->bytes}};
}

// What was signed, by whom. The signature is verified; whose key it is the ledger's entries say.
absl::Status TellStatement(const core::SignedBytes& statement, const std::string& ledger,
                           const KeyHolders& holders, Finding& finding) {
  v1::SignedStatement sealed;
  if (!sealed.ParseFromString(statement.envelope)) {
    return absl::DataLossError("its signed statement cannot be read");
  }
  ASSIGN_OR_RETURN(const statement::Opened opened, statement::Open(sealed, ledger));
  if (opened.key.id() != statement.key || opened.id != statement.id) {
    return absl::DataLossError("its signed statement is another one than the entry says");
  }
  const auto party = holders.parties.find(statement.key);
  finding.details.push_back(absl::StrCat(
      "signed by ",
      party != holders.parties.end() ? holders.NameOfParty(party->second) : "the consumer",
      ", key ", Hex(statement.key.view()), "; the signature is good"));
  if (opened.message.has_claim()) {
    const v1::Evidence& evidence = opened.message.claim().evidence();
    finding.details.push_back(absl::StrCat("a claim: collected ",
                                           TimeText({evidence.collected_at().seconds()}), " by ",
                                           evidence.collected_by(), ", ", evidence.method(),
                                           "; SHA-256 of the text ", Hex(evidence.text_sha256())));
  }
  const v1::Grant& grant =
      opened.message.has_claim() ? opened.message.claim().grant() : opened.message.grant();
  for (const v1::Limit& limit : grant.limits()) {
    finding.details.push_back(absl::StrCat("limit ", ToLimitSpec(limit)));
  }
  return absl::OkStatus();
}

std::string PurposesOf(const core::Grant& grant) {
  std::vector<std::string> names;
  for (int i = 1; i <= core::kPurposeMax; ++i) {
    const auto purpose = static_cast<core::Purpose>(i);
    if (grant.purposes.Has(purpose)) names.push_back(Text(purpose));
  }
  return absl::StrJoin(names, ", ");
}

void TellDecision(const core::Decided& decided, const KeyHolders& holders, Finding& finding) {
  const core::Request& request = decided.request;
  const core::Answer& answer = decided.answer;
  finding.allowed = answer.verdict == core::Verdict::kAllowed;
  finding.title = absl::StrCat(finding.allowed ? "ALLOWED" : "DENIED", ": ",
                               holders.NameOfParty(request.company), " asked to contact by ",
                               Text(request.channel), " for ", Text(request.purpose));
  finding.details.push_back(absl::StrCat("request ", request.request_id));
  if (!request.caller_number.empty()) {
    finding.details.push_back(absl::StrCat("showing the number ", request.caller_number));
  }
  if (!request.processor.empty()) {
    finding.details.push_back(absl::StrCat("made by ", request.processor));
  }
  if (finding.allowed) {
    finding.details.push_back(absl::StrCat("basis ", Text(answer.basis),
                                           answer.grant.empty() ? "" : ", grant ", answer.grant));
    finding.details.push_back(answer.contact_before.has_value()
                                  ? absl::StrCat("before ", TimeText(*answer.contact_before))
                                  : "held until confirmed");
  } else {
    finding.details.push_back(absl::StrCat("answered ", Text(answer.reason),
                                           answer.limit.empty() ? "" : ": ", answer.limit));
    if (decided.true_reason != answer.reason) {
      finding.details.push_back(
          absl::StrCat("the ledger's own reason: ", Text(decided.true_reason)));
    }
  }
}

// Whom a block or its lifting means.
template <class Body>
std::string Whom(const Body& body) {
  if (body.whose == core::Whose::kGroup) return absl::StrCat("the group ", body.company);
  if (body.whose == core::Whose::kProcessor) return absl::StrCat("the processor ", body.company);
  return body.company == "*" ? "every company" : body.company;
}

struct Teller {
  const std::string& ledger;
  const KeyHolders& holders;
  Finding& finding;

  absl::Status Signed(const std::optional<core::SignedBytes>& statement) const {
    if (!statement.has_value()) return absl::OkStatus();
    return TellStatement(*statement, ledger, holders, finding);
  }
  absl::Status operator()(const core::Bound& bound) const {
    finding.kind = "BOUND";
    finding.title = absl::StrCat("The contact point was bound to key ",
                                 bound.key.has_value() ? Hex(bound.key->view()) : "-");
    return Signed(bound.statement);
  }
  absl::Status operator()(const core::Granted& granted) const {
    finding.kind = "GRANTED";
    finding.title =
        absl::StrCat("Permission for ", holders.NameOfParty(granted.grant.company), ": ",
                     PurposesOf(granted.grant), " (grant ", granted.grant.id, ")");
    finding.details.push_back(absl::StrCat("from ", TimeText(granted.grant.valid_from)));
    if (granted.grant.valid_until != kNever) {
      finding.details.push_back(absl::StrCat("until ", TimeText(granted.grant.valid_until)));
    }
    return Signed(granted.statement);
  }
  absl::Status operator()(const core::Revoked& revoked) const {
    finding.kind = "REVOKED";
    finding.title = absl::StrCat("Permission for ", holders.NameOfParty(revoked.company),
                                 " revoked: ", revoked.grant.empty() ? "all" : revoked.grant);
    return Signed(revoked.statement);
  }
  absl::Status operator()(const core::Blocked& blocked) const {
    finding.kind = "BLOCKED";
    finding.title = absl::StrCat("Blocked: ", Whom(blocked));
    return Signed(blocked.statement);
  }
  absl::Status operator()(const core::Unblocked& unblocked) const {
    finding.kind = "UNBLOCKED";
    finding.title = absl::StrCat("No longer blocked: ", Whom(unblocked));
    return Signed(unblocked.statement);
  }
  absl::Status operator()(const core::Preferred& preferred) const {
    finding.kind = "PREFERRED";
    finding.title = "Preferences across all companies";
    return Signed(preferred.statement);
  }
  absl::Status operator()(const core::ContractClaimed& claimed) const {
    finding.kind = "CONTRACT_CLAIMED";
    finding.title =
        absl::StrCat("Contract ", claimed.contract.id, " with ",
                     holders.NameOfParty(claimed.contract.company), ": ", claimed.contract.object);
    finding.details.push_back(absl::StrCat("from ", TimeText(claimed.contract.valid_from)));
    return Signed(claimed.statement);
  }
  absl::Status operator()(const core::Contested& contested) const {
    finding.kind = "CONTESTED";
    finding.title = absl::StrCat(
        "Contested: ", contested.contract.empty() ? "every contract" : contested.contract, " with ",
        holders.NameOfParty(contested.company));
    return Signed(contested.statement);
  }
  absl::Status operator()(const core::CallbackAsked& asked) const {
    finding.kind = "CALLBACK_ASKED";
    finding.title =
        absl::StrCat("Asked to be contacted by ", holders.NameOfParty(asked.callback.company),
                     " (callback ", asked.callback.id, ")");
    finding.details.push_back(absl::StrCat("from ", TimeText(asked.callback.valid_from)));
    finding.details.push_back(absl::StrCat("until ", TimeText(asked.callback.valid_until)));
    return Signed(asked.statement);
  }
  absl::Status operator()(const core::HolderChanged& changed) const {
    finding.kind = "HOLDER_CHANGED";
    finding.title = changed.new_holder ? "Somebody else holds the contact point"
                                       : "The holder is of another class than was known";
    return Signed(changed.statement);
  }
  absl::Status operator()(const core::Decided& decided) const {
    finding.kind = "DECIDED";
    TellDecision(decided, holders, finding);
    return absl::OkStatus();
  }
  absl::Status operator()(const core::Confirmed& confirmed) const {
    finding.kind = "CONFIRMED";
    finding.title =
        absl::StrCat("The contact of entry ", confirmed.permit.value, " was ",
                     confirmed.contact_before.has_value() ? "confirmed" : "not confirmed");
    if (!confirmed.contact_before.has_value()) {
      finding.details.push_back(absl::StrCat("answered ", Text(confirmed.reason)));
    }
    return absl::OkStatus();
  }
  absl::Status operator()(const core::Released& released) const {
    finding.kind = "RELEASED";
    finding.title = absl::StrCat("The contact of entry ", released.permit.value,
                                 " was given back: it was not made");
    return absl::OkStatus();
  }
  absl::Status operator()(const core::OutcomeReported& reported) const {
    finding.kind = "OUTCOME_REPORTED";
    finding.title = absl::StrCat("Outcome of the contact of entry ", reported.permit.value, ": ",
                                 Text(reported.outcome));
    return absl::OkStatus();
  }
  template <class Other>
  absl::Status operator()(const Other&) const {
    finding.kind = absl::StrCat(static_cast<int>(Other::kKind));
    finding.title = "An entry of another kind";
    return absl::OkStatus();
  }
};

// Takes in what a directory entry says of parties and keys.
Finding TellDirectory(const directory::DirectoryEvent& event, KeyHolders& holders) {
  Finding finding;
  finding.about_parties = true;
  if (const auto* put = std::get_if<directory::PartyPut>(&event)) {
    holders.legal_names[put->id] = put->legal_name;
    finding.kind = "PARTY_PUT";
    finding.title = absl::StrCat(put->role == directory::Role::kCompany ? "Company " : "Registrar ",
                                 put->id, ": ", put->legal_name);
  } else if (const auto* added = std::get_if<directory::KeyAdded>(&event)) {
    holders.parties[added->key] = added->party;
    finding.kind = "KEY_ADDED";
    finding.title = absl::StrCat("Key ", Hex(added->key.view()), " belongs to ", added->party);
  } else if (const auto* retired = std::get_if<directory::KeyRetired>(&event)) {
    finding.kind = "KEY_RETIRED";
    finding.title = absl::StrCat("Key ", Hex(retired->key.view()), " of ", retired->party,
                                 " is believed no more");
  } else if (const auto* registered = std::get_if<directory::NumberRegistered>(&event)) {
    finding.kind = "NUMBER_REGISTERED";
    finding.title = absl::StrCat(registered->company, " shows the number ", registered->number);
  } else if (const auto* number = std::get_if<directory::NumberRetired>(&event)) {
    finding.kind = "NUMBER_RETIRED";
    finding.title = absl::StrCat(number->company, " shows the number ", number->number, " no more");
  } else if (const auto* delegated = std::get_if<directory::Delegated>(&event)) {
    finding.kind = "DELEGATED";
    finding.title = absl::StrCat(delegated->processor, " may contact for ", delegated->company);
  } else if (const auto* revoked = std::get_if<directory::DelegationRevoked>(&event)) {
    finding.kind = "DELEGATION_REVOKED";
    finding.title =
        absl::StrCat(revoked->processor, " may contact for ", revoked->company, " no more");
  }
  return finding;
}

absl::Status InReceipt(size_t number, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("receipt ", number + 1, ": ", status.message()));
}

// Whether an entry answers the dossier's question at all.
absl::Status CheckTheirs(const Dossier& dossier, const journal::Parts& parts) {
  if (parts.contact.empty() || parts.contact == dossier.contact_point) return absl::OkStatus();
  return absl::DataLossError("its entry is about another contact point");
}

}  // namespace

absl::StatusOr<Findings> Examine(const Dossier& dossier) {
  std::vector<tlog::VerifierKey> keys;
  for (const std::string& text : dossier.verifier_keys) {
    ASSIGN_OR_RETURN(tlog::VerifierKey key, tlog::ParseVerifierKey(text));
    keys.push_back(std::move(key));
  }
  const std::string directory = dossier.ledger + "/directory";
  const auto of_directory = [&directory](const Read& read) {
    return read.journal_origin == directory || read.journal_origin.starts_with(directory + "/");
  };
  std::vector<Read> reads;
  KeyHolders holders;
  std::vector<Finding> about_parties;
  for (size_t i = 0; i < dossier.receipts.size(); ++i) {
    absl::StatusOr<Read> read = ReadReceipt(dossier.receipts[i], keys);
    RETURN_IF_ERROR(InReceipt(i, read.status()));
    if (of_directory(*read)) {
      const auto event = directory::ToDirectoryEvent(read->entry, read->parts);
      RETURN_IF_ERROR(InReceipt(i, event.status()));
      about_parties.push_back(TellDirectory(*event, holders));
    } else {
      about_parties.emplace_back();
    }
    reads.push_back(*std::move(read));
  }
  Findings findings;
  for (size_t i = 0; i < reads.size(); ++i) {
    const Read& read = reads[i];
    Finding finding = std::move(about_parties[i]);
    finding.journal_origin = read.journal_origin;
    finding.position = read.entry.position.value;
    finding.unix_seconds = read.entry.at.unix_seconds;
    if (!finding.about_parties) {
      RETURN_IF_ERROR(InReceipt(i, CheckTheirs(dossier, read.parts)));
      const auto event = journal::ToEvent(read.entry, read.parts);
      RETURN_IF_ERROR(InReceipt(i, event.status()));
      RETURN_IF_ERROR(
          InReceipt(i, std::visit(Teller{dossier.ledger, holders, finding}, event->body)));
      if (finding.kind == "DECIDED") ++(finding.allowed ? findings.allowed : findings.denied);
    }
    findings.entries.push_back(std::move(finding));
  }
  return findings;
}

Json ToJson(const Dossier& dossier) {
  return {{"format", "consent-ledger-dossier/1"},
          {"ledger", dossier.ledger},
          {"question",
           {{"contact_point", dossier.contact_point},
            {"company", dossier.company},
            {"caller_number", dossier.caller_number},
            {"from", dossier.from},
            {"until", dossier.until}}},
          {"made_at", dossier.made_at},
          {"known", dossier.known},
          {"journal_size", dossier.journal_size},
          {"verifier_keys", dossier.verifier_keys},
          {"receipts", dossier.receipts}};
}

absl::StatusOr<Dossier> DossierFromJson(const Json& json) {
  try {
    if (json.at("format") != "consent-ledger-dossier/1") {
      return absl::InvalidArgumentError("expected the format consent-ledger-dossier/1");
    }
    const Json& question = json.at("question");
    return Dossier{.ledger = json.at("ledger"),
                   .contact_point = question.at("contact_point"),
                   .company = question.at("company"),
                   .caller_number = question.at("caller_number"),
                   .from = question.at("from"),
                   .until = question.at("until"),
                   .made_at = json.at("made_at"),
                   .known = json.at("known"),
                   .journal_size = json.at("journal_size"),
                   .verifier_keys = json.at("verifier_keys"),
                   .receipts = json.at("receipts")};
  } catch (const Json::exception&) {
    return absl::InvalidArgumentError(
        "the dossier's data lack a member, or hold one of another kind");
  }
}

}  // namespace consent::ctl
