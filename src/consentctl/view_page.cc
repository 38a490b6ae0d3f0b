// SPDX-License-Identifier: Apache-2.0
//
// A consumer's view for people.

#include "src/consentctl/view_page.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "src/consentctl/answer.h"
#include "src/consentctl/limit_spec.h"

namespace consent::ctl {
namespace {

// Channel, purpose, answer: whichever of them an entry has.
std::string What(const v1::HistoryEntry& entry) {
  std::vector<std::string> words;
  if (entry.channel() != 0) words.push_back(NameOf(entry.channel()));
  if (entry.purpose() != 0) words.push_back(NameOf(entry.purpose()));
  if (entry.verdict() != 0) words.push_back(NameOf(entry.verdict()));
  if (entry.reason() > v1::REASON_OK) words.push_back(NameOf(entry.reason()));
  // Consent is the plain case.
  if (entry.basis() > v1::BASIS_CONSENT) words.push_back(NameOf(entry.basis()));
  if (!entry.rule().empty()) words.push_back(entry.rule());
  if (entry.outcome() != 0) words.push_back(NameOf(entry.outcome()));
  return absl::StrJoin(words, " ");
}

void WriteGrants(const Session& session, const v1::ConsumerView& view) {
  session.out << "\nGrants\n";
  Table table({"  COMPANY", "GRANT", "LIMITS", "LEFT", "UNTIL", "SIGNED BY"});
  for (const v1::GrantView& grant : view.grants()) {
    std::vector<std::string> limits;
    for (const v1::Limit& limit : grant.grant().limits()) limits.push_back(ToLimitSpec(limit));
    table.Add({"  " + grant.grant().company(), grant.grant().grant_id(), absl::StrJoin(limits, " "),
               grant.revoked() ? "revoked" : RemainingText(grant.remaining()),
               grant.grant().has_valid_until() ? LocalTime(grant.grant().valid_until()) : "-",
               NameOf(grant.signed_by())});
  }
  if (table.empty()) {
    session.out << "  none\n";
  } else {
    table.Write(session.out);
  }
}

// Only where there are any: most people have none.
void WriteRelations(const Session& session, const v1::ConsumerView& view) {
  Table table({"  COMPANY", "CONTRACT", "ABOUT", "UNTIL", "SIGNED BY", ""});
  for (const v1::ContractView& kept : view.contracts()) {
    const v1::Contract& contract = kept.contract();
    table.Add({"  " + contract.company(), contract.contract_id(),
               absl::StrCat(NameOf(contract.relation()), ": ", contract.object()),
               contract.has_valid_until() ? LocalTime(contract.valid_until()) : "-",
               NameOf(kept.signed_by()), kept.contested() ? "contested" : ""});
  }
  if (!table.empty()) {
    session.out << "\nContracts\n";
    table.Write(session.out);
  }
  Table calls({"  COMPANY", "CALLBACK", "CHANNELS", "UNTIL", "SIGNED BY", ""});
  for (const v1::CallbackView& kept : view.callbacks()) {
    const v1::CallbackRequest& callback = kept.callback();
    calls.Add({"  " + callback.company(), callback.callback_id(),
               absl::StrJoin(Names<v1::Channel>(callback.channels()), ", "),
               LocalTime(callback.valid_until()), NameOf(kept.signed_by()),
               kept.revoked() ? "revoked" : ""});
  }
  if (!calls.empty()) {
    session.out << "\nCallbacks\n";
    calls.Write(session.out);
  }
}

std::string HoursText(const v1::Hours& hours) {
  const auto minute = [](int m) { return absl::StrFormat("%02d:%02d", m / 60, m % 60); };
  return absl::StrCat(absl::StrJoin(Names<v1::Weekday>(hours.days()), ", "), " ",
                      minute(hours.from_minute()), "-", minute(hours.to_minute()));
}

void WritePreferences(const Session& session, const v1::Preferences& preferences) {
  session.out << "\nPreferences\n";
  for (const v1::Limit& limit : preferences.limits()) {
    session.out << "  of all companies: " << Printable(ToLimitSpec(limit)) << "\n";
  }
  for (const v1::Hours& span : preferences.quiet()) {
    session.out << "  quiet: " << HoursText(span) << "\n";
  }
  if (preferences.has_pause_until()) {
    session.out << "  pause until: " << LocalTime(preferences.pause_until()) << "\n";
  }
  session.out << "  about: " << absl::StrJoin(Names<v1::Purpose>(preferences.purposes()), ", ")
              << "\n";
}

// "all companies", "acme", "group holding".
std::string Whom(const v1::BlockView& block) {
  if (block.whose() == v1::BLOCK_TARGET_GROUP) return "group " + block.company();
  if (block.whose() == v1::BLOCK_TARGET_PROCESSOR) return "processor " + block.company();
  return block.company() == "*" ? "all companies" : block.company();
}

void WriteBlocks(const Session& session, const v1::ConsumerView& view) {
  session.out << "\nBlocks\n";
  if (view.blocks().empty() && view.listings().empty()) session.out << "  none\n";
  for (const v1::BlockView& block : view.blocks()) {
    session.out << "  " << Printable(Whom(block)) << ": "
                << (block.channels().empty()
                        ? "all channels"
                        : absl::StrJoin(Names<v1::Channel>(block.channels()), ", "));
    if (!block.purposes().empty() && block.purposes_size() < v1::Purpose_MAX) {
      session.out << " for " << absl::StrJoin(Names<v1::Purpose>(block.purposes()), ", ");
    }
    session.out << "\n";
  }
  for (const v1::ListingView& listing : view.listings()) {
    session.out << "  on list " << Printable(listing.list()) << " since "
                << LocalTime(listing.listed_at()) << "\n";
  }
}

}  // namespace

void WriteView(const Session& session, const v1::ConsumerView& view) {
  Table head;
  head.Add({"As of", LocalTime(view.as_of())});
  head.Add({"Time zone", view.time_zone().empty() ? "unknown" : view.time_zone()});
  head.Add({"Contact points", std::to_string(view.contact_points())});
  if (view.holder_class() != 0) head.Add({"Holder", NameOf(view.holder_class())});
  for (const std::string& id : view.key_ids()) head.Add({"Key", Hex(id)});
  head.Write(session.out);
  WriteGrants(session, view);
  WriteRelations(session, view);
  if (view.has_preferences()) WritePreferences(session, view.preferences());
  for (const v1::Preferences& others : view.line_preferences()) WritePreferences(session, others);
  WriteBlocks(session, view);
  session.out << "\nHistory\n";
  Table history({"  ENTRY", "TIME", "COMPANY", "EVENT", ""});
  for (const v1::HistoryEntry& entry : view.history()) {
    history.Add({absl::StrCat("  ", entry.entry()), LocalTime(entry.at()), entry.company(),
                 entry.kind(), What(entry)});
  }
  if (history.empty()) {
    session.out << "  none\n";
  } else {
    history.Write(session.out);
  }
  if (view.has_next_history_from()) {
    session.out << "  there is more: --from " << view.next_history_from() << "\n";
  }
}

}  // namespace consent::ctl
