// SPDX-License-Identifier: Apache-2.0

#include "tests/clients/running_ledger.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace consent::tests {
namespace {

constexpr std::chrono::seconds kStartMax{30};

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Runs CONSENT_BIN_DIR/program; what it writes is added to `log`.
pid_t Spawn(const std::string& program, const std::vector<std::string>& words,
            const std::filesystem::path& log) {
  const char* const folder = std::getenv("CONSENT_BIN_DIR");
  if (folder == nullptr) throw std::runtime_error("CONSENT_BIN_DIR is not set");
  const std::string path = std::string(folder) + "/" + program;
  std::vector<char*> arguments{const_cast<char*>(path.c_str())};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t process = 0;
  const int error =
      posix_spawn(&process, path.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot run " + path);
  return process;
}

}  // namespace

RunningLedger::RunningLedger() {
  std::string folder = (std::filesystem::temp_directory_path() / "consent-client-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = folder;
  Start();
  Ctl({"company", "add", "acme", "--name", "Acme Ltd"});
  Ctl({"registrar", "add", "verifier", "--name", "Verifier Ltd"});
  Ctl({"keys", "new", "--out", KeyFile("verifier")});
  Ctl({"key", "add", "verifier", "--key", KeyFile("verifier")});
}

RunningLedger::~RunningLedger() {
  if (process_ != 0) Kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RunningLedger::Start() {
  const std::filesystem::path port_file = folder_ / "data" / "grpc.port";
  std::filesystem::remove(port_file);
  process_ = Spawn("consentd", {"--data", folder_ / "data", "--grpc", address()},
                   folder_ / "consentd.log");
  const auto until = std::chrono::steady_clock::now() + kStartMax;
  while (!(std::ifstream(port_file) >> port_)) {
    if (waitpid(process_, nullptr, WNOHANG) != 0 || std::chrono::steady_clock::now() > until) {
      throw std::runtime_error("consentd did not start:\n" + ReadAll(folder_ / "consentd.log"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void RunningLedger::Kill() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

void RunningLedger::Freeze() {
  kill(process_, SIGSTOP);
  siginfo_t stopped;  // The signal is on its way; its threads answer until all have stopped.
  waitid(P_PID, static_cast<id_t>(process_), &stopped, WSTOPPED | WNOWAIT);
}
void RunningLedger::Thaw() { kill(process_, SIGCONT); }

void RunningLedger::Grant(const std::string& contact_point,
                          const std::vector<std::string>& limits) {
  const std::string key = KeyFile(contact_point);
  Ctl({"keys", "new", "--out", key});
  Ctl({"bind", contact_point, "--registrar-key", KeyFile("verifier"), "--key", key, "--zone",
       "Europe/Paris"});
  std::vector<std::string> words{"grant", contact_point, "--key", key, "--company", "acme"};
  for (const std::string& limit : limits) words.insert(words.end(), {"--limit", limit});
  Ctl(std::move(words));
}

void RunningLedger::Revoke(const std::string& contact_point) {
  Ctl({"revoke", contact_point, "--key", KeyFile(contact_point), "--company", "acme"});
}

void RunningLedger::Ctl(std::vector<std::string> words) {
  if (words.front() != "keys") words.insert(words.end(), {"--server", address()});
  int status = 0;
  waitpid(Spawn("consentctl", words, folder_ / "consentctl.log"), &status, 0);
  if (status != 0) {
    throw std::runtime_error("consentctl " + words[0] + ":\n" +
                             ReadAll(folder_ / "consentctl.log"));
  }
}

}  // namespace consent::tests
