// SPDX-License-Identifier: Apache-2.0

#include "tests/load/spawn.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace consent::load {

// vfork, and nothing but system calls in the child: fork would run the handlers of libraries whose
// threads hold locks.
pid_t Spawn(const std::vector<std::string>& arguments, int log) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = vfork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  return pid;
}

}  // namespace consent::load
