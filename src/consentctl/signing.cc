// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/signing.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/envelope_file.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/sender.h"
#include "src/statement/envelope.h"

namespace consent::ctl {

void AddSigningOptions(CLI::App& command, SigningOptions& options, const std::string& key_option,
                       const std::string& key_help) {
  command
      .add_option("CONTACT", options.contacts,
                  "The contact points, such as +33639980001 or mailto:someone@example.org; @FILE "
                  "names a file with one a line")
      ->required();
  command.add_option(key_option, options.key_file, key_help)->type_name("FILE")->required();
  command
      .add_option("--audience", options.audience,
                  "Origin of the ledger it is for; without it the server is asked")
      ->type_name("ORIGIN");
  CLI::Option* const out =
      command
          .add_option("--out", options.out,
                      "With --dry-run: the new file of signed statements, for `consentctl send`")
          ->type_name("FILE");
  CLI::Option* const dry_run =
      command.add_flag("--dry-run", options.dry_run, "Sign, but write to --out instead of sending");
  dry_run->needs(out);
  out->needs(dry_run);
}

absl::StatusOr<v1::SignedStatement> SignFor(const std::string& contact, const std::string& audience,
                                            const crypto::PrivateKey& key,
                                            const v1::Statement& body) {
  v1::Statement statement = body;
  statement.set_statement_id(statement::NewStatementId());
  statement.set_audience(audience);
  statement.set_contact_point(contact);
  const int64_t now_ms = absl::ToUnixMillis(absl::Now());
  statement.mutable_signed_at()->set_seconds(now_ms / 1000);
  statement.mutable_signed_at()->set_nanos(static_cast<int32_t>(now_ms % 1000) * 1'000'000);
  absl::StatusOr<v1::SignedStatement> envelope = statement::Sign(statement, key);
  if (!envelope.ok()) return AsBadInput(envelope.status());
  return envelope;
}

absl::StatusOr<int> SignAndSend(const Session& session, const SigningOptions& options,
                                const v1::Statement& body, const Json& extra) {
  ASSIGN_OR_RETURN(const std::vector<std::string> contacts, ReadContacts(options.contacts));
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, ReadPrivateKey(options.key_file));
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  std::string audience = options.audience;
  if (audience.empty()) {
    ASSIGN_OR_RETURN(audience, connection.Origin());
  }
  Progress progress(session.err, options.dry_run ? "signed" : "sent", contacts.size());
  Sender sender(session, connection);
  std::vector<v1::SignedStatement> envelopes;
  for (size_t i = 0; i < contacts.size(); ++i) {
    ASSIGN_OR_RETURN(envelopes.emplace_back(), SignFor(contacts[i], audience, key, body));
    progress.Show(i + 1);
    const bool last = i + 1 == contacts.size();
    if (options.dry_run || (envelopes.size() < kStatementsPerCall && !last)) continue;
    RETURN_IF_ERROR(sender.Send(envelopes));
    envelopes.clear();
  }
  if (!options.dry_run) return sender.Report(extra);
  RETURN_IF_ERROR(WriteEnvelopes(options.out, envelopes));
  Json json = extra;
  json["signed"] = envelopes.size();
  json["file"] = options.out;
  if (session.json) {
    session.Print(json);
  } else {
    Table table;
    for (const auto& [name, value] : json.items()) {
      table.Add({name, value.is_string() ? value.get<std::string>() : Dump(value)});
    }
    table.Write(session.out);
  }
  return kExitOk;
}

}  // namespace consent::ctl
