// SPDX-License-Identifier: Apache-2.0
//
// rules list, rules show, rules check: rule packs, without a server. rules put, rules retire, rules
// in-force: those of a server's directory.

#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/directory_entry.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"
#include "src/rules/describe.h"
#include "src/rules/embedded.h"
#include "src/rules/pack.h"

namespace consent::ctl {
namespace {

struct RulesOptions {
  std::string name;  // A pack, a rule, or a file.
  bool as_file = false;
};

std::string Sha256Of(const rules::Pack& pack) { return absl::BytesToHexString(pack.sha256.str()); }

Json ShortOf(const rules::Pack& pack) {
  return {{"id", pack.id},
          {"version", absl::FormatCivilTime(pack.version)},
          {"title", pack.title},
          {"regions", pack.regions},
          {"rules", pack.rules.size()},
          {"sha256", Sha256Of(pack)}};
}

absl::StatusOr<int> ListPacks(const Session& session) {
  Table table({"Pack", "Version", "Title", "Rules", "SHA-256"});
  for (const rules::EmbeddedPack& embedded : rules::EmbeddedPacks()) {
    ASSIGN_OR_RETURN(const rules::Pack pack, rules::FindPack(embedded.id));
    if (session.json) session.Print(ShortOf(pack));
    table.Add({pack.id, absl::FormatCivilTime(pack.version), pack.title,
               absl::StrCat(pack.rules.size()), Sha256Of(pack)});
  }
  if (!session.json) table.Write(session.out);
  return kExitOk;
}

void ShowRule(const Session& session, const rules::Pack& pack, const rules::PackRule& rule) {
  const std::string scope = rules::DescribeScope(pack, rule.rule.scope);
  const std::string demands = rules::DescribeBody(rule.rule);
  if (session.json) {
    session.Print({{"id", rule.rule.id},
                   {"says", rule.says},
                   {"binds", scope},
                   {"demands", demands},
                   {"regions", rule.rule.scope.regions},
                   {"source", rule.source},
                   {"verified", rule.verified}});
    return;
  }
  Table table;
  table.Add({"Rule", rule.rule.id});
  table.Add({"Says", rule.says});
  table.Add({"Binds", scope});
  table.Add({"Demands", demands});
  table.Add({"Source", absl::StrCat(rule.source, rule.verified ? "" : " (not verified)")});
  table.Write(session.out);
}

absl::StatusOr<int> ShowRules(const Session& session, const RulesOptions& options) {
  const std::string id = options.name.substr(0, options.name.find('.'));
  const absl::StatusOr<rules::Pack> pack = rules::FindPack(id);
  if (!pack.ok()) return AsBadInput(pack.status());
  if (options.as_file) {
    for (const rules::EmbeddedPack& embedded : rules::EmbeddedPacks()) {
      if (embedded.id == id) session.out << embedded.text;
    }
    return kExitOk;
  }
  const bool all = id == options.name;
  bool found = all;
  if (all && !session.json) {
    session.out << pack->title << ", " << absl::FormatCivilTime(pack->version) << ", in "
                << absl::StrJoin(pack->regions, " ") << "\n";
  }
  for (const rules::PackRule& rule : pack->rules) {
    if (!all && rule.rule.id != options.name) continue;
    found = true;
    if (all && !session.json) session.out << "\n";
    ShowRule(session, *pack, rule);
  }
  if (!found) {
    return BadInput(absl::StrCat("expected a rule of the pack ", id,
                                 ", found none of that id; see ", "rules show ", id));
  }
  return kExitOk;
}

absl::StatusOr<std::string> ReadPackText(const std::string& path) {
  if (path != "-") return ReadFile(path, text::kFileBytesMax);
  // One byte beyond the limit, which the parser then refuses.
  std::string text(text::kFileBytesMax + 1, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(std::cin.gcount()));
  return text;
}

absl::StatusOr<int> CheckPack(const Session& session, const RulesOptions& options) {
  const absl::StatusOr<std::string> text = ReadPackText(options.name);
  if (!text.ok()) return AsBadInput(text.status());
  const rules::PackFile file = rules::ParsePack(*text);
  if (file.errors.empty()) {
    if (session.json) {
      session.Print(ShortOf(file.pack));
    } else {
      session.out << options.name << ": " << file.pack.id << ", "
                  << absl::FormatCivilTime(file.pack.version) << ", " << file.pack.rules.size()
                  << " rules\nsha256 " << Sha256Of(file.pack) << "\n";
    }
    return kExitOk;
  }
  Json faults = Json::array();
  for (const text::FileError& error : file.errors) {
    faults.push_back({{"line", error.line}, {"message", error.message}});
    session.err << options.name << ':';
    if (error.line > 0) session.err << error.line << ':';
    session.err << ' ' << error.message << '\n';
  }
  if (file.more_errors) {
    session.err << options.name << ": further errors are not shown (at most " << text::kErrorsMax
                << " are)\n";
  }
  if (session.json) session.Print({{"errors", faults}, {"more_errors", file.more_errors}});
  return kExitBadInput;
}

absl::StatusOr<int> PutPack(const Session& session, const RulesOptions& options) {
  const absl::StatusOr<rules::Pack> pack = rules::FindPack(options.name);
  if (!pack.ok()) return AsBadInput(pack.status());
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  v1::PutRulePackRequest request;
  request.set_pack_id(pack->id);
  request.set_sha256(pack->sha256.str());
  ASSIGN_OR_RETURN(
      const v1::PutRulePackResponse response,
      connection.Call(connection.directory(), &v1::DirectoryService::Stub::PutRulePack, request));
  return ShowDirectoryEntry(session,
                            {{"pack", pack->id},
                             {"version", absl::FormatCivilTime(pack->version)},
                             {"sha256", Sha256Of(*pack)}},
                            response.entry());
}

absl::StatusOr<int> RetirePack(const Session& session, const RulesOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  v1::RetireRulePackRequest request;
  request.set_pack_id(options.name);
  ASSIGN_OR_RETURN(const v1::RetireRulePackResponse response,
                   connection.Call(connection.directory(),
                                   &v1::DirectoryService::Stub::RetireRulePack, request));
  return ShowDirectoryEntry(session, {{"pack", options.name}}, response.entry());
}

absl::StatusOr<int> ListInForce(const Session& session) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  ASSIGN_OR_RETURN(
      const v1::ListRulePacksResponse response,
      connection.Call(connection.directory(), &v1::DirectoryService::Stub::ListRulePacks,
                      v1::ListRulePacksRequest()));
  Table table({"PACK", "VERSION", "", "SHA-256"});
  for (const v1::RulePack& pack : response.rule_packs()) {
    if (session.json) {
      session.Print({{"id", pack.pack_id()},
                     {"version", pack.version()},
                     {"sha256", Hex(pack.sha256())},
                     {"in_force", pack.in_force()},
                     {"carried", pack.carried()}});
    }
    table.Add({pack.pack_id(), pack.version(),
               !pack.in_force() ? "retired"
               : pack.carried() ? "in force"
                                : "in force, but the server does not carry it: no contacts",
               Hex(pack.sha256())});
  }
  if (session.json) return kExitOk;
  if (table.empty()) {
    session.out << "No rule pack is in force: only consent is asked for. See `consentctl rules "
                   "put`.\n";
  } else {
    table.Write(session.out);
  }
  return kExitOk;
}

}  // namespace

void AddRulesCommands(CLI::App& app, Session& session) {
  CLI::App* const rules_app = app.add_subcommand("rules", "Rule packs: the law as data");
  rules_app->require_subcommand(1);
  auto options = std::make_shared<RulesOptions>();

  AddLocalCommand(*rules_app, session, "list", "List the packs within this program",
                  [&session] { return ListPacks(session); });

  CLI::App* const show =
      AddLocalCommand(*rules_app, session, "show", "Show a pack's rules, or one rule",
                      [&session, options] { return ShowRules(session, *options); });
  show->add_option("ID", options->name, "A pack (fr) or a rule (fr.hours)")->required();
  show->add_flag("--file", options->as_file, "The pack's file as it is");

  CLI::App* const check =
      AddLocalCommand(*rules_app, session, "check", "Check a pack's file, and tell its hash",
                      [&session, options] { return CheckPack(session, *options); });
  check->add_option("FILE", options->name, "A pack in YAML or JSON; - is standard input")
      ->required();

  CLI::App* const put = AddCommand(*rules_app, session, "put",
                                   "Put the pack within this program in force on a server",
                                   [&session, options] { return PutPack(session, *options); });
  put->add_option("ID", options->name, "A pack: fr")->required();
  CLI::App* const retire =
      AddCommand(*rules_app, session, "retire", "A pack is law no more",
                 [&session, options] { return RetirePack(session, *options); });
  retire->add_option("ID", options->name, "A pack: fr")->required();
  AddCommand(*rules_app, session, "in-force", "List the packs that a server judges by",
             [&session] { return ListInForce(session); });
}

}  // namespace consent::ctl
