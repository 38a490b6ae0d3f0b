// SPDX-License-Identifier: Apache-2.0
//
// view: what the ledger knows of a consumer, for that consumer.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/status_macros.h"
#include "src/consentctl/answer.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/limit_spec.h"
#include "src/consentctl/session.h"
#include "src/consentctl/view_question.h"

namespace consent::ctl {
namespace {

struct ViewOptions {
  std::string contact;
  std::string key;
  std::string audience;
  int history = 20;
  std::optional<uint64_t> from;  // None: the last entries, however many come before them.
};

template <typename Enum, typename List>
std::vector<std::string> Names(const List& values) {
  std::vector<std::string> names;
  for (const int value : values) names.push_back(NameOf(static_cast<Enum>(value)));
  return names;
}

// Channel, purpose, answer: whichever of them an entry has.
std::string What(const v1::HistoryEntry& entry) {
  std::vector<std::string> words;
  if (entry.channel() != 0) words.push_back(NameOf(entry.channel()));
  if (entry.purpose() != 0) words.push_back(NameOf(entry.purpose()));
  if (entry.verdict() != 0) words.push_back(NameOf(entry.verdict()));
  if (entry.reason() > v1::REASON_OK) words.push_back(NameOf(entry.reason()));
  if (entry.outcome() != 0) words.push_back(NameOf(entry.outcome()));
  return absl::StrJoin(words, " ");
}

Json GrantJson(const v1::GrantView& view) {
  const v1::Grant& grant = view.grant();
  Json limits = Json::array();
  for (const v1::Limit& limit : grant.limits()) limits.push_back(ToLimitSpec(limit));
  Json hours = Json::array();
  for (const v1::Hours& span : grant.hours()) {
    hours.push_back({{"days", Names<v1::Weekday>(span.days())},
                     {"from_minute", span.from_minute()},
                     {"to_minute", span.to_minute()}});
  }
  return {{"grant", grant.grant_id()},
          {"company", grant.company()},
          {"purposes", Names<v1::Purpose>(grant.purposes())},
          {"valid_from", UtcTime(grant.valid_from())},
          {"valid_until", UtcTime(grant.valid_until())},
          {"limits", limits},
          {"hours", hours},
          {"signed_by", NameOf(view.signed_by())},
          {"revoked", view.revoked()},
          {"remaining", RemainingJson(view.remaining())}};
}

Json ToJson(const v1::ConsumerView& view) {
  Json json = {{"journal_origin", view.journal_origin()},
               {"as_of", UtcTime(view.as_of())},
               {"time_zone", view.time_zone()},
               {"contact_points", view.contact_points()}};
  json["key_ids"] = Json::array();
  for (const std::string& id : view.key_ids()) json["key_ids"].push_back(Hex(id));
  json["grants"] = Json::array();
  for (const v1::GrantView& grant : view.grants()) json["grants"].push_back(GrantJson(grant));
  json["blocks"] = Json::array();
  for (const v1::BlockView& block : view.blocks()) {
    json["blocks"].push_back(
        {{"company", block.company()}, {"channels", Names<v1::Channel>(block.channels())}});
  }
  json["history"] = Json::array();
  for (const v1::HistoryEntry& entry : view.history()) {
    json["history"].push_back({{"entry", entry.entry()},
                               {"at", UtcTime(entry.at())},
                               {"company", entry.company()},
                               {"kind", entry.kind()},
                               {"channel", entry.channel() == 0 ? "" : NameOf(entry.channel())},
                               {"purpose", entry.purpose() == 0 ? "" : NameOf(entry.purpose())},
                               {"decision", entry.verdict() == 0 ? "" : NameOf(entry.verdict())},
                               {"reason", entry.reason() == 0 ? "" : NameOf(entry.reason())},
                               {"outcome", entry.outcome() == 0 ? "" : NameOf(entry.outcome())}});
  }
  json["tag_keys"] = Json::array();
  for (const v1::TagKey& key : view.tag_keys()) {
    json["tag_keys"].push_back({{"year", key.year()}, {"key", Base64(key.key())}});
  }
  json["next_history_from"] =
      view.has_next_history_from() ? Json(view.next_history_from()) : Json();
  return json;
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

void WritePage(const Session& session, const v1::ConsumerView& view) {
  Table head;
  head.Add({"As of", LocalTime(view.as_of())});
  head.Add({"Time zone", view.time_zone().empty() ? "unknown" : view.time_zone()});
  head.Add({"Contact points", std::to_string(view.contact_points())});
  for (const std::string& id : view.key_ids()) head.Add({"Key", Hex(id)});
  head.Write(session.out);
  WriteGrants(session, view);
  session.out << "\nBlocks\n";
  if (view.blocks().empty()) session.out << "  none\n";
  for (const v1::BlockView& block : view.blocks()) {
    session.out << "  "
                << Printable(block.company() == "*" ? std::string("all companies")
                                                    : block.company())
                << ": "
                << (block.channels().empty()
                        ? "all channels"
                        : absl::StrJoin(Names<v1::Channel>(block.channels()), ", "))
                << "\n";
  }
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

absl::StatusOr<int> View(const Session& session, const ViewOptions& options) {
  ASSIGN_OR_RETURN(const ViewQuestion question,
                   ViewQuestion::Make(session, options.contact, options.key, options.audience));
  ASSIGN_OR_RETURN(const v1::ConsumerView view, options.from.has_value()
                                                    ? question.Ask(*options.from, options.history)
                                                    : question.AskForLast(options.history));
  if (session.json) {
    session.Print(ToJson(view));
  } else {
    WritePage(session, view);
  }
  return kExitOk;
}

}  // namespace

void AddViewCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<ViewOptions>();
  CLI::App* const command = AddCommand(
      app, session, "view", "Show a consumer what the ledger knows of them, with their own key",
      [&session, options] { return View(session, *options); });
  command->add_option("CONTACT", options->contact, "One of the consumer's contact points")
      ->required();
  command->add_option("--key", options->key, "PEM file with the consumer's private key")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--audience", options->audience,
                   "Origin of the ledger it is for; without it the server is asked")
      ->type_name("ORIGIN");
  command
      ->add_option("--history", options->history,
                   "So many entries, default 20: the last ones, unless --from")
      ->type_name("N")
      ->check(CLI::Range(0, 1000));
  command->add_option("--from", options->from, "The history from this entry of the journal on")
      ->type_name("N");
}

}  // namespace consent::ctl
