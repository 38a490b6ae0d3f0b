// SPDX-License-Identifier: Apache-2.0

#include "bench/peer_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "tests/load/spawn.h"

namespace consent::bench {
namespace {

constexpr absl::Duration kStopMax = absl::Seconds(10);
constexpr absl::Duration kPoll = absl::Milliseconds(5);

}  // namespace

PeerProcess::PeerProcess(const std::string& user, int stop_signal)
    : user_(getuid() == 0 ? user : ""), stop_signal_(stop_signal) {}

PeerProcess::~PeerProcess() {
  if (pid_ == 0) return;
  kill(pid_, stop_signal_);
  for (const absl::Time until = absl::Now() + kStopMax; absl::Now() < until;
       absl::SleepFor(kPoll)) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) return;
  }
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

absl::Status PeerProcess::Spawn(const std::vector<std::string>& arguments) {
  std::vector<std::string> all;
  if (!user_.empty()) {
    const passwd* const user = getpwnam(user_.c_str());
    if (user == nullptr) {
      return absl::UnavailableError(absl::StrCat("there is no user ", user_, " to run it"));
    }
    if (chown(folder().c_str(), user->pw_uid, user->pw_gid) != 0) {
      return absl::UnavailableError(absl::StrCat(folder(), ": cannot be given to ", user_));
    }
    // Becoming another user undoes what Spawn has asked for: to die with us.
    all = {"/usr/bin/setpriv",
           absl::StrCat("--reuid=", user_),
           absl::StrCat("--regid=", user_),
           "--clear-groups",
           "--pdeathsig=KILL",
           "--"};
  }
  all.insert(all.end(), arguments.begin(), arguments.end());
  const int log =
      open((folder() + "/log").c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
  if (log < 0) return absl::FailedPreconditionError(absl::StrCat(folder(), ": cannot write"));
  pid_ = load::Spawn(all, log);
  close(log);
  if (pid_ > 0) return absl::OkStatus();
  pid_ = 0;
  return absl::ResourceExhaustedError("no process can be started");
}

absl::Status PeerProcess::Run(const std::vector<std::string>& arguments) {
  RETURN_IF_ERROR(Spawn(arguments));
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(arguments[0], " has failed: ", LastLine()));
}

absl::Status PeerProcess::Start(const std::vector<std::string>& arguments) {
  return Spawn(arguments);
}

absl::Status PeerProcess::CheckRunning() {
  if (pid_ != 0 && waitpid(pid_, nullptr, WNOHANG) == 0) return absl::OkStatus();
  pid_ = 0;
  return absl::InternalError(absl::StrCat("the server has ended: ", LastLine()));
}

std::string PeerProcess::LastLine() const {
  std::ifstream log(folder() + "/log");
  std::string last = "it says nothing";
  for (std::string line; std::getline(log, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

int FreePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(socket, reinterpret_cast<const sockaddr*>(&address), size);
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  close(socket);
  return ntohs(address.sin_port);
}

std::string FirstProgram(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

}  // namespace consent::bench
