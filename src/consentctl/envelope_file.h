// SPDX-License-Identifier: Apache-2.0
//
// Envelope files: signed statements on their way from where they are signed to where they are sent.
//
// A file holds any number of consent.v1.SignedStatement messages, each behind its length as a
// varint (protobuf's delimited form). It shows contact points in clear: keep it as one keeps those.

#ifndef CONSENT_CONSENTCTL_ENVELOPE_FILE_H_
#define CONSENT_CONSENTCTL_ENVELOPE_FILE_H_

#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"

namespace consent::ctl {

// Writes a new file of mode 0600. BadInput where it exists already or cannot be written.
absl::Status WriteEnvelopes(const std::string& path,
                            const std::vector<v1::SignedStatement>& envelopes);

// Reads a file ("-": standard input) piece by piece, so that it may be of any length.
class EnvelopeReader {
 public:
  static absl::StatusOr<EnvelopeReader> Open(const std::string& path);

  // The next envelopes, at most `max`; none at the end. BadInput names the file and the number of
  // the envelope that cannot be read.
  absl::StatusOr<std::vector<v1::SignedStatement>> Next(size_t max);

 private:
  explicit EnvelopeReader(std::string path) : path_(std::move(path)) {}
  absl::Status Malformed() const;

  std::string path_;
  std::ifstream file_;
  uint64_t read_ = 0;
};

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_ENVELOPE_FILE_H_
