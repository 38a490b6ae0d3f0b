// SPDX-License-Identifier: Apache-2.0
//
// RunningLedger: a real ledger for the tests of the client. consentd in a folder of its own, on a
// free port, prepared with consentctl; both from CONSENT_BIN_DIR. The company is "acme"; consumers
// come with Grant(). What fails here throws std::runtime_error: a test cannot go on without it.
//
// Threads: one at a time, but for Start(), Kill(), Freeze() and Thaw() while clients are at work.

#ifndef CONSENT_CLIENTS_RUNNING_LEDGER_H_
#define CONSENT_CLIENTS_RUNNING_LEDGER_H_

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace consent::tests {

class RunningLedger {
 public:
  RunningLedger();
  ~RunningLedger();
  RunningLedger(const RunningLedger&) = delete;
  RunningLedger& operator=(const RunningLedger&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Serves when it returns; always on the same port.
  void Start();
  // kill -9.
  void Kill();
  // From now on it answers nothing, but its connections stay.
  void Freeze();
  void Thaw();

  // Binds a new key to the contact point, which then grants these limits to "acme":
  // "calls:CALL:1/YEAR".
  void Grant(const std::string& contact_point, const std::vector<std::string>& limits);
  // Ends every grant of the contact point's to "acme".
  void Revoke(const std::string& contact_point);

 private:
  void Ctl(std::vector<std::string> words);
  std::string KeyFile(const std::string& name) const { return folder_ / (name + ".pem"); }

  std::filesystem::path folder_;
  pid_t process_ = 0;  // 0: not running.
  int port_ = 0;
};

}  // namespace consent::tests

#endif  // CONSENT_CLIENTS_RUNNING_LEDGER_H_
