// SPDX-License-Identifier: Apache-2.0
//
// consentd: the service. Serves until SIGTERM or SIGINT, then drains and ends with 0. Ends with 2
// when a setting is wrong, with 1 when the ledger cannot be opened, with 3 when the store has
// failed.

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "src/base/abort_note.h"
#include "src/base/status_macros.h"
#include "src/consentd/config.h"
#include "src/consentd/ending.h"
#include "src/consentd/exposure.h"
#include "src/consentd/log.h"
#include "src/consentd/open_files.h"
#include "src/consentd/service.h"
#include "src/store/store.h"

namespace {

constexpr char kAborted[] =
    R"({"level":"error","event":"aborted","message":"If the line before names rocksdb, a file of )"
    R"(the store is damaged: restore a backup. Otherwise it is a fault of this program."})"
    "\n";

// Keys are in memory: no core file shows them, and no other process of this user looks in.
void KeepMemoryToItself() {
  constexpr rlimit kNone{0, 0};
  setrlimit(RLIMIT_CORE, &kNone);
  prctl(PR_SET_DUMPABLE, 0);
}

// Debian's Abseil looks for deadlocks at every lock, gRPC's too, in one table of all threads: for
// builds that are tested, not for those that serve.
void TrustLocks() {
#ifdef NDEBUG
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

absl::StatusOr<std::unique_ptr<consent::consentd::Service>> Start(
    const consent::consentd::Config& config) {
  RETURN_IF_ERROR(consent::consentd::AllowOpenFiles(config.connections));
  return consent::consentd::Service::Start(config, consent::consentd::OpenStore);
}

}  // namespace

int main(int argc, char** argv) {
  namespace consentd = consent::consentd;
  consentd::Config config;
  int exit_code = 0;
  if (!consentd::ReadConfig(argc, argv, config, exit_code)) return exit_code;
  consentd::StartLog(config.log_level);
  consent::NoteOnAbort(kAborted);
  KeepMemoryToItself();
  TrustLocks();

  // Before any thread starts: all of them leave these signals to sigwait below.
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  absl::StatusOr<std::unique_ptr<consentd::Service>> service = Start(config);
  if (!service.ok()) {
    consentd::LogError("cannot start", {{"message", std::string(service.status().message())}});
    return absl::IsInvalidArgument(service.status()) ? consentd::kBadSetting
                                                     : consentd::kCannotStart;
  }
  consentd::LogInfo("serving", {{"origin", (*service)->origin()},
                                {"grpc_port", (*service)->port()},
                                {"http_port", (*service)->http_port()},
                                {"metrics_port", (*service)->metrics_port()}});
  if (!(*service)->is_protected()) consentd::WarnOfDevelopment(config.development);
  int signal = 0;
  sigwait(&signals, &signal);
  consentd::LogInfo("draining", {{"signal", signal}});
  (*service)->Stop(config.drain_seconds);
  const consent::store::Statistics writes = (*service)->writes();
  consentd::LogInfo("stopped", {{"commits", writes.commits}, {"log_syncs", writes.syncs}});
  return 0;
}
