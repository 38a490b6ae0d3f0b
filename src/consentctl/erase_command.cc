// SPDX-License-Identifier: Apache-2.0
//
// erase: has the ledger destroy what it knows of a consumer, at their own signed order.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/session.h"
#include "src/consentctl/signing.h"

namespace consent::ctl {
namespace {

struct EraseOptions {
  std::string contact;
  std::string key;
  std::string audience;
};

absl::StatusOr<int> Erase(const Session& session, const EraseOptions& options) {
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, ReadPrivateKey(options.key));
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  std::string audience = options.audience;
  if (audience.empty()) {
    ASSIGN_OR_RETURN(audience, connection.Origin());
  }
  v1::Statement body;
  body.mutable_erase_request();
  v1::EraseConsumerRequest request;
  ASSIGN_OR_RETURN(*request.mutable_request(), SignFor(options.contact, audience, key, body));
  ASSIGN_OR_RETURN(
      const v1::EraseConsumerResponse response,
      connection.Call(connection.grants(), &v1::GrantService::Stub::EraseConsumer, request));
  if (session.json) {
    session.Print({{"journal_origin", response.journal_origin()},
                   {"entry", response.entry()},
                   {"erased_at", UtcTime(response.erased_at())}});
    return kExitOk;
  }
  Table table;
  table.Add({"Erased", absl::StrCat("at ", LocalTime(response.erased_at()))});
  table.Add({"Tombstone", absl::StrCat("entry ", response.entry(), " of ",
                                       Printable(response.journal_origin()))});
  table.Write(session.out);
  return kExitOk;
}

}  // namespace

void AddEraseCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<EraseOptions>();
  CLI::App* const command = AddCommand(
      app, session, "erase",
      "Destroy what the ledger knows of a consumer, for good, with their own key; blocks stay",
      [&session, options] { return Erase(session, *options); });
  command->add_option("CONTACT", options->contact, "One of the consumer's contact points")
      ->required();
  command->add_option("--key", options->key, "PEM file with the consumer's private key")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--audience", options->audience,
                   "Origin of the ledger it is for; without it the server is asked")
      ->type_name("ORIGIN");
}

}  // namespace consent::ctl
