// SPDX-License-Identifier: Apache-2.0
//
// bind: a registrar says that a contact point's holder holds a key.

#include <memory>
#include <string>

#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/session.h"
#include "src/consentctl/signing.h"

namespace consent::ctl {
namespace {

struct BindOptions {
  SigningOptions signing;
  std::string key;
  std::string zone;
  std::string replaces;
  std::string same_consumer_as;
};

absl::StatusOr<int> Bind(const Session& session, const BindOptions& options) {
  ASSIGN_OR_RETURN(const crypto::PublicKey key, ReadEitherKey(options.key));
  v1::Statement body;
  v1::KeyBinding& binding = *body.mutable_key_binding();
  binding.set_public_key(key.spki());
  binding.set_time_zone(options.zone);
  binding.set_same_consumer_as(options.same_consumer_as);
  if (!options.replaces.empty()) {
    ASSIGN_OR_RETURN(*binding.mutable_replaces_key_id(),
                     ParseKeyId(options.replaces, "--replaces"));
  }
  return SignAndSend(session, options.signing, body, {{"key_id", Hex(key.id().view())}});
}

}  // namespace

void AddBindCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<BindOptions>();
  CLI::App* const bind =
      AddCommand(app, session, "bind", "Bind a consumer's key to a contact point, as a registrar",
                 [&session, options] { return Bind(session, *options); });
  AddSigningOptions(*bind, options->signing, "--registrar-key",
                    "PEM file with the registrar's private key");
  bind->add_option("--key", options->key, "PEM file with the consumer's private or public key")
      ->type_name("FILE")
      ->required();
  bind->add_option("--zone", options->zone,
                   "The consumer's time zone, such as Europe/Paris; without it found from the "
                   "number where that is possible")
      ->type_name("ZONE");
  bind->add_option("--replaces", options->replaces,
                   "Id of the consumer's key that the new one succeeds")
      ->type_name("KEYID");
  bind->add_option("--same-consumer-as", options->same_consumer_as,
                   "A contact point that is bound to the same consumer already")
      ->type_name("CONTACT");
}

}  // namespace consent::ctl
