// SPDX-License-Identifier: Apache-2.0
//
// keys new, keys show, keys vkey.

#include <memory>
#include <string>

#include "src/base/status_macros.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/session.h"
#include "src/crypto/algorithm.h"
#include "src/crypto/key_file.h"
#include "src/tlog/verifier_key.h"

namespace consent::ctl {
namespace {

struct KeyOptions {
  std::string type = "ed25519";
  std::string file;
  std::string name;      // Of a verifier key.
  bool witness = false;  // Whether it cosigns.
};

void Show(const Session& session, const crypto::PublicKey& key, const std::string& file) {
  const std::string type = key.algorithm() == crypto::Algorithm::kEd25519 ? "ed25519" : "p256";
  if (session.json) {
    session.Print({{"key_id", Hex(key.id().view())},
                   {"type", type},
                   {"public_key", Base64(key.spki())},
                   {"public_key_pem", key.ToPem()},
                   {"file", file}});
    return;
  }
  Table table;
  table.Add({"Key id", Hex(key.id().view())});
  table.Add({"Type", std::string(crypto::AlgorithmName(key.algorithm()))});
  table.Add({"Public key", Base64(key.spki())});
  table.Write(session.out);
  session.out << key.ToPem();
}

absl::StatusOr<int> NewKey(const Session& session, const KeyOptions& options) {
  const auto algorithm =
      options.type == "p256" ? crypto::Algorithm::kEcdsaP256 : crypto::Algorithm::kEd25519;
  const crypto::PrivateKey key = crypto::PrivateKey::Generate(algorithm);
  RETURN_IF_ERROR(AsBadInput(crypto::CreateKeyFile(options.file, key)));
  Show(session, key.public_key(), options.file);
  return kExitOk;
}

absl::StatusOr<int> ShowKey(const Session& session, const KeyOptions& options) {
  ASSIGN_OR_RETURN(const crypto::PublicKey key, ReadEitherKey(options.file));
  Show(session, key, options.file);
  return kExitOk;
}

absl::StatusOr<int> ShowVerifierKey(const Session& session, const KeyOptions& options) {
  ASSIGN_OR_RETURN(const crypto::PublicKey key, ReadEitherKey(options.file));
  const absl::StatusOr<tlog::VerifierKey> made = tlog::MakeVerifierKey(
      options.name, options.witness ? tlog::KeyType::kCosignature : tlog::KeyType::kEd25519, key);
  if (!made.ok()) return AsBadInput(made.status());
  if (session.json) {
    session.Print({{"name", made->name}, {"verifier_key", made->ToString()}});
  } else {
    session.out << made->ToString() << "\n";
  }
  return kExitOk;
}

}  // namespace

void AddKeysCommands(CLI::App& app, Session& session) {
  CLI::App* const keys = app.add_subcommand("keys", "Make and show keys that sign statements");
  keys->require_subcommand(1);
  auto options = std::make_shared<KeyOptions>();

  CLI::App* const make =
      AddLocalCommand(*keys, session, "new", "Make a key and keep it in a file of mode 0600",
                      [&session, options] { return NewKey(session, *options); });
  make->add_option("--type", options->type, "ed25519 (default) or p256")
      ->type_name("TYPE")
      ->check(CLI::IsMember({"ed25519", "p256"}));
  make->add_option("--out", options->file, "The file to make; one that exists is never overwritten")
      ->type_name("FILE")
      ->required();

  CLI::App* const show = AddLocalCommand(
      *keys, session, "show", "Show a key's id, type and public key; never the private one",
      [&session, options] { return ShowKey(session, *options); });
  show->add_option("FILE", options->file, "PEM file with a private or a public key")->required();

  CLI::App* const vkey = AddLocalCommand(
      *keys, session, "vkey", "Show an Ed25519 key as a verifier key of signed notes",
      [&session, options] { return ShowVerifierKey(session, *options); });
  vkey->add_option("FILE", options->file, "PEM file with a private or a public key")->required();
  vkey->add_option("--name", options->name, "The key's name: a log's origin, a witness's name")
      ->type_name("NAME")
      ->required();
  vkey->add_flag("--witness", options->witness, "For cosignatures instead of checkpoints");
}

}  // namespace consent::ctl
