// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/answer.h"

#include "absl/strings/str_cat.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/failure.h"

namespace consent::ctl {

std::string RemainingText(const google::protobuf::RepeatedPtrField<v1::Remaining>& remaining) {
  std::string text;
  for (const v1::Remaining& left : remaining) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", left.limit(), ": ", left.count());
  }
  return text.empty() ? "-" : text;
}

Json RemainingJson(const google::protobuf::RepeatedPtrField<v1::Remaining>& remaining) {
  Json json = Json::object();
  for (const v1::Remaining& left : remaining) json[left.limit()] = left.count();
  return json;
}

int WriteDecision(const Session& session, const v1::Decision& decision) {
  const bool allowed = decision.verdict() == v1::VERDICT_ALLOWED;
  const int exit_code = allowed ? kExitOk : kExitDenied;
  if (session.json) {
    session.Print({{"decision", NameOf(decision.verdict())},
                   {"reason", NameOf(decision.reason())},
                   {"basis", decision.basis() == 0 ? "" : NameOf(decision.basis())},
                   {"limit", decision.limit()},
                   {"rule", decision.rule()},
                   {"grant", decision.grant_id()},
                   {"remaining", RemainingJson(decision.remaining())},
                   {"next_allowed_time", UtcTime(decision.next_allowed_time())},
                   {"contact_before", UtcTime(decision.contact_before())},
                   {"permit", decision.permit_id()},
                   {"journal_origin", decision.journal_origin()},
                   {"entry", decision.journal_origin().empty() ? Json() : Json(decision.entry())},
                   {"decided_at", UtcTime(decision.decided_at())},
                   {"subject", Base64(decision.subject())},
                   {"repeated", decision.repeated()}});
    return exit_code;
  }
  Table table;
  table.Add({"Decision", absl::StrCat(NameOf(decision.verdict()),
                                      decision.repeated() ? " (the first answer again)" : "")});
  table.Add({"Reason", absl::StrCat(NameOf(decision.reason()), decision.limit().empty() ? "" : ": ",
                                    decision.limit())});
  if (decision.basis() != 0) table.Add({"Basis", NameOf(decision.basis())});
  if (!decision.grant_id().empty()) table.Add({"Grant", decision.grant_id()});
  table.Add({"Remaining", RemainingText(decision.remaining())});
  if (!allowed || decision.has_next_allowed_time()) {
    table.Add({"Next allowed", LocalTime(decision.next_allowed_time())});
  }
  if (allowed && !decision.permit_id().empty()) {
    table.Add({"Contact before", decision.has_contact_before()
                                     ? LocalTime(decision.contact_before())
                                     : "held: no contact until it is confirmed"});
    table.Add({"Permit", decision.permit_id()});
  }
  if (!decision.journal_origin().empty()) {
    table.Add({"Entry", absl::StrCat(decision.entry(), " of ", decision.journal_origin())});
  }
  table.Write(session.out);
  return exit_code;
}

int WritePermitAnswer(const Session& session, const v1::PermitAnswer& answer) {
  const int exit_code = answer.done() ? kExitOk : kExitDenied;
  const std::string reason = answer.reason() == 0 ? "" : NameOf(answer.reason());
  const std::string word = answer.done() ? "DONE" : "DENIED";
  if (session.json) {
    session.Print({{"decision", word},
                   {"reason", reason},
                   {"contact_before", UtcTime(answer.contact_before())},
                   {"journal_origin", answer.journal_origin()},
                   {"entry", answer.journal_origin().empty() ? Json() : Json(answer.entry())}});
    return exit_code;
  }
  Table table;
  table.Add({"Decision", word});
  if (!reason.empty()) table.Add({"Reason", reason});
  if (answer.has_contact_before()) {
    table.Add({"Contact before", LocalTime(answer.contact_before())});
  }
  if (!answer.journal_origin().empty()) {
    table.Add({"Entry", absl::StrCat(answer.entry(), " of ", answer.journal_origin())});
  }
  table.Write(session.out);
  return exit_code;
}

}  // namespace consent::ctl
