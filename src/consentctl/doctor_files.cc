// SPDX-License-Identifier: Apache-2.0

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/backup/backups.h"
#include "src/base/clock.h"
#include "src/base/durable_file.h"
#include "src/consentctl/doctor.h"
#include "src/consentctl/output.h"
#include "src/consentd/backup_clerk.h"
#include "src/consentd/credential_files.h"
#include "src/consentd/exposure.h"
#include "src/crypto/certificate.h"

namespace consent::ctl {
namespace {

constexpr absl::Duration kSoon = absl::Hours(14 * 24);
// For backups that are not made by the clock.
constexpr absl::Duration kOld = absl::Hours(48);

void CheckExpiry(const std::string& setting, const std::string& path, Diagnoses& findings) {
  if (path.empty()) return;
  const absl::StatusOr<std::string> text = ReadFile(path, crypto::kCertificatesBytesMax);
  if (!text.ok()) return;  // Said by whoever opened them all.
  const auto certificates = crypto::ParseCertificates(*text);
  if (!certificates.ok()) return;
  for (const crypto::Certificate& certificate : *certificates) {
    const absl::Duration left = absl::FromUnixSeconds(certificate.not_after) - absl::Now();
    const std::string found =
        absl::StrCat(path, ": ", Printable(certificate.subject), " until ",
                     absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(certificate.not_after),
                                      absl::UTCTimeZone()));
    if (left < absl::ZeroDuration()) {
      findings.Wrong(setting, found,
                     "it has expired: replace the file, which is read again at once");
    } else if (left < kSoon) {
      findings.Warn(setting, found, "replace the file in time; it is read again when it changes");
    } else {
      findings.Ok(setting, found);
    }
  }
}

}  // namespace

void CheckSettings(const consentd::Config& config, Diagnoses& findings) {
  const absl::StatusOr<consentd::Exposure> exposure = consentd::ExposureOf(config);
  if (!exposure.ok()) return findings.Wrong("configuration", exposure.status());
  if (const absl::Status backup = consentd::CheckBackupSettings(config); !backup.ok()) {
    return findings.Wrong("configuration", backup);
  }
  if (*exposure == consentd::Exposure::kProtected) {
    findings.Ok("configuration", "TLS, and every caller known");
  } else if (config.development) {
    findings.Ok("configuration", "development mode: everybody on this machine may do everything");
  } else {
    findings.Warn("configuration", "no TLS: everybody on this machine may do everything",
                  "give --tls-cert, --tls-key and --tls-client-ca, or say --development");
  }
}

void CheckCertificates(const consentd::Config& config, Diagnoses& findings) {
  if (config.tls_cert.empty()) return;
  const SystemClock clock;
  const auto files =
      consentd::CredentialFiles::Open(config, clock, [](const auto&, const auto&) {});
  if (!files.ok()) {
    findings.Wrong("certificates", files.status());
  } else {
    findings.Ok("certificates", "certificate, key, authorities and token keys go together");
  }
  CheckExpiry("tls-cert", config.tls_cert, findings);
  CheckExpiry("tls-client-ca", config.tls_client_ca, findings);
}

void CheckBackups(const consentd::Config& config, Diagnoses& findings) {
  if (config.backup.empty()) {
    return findings.Warn("backup", "none is configured",
                         "a store on one disk is lost with it: give consentd --backup DIR");
  }
  const auto backups = backup::Backups::OpenReadOnly(config.backup);
  if (absl::IsNotFound(backups.status())) {
    return findings.Warn("backup", absl::StrCat("there is none in ", config.backup),
                         "make one: consentctl backup");
  }
  if (!backups.ok()) return findings.Wrong("backup", backups.status());
  const std::vector<backup::Backups::Listed> listed = (*backups)->List();
  const backup::Manifest* newest = nullptr;
  for (const backup::Backups::Listed& one : listed) {
    if (one.manifest.ok()) {
      newest = &*one.manifest;
    } else {
      findings.Wrong("backup", std::string(one.manifest.status().message()),
                     "make another one: consentctl backup; and look at that disk");
    }
  }
  if (newest == nullptr) {
    return findings.Warn("backup", absl::StrCat("no whole one in ", config.backup),
                         "make one: consentctl backup");
  }
  const absl::Duration age = absl::Now() - ToAbslTime(newest->made_at);
  const std::string found =
      absl::StrCat(listed.size(), " in ", config.backup, ", the newest (", newest->id, ") ",
                   absl::FormatDuration(absl::Trunc(age, absl::Seconds(1))),
                   " old, its files as long as they should be");
  const absl::Duration most =
      config.backup_minutes > 0 ? 3 * absl::Minutes(config.backup_minutes) : kOld;
  if (age > most) {
    findings.Warn("backup", found,
                  "it should be younger: consentctl backup, and see the service's log");
  } else {
    findings.Ok("backup", found);
  }
}

}  // namespace consent::ctl
