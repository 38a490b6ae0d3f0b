// SPDX-License-Identifier: Apache-2.0
//
// Files of disclosures: each is four bytes of length, big-endian, and the disclosure
// (docs/formats/disclosure.md), in the order of positions. Personal data.

#ifndef CONSENT_CONSENTCTL_DISCLOSURE_FILE_H_
#define CONSENT_CONSENTCTL_DISCLOSURE_FILE_H_

#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace consent::ctl {

inline constexpr size_t kDisclosureBytesMax = size_t{1} << 20;

// Adds one to what a file holds.
void AppendDisclosure(std::string_view disclosure, std::string& bytes);

// Reads several files, one after the other, as if they were one.
class DisclosureFiles {
 public:
  // `option` names them in an error.
  DisclosureFiles(std::string option, std::vector<std::string> paths)
      : option_(std::move(option)), paths_(std::move(paths)) {}

  // The next disclosure; false at the end, or when a file cannot be read (status()).
  bool Next(std::string& disclosure);
  // BadInput, naming the number of the file, when one could not be read to its end.
  const absl::Status& status() const { return status_; }

 private:
  const std::string option_;
  const std::vector<std::string> paths_;
  size_t opened_ = 0;  // Of them.
  std::ifstream file_;
  absl::Status status_;
};

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_DISCLOSURE_FILE_H_
