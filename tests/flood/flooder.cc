// SPDX-License-Identifier: Apache-2.0
//
// flooder: one attack on a service, until its standard input ends; then it says what came of it.
//
// It has what processors nobody else wants: an attacker has a machine of its own, so here, where
// there is one for all, the service and its other clients come first, and what they lose is what
// the attack makes the service do.

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <thread>

#include "grpcpp/security/credentials.h"
#include "tests/access/authority.h"
#include "tests/flood/attackers.h"

namespace {

using consent::tests::ReadText;

int Run(char* arguments[]) {
  const consent::flood::Attack attack = consent::flood::FindAttack(arguments[1]);
  if (attack == nullptr) {
    std::fprintf(stderr, "flooder: there is no attack %s\n", arguments[1]);
    return 1;
  }
  const std::string folder = arguments[3];
  const consent::flood::Target target = {
      .address = arguments[2],
      .credentials = grpc::SslCredentials({.pem_root_certs = ReadText(folder + "/ca.pem"),
                                           .pem_private_key = ReadText(folder + "/rude.key"),
                                           .pem_cert_chain = ReadText(folder + "/rude.pem")})};
  consent::flood::Tally tally;
  std::atomic<bool> stop{false};
  std::thread attacker([&] { attack(target, stop, tally); });
  for (char byte; read(STDIN_FILENO, &byte, 1) > 0;) {
  }
  stop = true;
  attacker.join();
  std::printf("%llu %llu %llu %llu\n", static_cast<unsigned long long>(tally.done),
              static_cast<unsigned long long>(tally.judged),
              static_cast<unsigned long long>(tally.refused),
              static_cast<unsigned long long>(tally.failed));
  return 0;
}

}  // namespace

int main(int count, char* arguments[]) {
  if (count != 4) {
    std::fprintf(stderr, "use: flooder ATTACK ADDRESS FOLDER (with ca.pem, rude.pem, rude.key)\n");
    return 1;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  const sched_param none = {};
  if (sched_setscheduler(0, SCHED_IDLE, &none) != 0) {
    std::perror("flooder: sched_setscheduler");
    return 1;
  }
  return Run(arguments);
}
