// SPDX-License-Identifier: Apache-2.0
//
// PeerProcess: a peer's server in a new folder of its own below $TMPDIR, which ends with this
// object and takes its folder with it.
//
// Threads: one at a time; start it on a thread that outlives it.

#ifndef CONSENT_BENCH_PEER_PROCESS_H_
#define CONSENT_BENCH_PEER_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "src/store/temporary_folder.h"

namespace consent::bench {

class PeerProcess {
 public:
  // `user`: who shall run it where we are root, or "" for ourselves; they own the folder.
  // `stop_signal`: what ends it at once.
  PeerProcess(const std::string& user, int stop_signal);
  ~PeerProcess();
  PeerProcess(const PeerProcess&) = delete;
  PeerProcess& operator=(const PeerProcess&) = delete;

  const std::string& folder() const { return folder_.path(); }

  // Runs a program, a path and its arguments, to its end. Internal, with the last line it printed,
  // when that is not 0.
  absl::Status Run(const std::vector<std::string>& arguments);
  // Starts the server and returns at once.
  absl::Status Start(const std::vector<std::string>& arguments);
  // Internal, with the last line it printed, when the server has ended.
  absl::Status CheckRunning();

 private:
  absl::Status Spawn(const std::vector<std::string>& arguments);
  std::string LastLine() const;

  const store::TemporaryFolder folder_;
  const std::string user_;
  const int stop_signal_;
  pid_t pid_ = 0;  // 0: none.
};

// A TCP port of loopback on which nobody listened a moment ago.
int FreePort();

// The first of the paths at which there is a program; "" when there is none.
std::string FirstProgram(const std::vector<std::string>& paths);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_PEER_PROCESS_H_
