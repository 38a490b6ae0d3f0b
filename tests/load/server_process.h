// SPDX-License-Identifier: Apache-2.0
//
// ServerProcess: a consentd of our own, on a folder of our own and a free port of loopback.
//
// It ends with this object at the latest, and with the thread that started it: a test that is
// killed leaves no server behind. What the server logs is appended to DATA/consentd.log.
//
// Threads: one at a time; start it on a thread that outlives it.

#ifndef CONSENT_LOAD_SERVER_PROCESS_H_
#define CONSENT_LOAD_SERVER_PROCESS_H_

#include <sys/types.h>
#include <sys/wait.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace consent::load {

class ServerProcess {
 public:
  struct Options {
    std::string program;             // Path of consentd.
    std::string data;                // Its folder; made if it is missing.
    std::vector<std::string> flags;  // Further ones.
  };

  // Starts the program and returns at once. NotFound when there is no such program.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(const Options& options);
  // Kills it if it still runs.
  ~ServerProcess();

  // Waits until it serves; afterwards address() is known. Internal when it ended instead,
  // DeadlineExceeded after `patience`, or somewhat later on a busy machine.
  absl::Status AwaitServing(absl::Duration patience);
  const std::string& address() const { return address_; }

  // SIGKILL, as a power cut would have it; returns when it is gone.
  void Kill();
  // Whether it has ended by itself, or by the hand of another.
  bool Ended() { return Reap(WNOHANG); }
  // Sends a signal that it is to live on after.
  void Signal(int signal);
  // SIGTERM; OK when it ended with 0. After `patience` it is killed: DeadlineExceeded.
  absl::Status Stop(absl::Duration patience);

  // Processor time it has used so far, of all its threads; 0 when it is gone.
  absl::Duration CpuTime() const;
  // Until it takes less than a tenth of a processor for half a second: how long that took.
  // DeadlineExceeded when that does not come.
  absl::StatusOr<absl::Duration> AwaitQuiet(absl::Duration within) const;

  // The most memory it has held so far (VmHWM), in bytes; 0 when it is gone.
  uint64_t MemoryPeak() const;

  // The lines it logged since it was started.
  std::vector<std::string> LogLines() const;

 private:
  ServerProcess() = default;
  // Whether it has ended; `options` are waitpid's.
  bool Reap(int options);

  std::string data_;
  std::string address_;
  pid_t pid_ = 0;  // 0: gone.
  int wait_status_ = 0;
  long log_start_ = 0;
};

// The program `name` beside this one: in CONSENT_BIN_DIR, or else in this program's folder.
std::string ProgramPath(const std::string& name);

}  // namespace consent::load

#endif  // CONSENT_LOAD_SERVER_PROCESS_H_
