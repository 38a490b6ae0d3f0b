// SPDX-License-Identifier: Apache-2.0
//
// Reads the steps of a scenario, one after the other, and remembers of each what later ones may
// name: the grants given, the steps that consume.

#ifndef CONSENT_SIMULATE_STEP_READER_H_
#define CONSENT_SIMULATE_STEP_READER_H_

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/instant.h"
#include "src/simulate/document.h"
#include "src/simulate/scenario.h"
#include "src/simulate/value_reader.h"

namespace consent::simulate {

class StepReader {
 public:
  // Reads steps about `consumers`; both arguments must outlive the reader.
  StepReader(const std::vector<Consumer>& consumers, Errors& errors);

  // The next step. With an error added, the value returned is of no use.
  Step Read(const Node& node);

 private:
  using GrantName = std::tuple<ConsumerIndex, std::string, std::string>;  // Consumer, company, id.

  std::optional<Instant> ReadTime(const Node& node);
  std::optional<ConsumerIndex> ReadConsumer(Fields& fields);
  GrantStep ReadGrantStep(Fields& fields, std::optional<Instant> at);
  RevokeStep ReadRevoke(Fields& fields);
  BlockStep ReadBlock(Fields& fields);
  UnblockStep ReadUnblock(Fields& fields);
  core::Request ReadRequest(Fields& fields);
  RecoveredStep ReadRecovered(Fields& fields, std::optional<Instant> at);
  StepIndex ReadOf(Fields& fields);
  void ReadAction(std::string_view action, const Node& node, std::optional<Instant> at, Step& step);

  Errors& errors_;
  absl::flat_hash_map<std::string, ConsumerIndex> consumers_;
  absl::flat_hash_map<GrantName, int> grant_lines_;
  std::vector<bool> consumes_;  // Of each step read: whether it is a consume.
  std::optional<Instant> last_at_;
};

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_STEP_READER_H_
