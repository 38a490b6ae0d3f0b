// SPDX-License-Identifier: Apache-2.0
//
// Signing: what the commands that sign statements have in common. The statement is signed here,
// with a key that never leaves this machine, and then sent, or kept in a file for `send`.

#ifndef CONSENT_CONSENTCTL_SIGNING_H_
#define CONSENT_CONSENTCTL_SIGNING_H_

#include <functional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/session.h"
#include "src/crypto/private_key.h"

namespace consent::ctl {

struct SigningOptions {
  std::vector<std::string> contacts;  // As typed; "@FILE" is a file of them.
  std::string key_file;               // The signer's.
  std::string audience;               // Empty: ask the server.
  bool dry_run = false;
  std::string out;
};

// Adds CONTACT..., the key option called `key_option`, --audience, --dry-run and --out.
void AddSigningOptions(CLI::App& command, SigningOptions& options, const std::string& key_option,
                       const std::string& key_help);

// Fills in all of a statement but its body, and signs it.
absl::StatusOr<v1::SignedStatement> SignFor(const std::string& contact, const std::string& audience,
                                            const crypto::PrivateKey& key,
                                            const v1::Statement& body);

// One statement with `body` for each contact point, signed, then sent or written. `extra` is what
// the command itself has to tell: names and values.
absl::StatusOr<int> SignAndSend(const Session& session, const SigningOptions& options,
                                const v1::Statement& body, const Json& extra = Json::object());

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_SIGNING_H_
