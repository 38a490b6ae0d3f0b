// SPDX-License-Identifier: Apache-2.0
//
// CredentialFiles: the files by which this service is known and knows its callers, checked at the
// start and read again when they change. What was put there and is no good is reported once and not
// used: the service goes on with what it had.
//
// A pair of files is rarely replaced in one moment. So what is no good is judged again at each
// look, and reported only when it is the same at the next.
//
// Threads: one thread of its own looks at the files every second.

#ifndef CONSENT_CONSENTD_CREDENTIAL_FILES_H_
#define CONSENT_CONSENTD_CREDENTIAL_FILES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/api/credentials.h"
#include "src/base/clock.h"
#include "src/base/worker.h"
#include "src/consentd/config.h"
#include "src/crypto/tls_server.h"

namespace consent::consentd {

class CredentialFiles {
 public:
  // What has become of files that changed: OK when they are in use, else why they are not.
  using Report = std::function<void(const std::string& what, const absl::Status& status)>;

  // Reads them all. InvalidArgument names the setting, the file, what was expected and found. The
  // clock outlives this. `report` is called on the thread that looks.
  static absl::StatusOr<std::unique_ptr<CredentialFiles>> Open(const Config& config,
                                                               const Clock& clock, Report report);
  ~CredentialFiles();

  const crypto::CurrentTls& tls() const { return *tls_; }
  api::Credentials& credentials() { return credentials_; }
  // Until when the service's certificate in use is valid, Unix seconds. From any thread.
  int64_t certificate_until() const { return certificate_until_; }
  // By how many keys tokens are believed; none: no tokens are. From any thread.
  std::optional<size_t> token_keys() const {
    return config_.jwks.empty() ? std::nullopt : std::optional<size_t>(token_keys_);
  }

 private:
  // Files that are good only together.
  struct Group {
    std::string name;  // For reports: "certificate".
    // Reads the files, says in `fingerprint` what they are, and uses them if they are good and not
    // those in use.
    std::function<absl::Status(const std::string& in_use, std::string* fingerprint)> take;
    std::string in_use = {};
    std::string refused = {};
    bool reported = false;
  };

  CredentialFiles(const Config& config, const Clock& clock, Report report);
  absl::Status TakeTls(const std::string& in_use, std::string* fingerprint);
  absl::Status TakeKeySet(const std::string& in_use, std::string* fingerprint);
  void LookAgain(Group& group);

  const Config config_;
  const Clock& clock_;
  const Report report_;
  std::unique_ptr<crypto::CurrentTls> tls_;
  api::Credentials credentials_;
  std::atomic<int64_t> certificate_until_{0};
  std::atomic<size_t> token_keys_{0};
  std::vector<Group> groups_;  // The worker's, once it runs.
  Threads threads_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_CREDENTIAL_FILES_H_
