// SPDX-License-Identifier: Apache-2.0

#include "tests/load/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/load/spawn.h"

namespace consent::load {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kPoll = absl::Milliseconds(2);

std::string PortFile(const std::string& data) { return data + "/grpc.port"; }
std::string LogFile(const std::string& data) { return data + "/consentd.log"; }

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(const Options& options) {
  std::error_code error;
  if (!fs::exists(options.program, error)) {
    return absl::NotFoundError(absl::StrCat("there is no ", options.program, "; build consentd"));
  }
  fs::create_directories(options.data, error);
  // The last server's port must not be taken for this one's.
  fs::remove(PortFile(options.data), error);
  const int log =
      open(LogFile(options.data).c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
  if (log < 0) return absl::FailedPreconditionError(absl::StrCat(options.data, ": cannot write"));

  auto server = std::unique_ptr<ServerProcess>(new ServerProcess());
  server->data_ = options.data;
  server->log_start_ = static_cast<long>(fs::file_size(LogFile(options.data), error));
  std::vector<std::string> arguments = {options.program, "--data", options.data, "--grpc",
                                        "127.0.0.1:0"};
  arguments.insert(arguments.end(), options.flags.begin(), options.flags.end());
  server->pid_ = Spawn(arguments, log);
  close(log);
  if (server->pid_ < 0) return absl::ResourceExhaustedError("no process can be started");
  return server;
}

ServerProcess::~ServerProcess() { Kill(); }

bool ServerProcess::Reap(int options) {
  if (pid_ == 0) return true;
  pid_t reaped;
  do {
    reaped = waitpid(pid_, &wait_status_, options);
  } while (reaped < 0 && errno == EINTR);
  if (reaped != pid_) return false;
  pid_ = 0;
  return true;
}

absl::Status ServerProcess::AwaitServing(absl::Duration patience) {
  // Counted in looks: nobody looks while the whole machine stands still, and its clocks go on.
  for (int64_t looks = patience / kPoll; looks > 0; --looks, absl::SleepFor(kPoll)) {
    if (int port = 0; std::ifstream(PortFile(data_)) >> port) {
      address_ = absl::StrCat("127.0.0.1:", port);
      return absl::OkStatus();
    }
    if (Reap(WNOHANG)) {
      const std::vector<std::string> lines = LogLines();
      return absl::InternalError(absl::StrCat("consentd ended before it served: ",
                                              lines.empty() ? "it says nothing" : lines.back()));
    }
  }
  return absl::DeadlineExceededError("consentd does not serve yet");
}

void ServerProcess::Kill() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  Reap(0);
}

void ServerProcess::Signal(int signal) {
  if (pid_ != 0) kill(pid_, signal);
}

absl::Status ServerProcess::Stop(absl::Duration patience) {
  if (pid_ == 0) return absl::FailedPreconditionError("consentd had ended already");
  kill(pid_, SIGTERM);
  for (const absl::Time until = absl::Now() + patience; !Reap(WNOHANG); absl::SleepFor(kPoll)) {
    if (absl::Now() > until) {
      Kill();
      return absl::DeadlineExceededError("consentd did not stop in time");
    }
  }
  if (WIFEXITED(wait_status_) && WEXITSTATUS(wait_status_) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("consentd ended with wait status ", wait_status_));
}

absl::Duration ServerProcess::CpuTime() const {
  std::string text;
  std::getline(std::ifstream(absl::StrCat("/proc/", pid_, "/stat")), text);
  // Fields after the name in parentheses; utime and stime are the 14th and 15th of all.
  const size_t name_end = text.rfind(')');
  if (pid_ == 0 || name_end == std::string::npos) return absl::ZeroDuration();
  const std::vector<std::string> fields = absl::StrSplit(text.substr(name_end + 2), ' ');
  if (fields.size() < 13) return absl::ZeroDuration();
  const long ticks = std::atol(fields[11].c_str()) + std::atol(fields[12].c_str());
  return absl::Seconds(static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

absl::StatusOr<absl::Duration> ServerProcess::AwaitQuiet(absl::Duration within) const {
  constexpr absl::Duration kLook = absl::Milliseconds(250);
  constexpr int kLooks = 2;
  const absl::Time began = absl::Now();
  for (int quiet = 0; quiet < kLooks;) {
    if (absl::Now() - began > within) {
      return absl::DeadlineExceededError("the server is busy, and nobody asks it for anything");
    }
    const absl::Duration before = CpuTime();
    absl::SleepFor(kLook);
    quiet = CpuTime() - before <= kLook / 10 ? quiet + 1 : 0;
  }
  return absl::Now() - began;
}

uint64_t ServerProcess::MemoryPeak() const {
  std::ifstream status(absl::StrCat("/proc/", pid_, "/status"));
  for (std::string line; pid_ != 0 && std::getline(status, line);) {
    uint64_t kibibytes = 0;
    if (std::sscanf(line.c_str(), "VmHWM: %" SCNu64, &kibibytes) == 1) return kibibytes << 10;
  }
  return 0;
}

std::vector<std::string> ServerProcess::LogLines() const {
  std::ifstream log(LogFile(data_));
  log.seekg(log_start_);
  std::vector<std::string> lines;
  for (std::string line; std::getline(log, line);) lines.push_back(line);
  return lines;
}

std::string ProgramPath(const std::string& name) {
  if (const char* const folder = std::getenv("CONSENT_BIN_DIR"); folder != nullptr) {
    return absl::StrCat(folder, "/", name);
  }
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).replace_filename(name).string();
}

}  // namespace consent::load
