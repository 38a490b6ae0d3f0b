// SPDX-License-Identifier: Apache-2.0
//
// witness: cosigns the checkpoints of logs, so that none of them can show two histories unseen.

#include <pthread.h>
#include <signal.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/status_macros.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/session.h"
#include "src/http/listener.h"
#include "src/http/witness.h"
#include "src/tlog/add_checkpoint.h"
#include "src/tlog/verifier_key.h"

namespace consent::ctl {
namespace {

struct WitnessSettings {
  std::string listen = "127.0.0.1:0";
  std::string key;
  std::string name;
  std::vector<std::string> logs;
  std::string state;
};

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

void TellFork(const Session& session, const std::string& origin, const absl::Status& kept) {
  // A fork is a matter for people, whatever standard output is read by.
  session.err << "consentctl: " << Printable(origin)
              << " has signed two trees of one size; the second is refused, and "
              << (kept.ok() ? "both are in the state folder: show them"
                            : "could not be kept: " + Printable(std::string(kept.message())))
              << std::endl;
}

absl::StatusOr<http::WitnessOptions> OptionsOf(const Session& session,
                                               const WitnessSettings& settings) {
  ASSIGN_OR_RETURN(crypto::PrivateKey key, ReadPrivateKey(settings.key));
  absl::StatusOr<tlog::NoteSigner> signer =
      tlog::NoteSigner::Create(settings.name, std::move(key), tlog::KeyType::kCosignature);
  if (!signer.ok()) return AsBadInput(signer.status());
  http::WitnessOptions options{
      .state = settings.state,
      .signer = *std::move(signer),
      .logs = {},
      .now = [] { return Instant{absl::ToUnixSeconds(absl::Now())}; },
      .on_fork = [&session](const std::string& origin,
                            const absl::Status& kept) { TellFork(session, origin, kept); }};
  for (const std::string& log : settings.logs) {
    absl::StatusOr<tlog::VerifierKey> parsed = tlog::ParseVerifierKey(log);
    if (!parsed.ok()) return AsBadInput(parsed.status());
    if (parsed->type != tlog::KeyType::kEd25519) {
      return BadInput("--log: expected a key that signs checkpoints, not one that cosigns");
    }
    options.logs.push_back(*std::move(parsed));
  }
  return options;
}

void TellStart(const Session& session, const http::WitnessOptions& options, int port) {
  const std::string key = options.signer.verifier_key().ToString();
  if (session.json) {
    session.Print({{"port", port}, {"verifier_key", key}, {"logs", options.logs.size()}});
  } else {
    Table table;
    table.Add({"Witness", key});
    table.Add({"Submit to", absl::StrCat("http://127.0.0.1:", port)});
    for (const tlog::VerifierKey& log : options.logs) table.Add({"Log", log.name});
    table.Write(session.out);
  }
  session.out.flush();
}

absl::StatusOr<int> RunWitness(const Session& session, const WitnessSettings& settings) {
  // Before any thread starts: all of them leave these signals to sigwait below.
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ASSIGN_OR_RETURN(const http::WitnessOptions options, OptionsOf(session, settings));
  ASSIGN_OR_RETURN(const std::unique_ptr<http::Witness> witness, http::Witness::Open(options));
  absl::StatusOr<std::unique_ptr<http::Listener>> listener = http::Listener::Start(
      {.address = settings.listen, .body_bytes_max = tlog::kAddCheckpointBytesMax},
      [&witness](const http::Request& request) { return witness->Answer(request); });
  if (absl::IsInvalidArgument(listener.status())) return AsBadInput(listener.status());
  RETURN_IF_ERROR(listener.status());
  TellStart(session, options, (*listener)->port());
  int signal = 0;
  sigwait(&signals, &signal);
  (*listener)->Stop();
  return kExitOk;
}

}  // namespace

void AddWitnessCommand(CLI::App& app, Session& session) {
  auto settings = std::make_shared<WitnessSettings>();
  CLI::App* const witness =
      AddLocalCommand(app, session, "witness",
                      "Cosign the checkpoints of logs (C2SP tlog-witness) until SIGTERM or SIGINT",
                      [&session, settings] { return RunWitness(session, *settings); });
  witness
      ->add_option("--listen", settings->listen,
                   "HOST:PORT to listen on; loopback only, port 0 takes a free one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  witness->add_option("--key", settings->key, "PEM file with the witness's Ed25519 key")
      ->type_name("FILE")
      ->required();
  witness->add_option("--name", settings->name, "The witness's name, such as witness.example/w1")
      ->type_name("NAME")
      ->required();
  witness
      ->add_option("--log", settings->logs, "Verifier key of a log to witness; may be given again")
      ->type_name("VKEY")
      ->required();
  witness
      ->add_option("--state", settings->state,
                   "Folder that remembers what was signed; made if it is missing, never to be "
                   "lost or copied back from a backup")
      ->type_name("DIR")
      ->required();
}

}  // namespace consent::ctl
