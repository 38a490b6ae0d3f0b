// SPDX-License-Identifier: Apache-2.0
//
// Spawn: another program as a child that does not outlive the thread that started it.

#ifndef CONSENT_LOAD_SPAWN_H_
#define CONSENT_LOAD_SPAWN_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace consent::load {

// Starts the program `arguments[0]`, a path; what it prints goes to the file descriptor `log`. It
// is killed when the calling thread ends. A program that cannot be run ends with 127. Negative when
// no process can be started.
pid_t Spawn(const std::vector<std::string>& arguments, int log);

}  // namespace consent::load

#endif  // CONSENT_LOAD_SPAWN_H_
