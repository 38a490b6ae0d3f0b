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
#include "src/simulate/scenario.h"
#include "src/text/document.h"
#include "src/text/value_reader.h"

namespace consent::simulate {

class StepReader {
 public:
  // Reads steps about `consumers`; both arguments must outlive the reader.
  StepReader(const std::vector<Consumer>& consumers, text::Errors& errors);

  // The next step. With an error added, the value returned is of no use.
  Step Read(const text::Node& node);

 private:
  using GrantName = std::tuple<ConsumerIndex, std::string, std::string>;  // Consumer, company, id.

  std::optional<Instant> ReadTime(const text::Node& node);
  std::optional<ConsumerIndex> ReadConsumer(text::Fields& fields);
  GrantStep ReadGrantStep(text::Fields& fields, std::optional<Instant> at);
  RevokeStep ReadRevoke(text::Fields& fields);
  ContestStep ReadContest(text::Fields& fields);
  ListStep ReadListStep(text::Fields& fields, std::optional<Instant> at);
  HolderStep ReadHolder(text::Fields& fields);
  UndelegateStep ReadUndelegate(text::Fields& fields);
  ConsumeStep ReadConsume(text::Fields& fields);
  OutcomeStep ReadOutcomeStep(text::Fields& fields);
  RecoveredStep ReadRecovered(text::Fields& fields, std::optional<Instant> at);
  StepIndex ReadOf(text::Fields& fields);
  // Whose word the step is, where the consumer has keys.
  std::optional<size_t> ReadKey(const text::Node& step, const text::Node* key, const Step& read);
  // False: no such action.
  bool ReadAction(std::string_view action, const text::Node& node, std::optional<Instant> at,
                  Step& step);

  const std::vector<Consumer>& people_;
  text::Errors& errors_;
  absl::flat_hash_map<std::string, ConsumerIndex> consumers_;
  absl::flat_hash_map<GrantName, int> grant_lines_;
  std::vector<bool> consumes_;  // Of each step read: whether it is a consume.
  std::optional<Instant> last_at_;
};

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_STEP_READER_H_
