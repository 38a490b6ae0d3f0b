// SPDX-License-Identifier: Apache-2.0
//
// view: what the ledger knows of a consumer, for that consumer.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/status_macros.h"
#include "src/consentctl/answer.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/limit_spec.h"
#include "src/consentctl/session.h"
#include "src/consentctl/signing.h"

namespace consent::ctl {
namespace {

constexpr int kHistoryPage = 1'000;  // What one answer holds at most.

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

// Asks for the view with a page of the history; each question is signed anew, for it is answered
// only once.
class Asker {
 public:
  static absl::StatusOr<Asker> Make(const Session& session, const ViewOptions& options) {
    ASSIGN_OR_RETURN(crypto::PrivateKey key, ReadPrivateKey(options.key));
    ASSIGN_OR_RETURN(Connection connection, Connection::To(session));
    std::string audience = options.audience;
    if (audience.empty()) {
      ASSIGN_OR_RETURN(audience, connection.Origin());
    }
    return Asker(std::move(connection), std::move(key), options.contact, std::move(audience));
  }

  absl::StatusOr<v1::ConsumerView> Ask(uint64_t history_from, int history_max) const {
    v1::Statement body;
    body.mutable_view_request()->set_history_from(history_from);
    body.mutable_view_request()->set_history_max(history_max);
    v1::GetConsumerViewRequest request;
    ASSIGN_OR_RETURN(*request.mutable_request(), SignFor(contact_, audience_, key_, body));
    ASSIGN_OR_RETURN(
        const v1::GetConsumerViewResponse response,
        connection_.Call(connection_.grants(), &v1::GrantService::Stub::GetConsumerView, request));
    return response.view();
  }

 private:
  Asker(Connection connection, crypto::PrivateKey key, std::string contact, std::string audience)
      : connection_(std::move(connection)),
        key_(std::move(key)),
        contact_(std::move(contact)),
        audience_(std::move(audience)) {}

  Connection connection_;
  crypto::PrivateKey key_;
  std::string contact_;
  std::string audience_;
};

// The view with the last `count` entries of the history: reads all of it, page by page.
absl::StatusOr<v1::ConsumerView> AskForLast(const Asker& asker, int count) {
  if (count == 0) return asker.Ask(0, 0);
  ASSIGN_OR_RETURN(v1::ConsumerView view, asker.Ask(0, kHistoryPage));
  std::deque<v1::HistoryEntry> last(view.history().begin(), view.history().end());
  while (view.has_next_history_from()) {
    ASSIGN_OR_RETURN(view, asker.Ask(view.next_history_from(), kHistoryPage));
    last.insert(last.end(), view.history().begin(), view.history().end());
    while (last.size() > static_cast<size_t>(count)) last.pop_front();
  }
  while (last.size() > static_cast<size_t>(count)) last.pop_front();
  *view.mutable_history() = {last.begin(), last.end()};
  return view;
}

absl::StatusOr<int> View(const Session& session, const ViewOptions& options) {
  ASSIGN_OR_RETURN(const Asker asker, Asker::Make(session, options));
  ASSIGN_OR_RETURN(const v1::ConsumerView view, options.from.has_value()
                                                    ? asker.Ask(*options.from, options.history)
                                                    : AskForLast(asker, options.history));
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
