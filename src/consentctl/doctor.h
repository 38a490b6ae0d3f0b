// SPDX-License-Identifier: Apache-2.0
//
// Doctor: what is wrong with an installation of consentd, and what to do about it.
//
// Each check looks at one thing and says one line, or several: what was looked at, whether it is
// well, what was found, what to do. It changes nothing but a small file that it writes to measure
// the disk, and removes.
//
// Threads: none.

#ifndef CONSENT_CONSENTCTL_DOCTOR_H_
#define CONSENT_CONSENTCTL_DOCTOR_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "src/consentctl/session.h"
#include "src/consentd/config.h"

namespace consent::ctl {

enum class Verdict { kOk, kWarn, kWrong };
std::string NameOf(Verdict verdict);

struct Diagnosis {
  std::string what;  // "disk", "keys".
  Verdict verdict = Verdict::kOk;
  std::string found;
  std::string advice;  // Empty where all is well.
};

class Diagnoses {
 public:
  void Ok(std::string what, std::string found);
  void Warn(std::string what, std::string found, std::string advice);
  void Wrong(std::string what, std::string found, std::string advice);
  // Wrong, in the words of the service: they say what to do.
  void Wrong(std::string what, const absl::Status& status);

  const std::vector<Diagnosis>& all() const { return all_; }
  Verdict worst() const;

 private:
  std::vector<Diagnosis> all_;
};

// The machine (doctor_machine.cc): free space, file system, the time of a sync; memory and open
// files against what the settings want.
void CheckDisk(const consentd::Config& config, Diagnoses& findings);
void CheckMemory(const consentd::Config& config, Diagnoses& findings);
void CheckLimits(Diagnoses& findings);

// The ledger (doctor_ledger.cc): store, journals, guard, clock, keys; of a store that is in use,
// what `session`'s server says.
void CheckLedger(const Session& session, const consentd::Config& config, Diagnoses& findings);

// What surrounds it (doctor_files.cc): settings, certificates, token keys, backups.
void CheckSettings(const consentd::Config& config, Diagnoses& findings);
void CheckCertificates(const consentd::Config& config, Diagnoses& findings);
void CheckBackups(const consentd::Config& config, Diagnoses& findings);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_DOCTOR_H_
