// SPDX-License-Identifier: Apache-2.0
//
// Agencies: the part of the directory in a scenario. Who belongs to which group and sector, who
// acts for whom, which numbers companies registered, how old the lists are.

#ifndef CONSENT_SIMULATE_AGENCIES_H_
#define CONSENT_SIMULATE_AGENCIES_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/instant.h"
#include "src/consent/asker.h"
#include "src/consent/delegation.h"
#include "src/simulate/scenario.h"

namespace consent::simulate {

class Agencies {
 public:
  explicit Agencies(const std::vector<Company>& companies);

  void Delegate(const core::Delegation& delegation);
  // Ends every delegation of the company's to the processor, by whomever it was made.
  void Undelegate(std::string_view company, std::string_view processor);
  void Register(const std::string& company, const std::string& number, Instant at, bool removed);
  // A new copy of the list came.
  void Import(const std::string& list, Instant at);

  core::Asker AskerOf(std::string_view company, std::string_view processor, Instant at) const;
  const std::vector<core::ListImport>& lists() const { return lists_; }

 private:
  std::map<std::string, core::Asker, std::less<>> companies_;
  std::vector<core::Delegation> delegations_;
  std::vector<core::ListImport> lists_;
};

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_AGENCIES_H_
