// SPDX-License-Identifier: Apache-2.0
//
// Campaign: a dialer that asks before each contact of a whole file.
//
// Every line's request id follows from the prefix and the line's number, so a second run (or a
// second dialer) with the same prefix repeats the same requests and takes nothing twice, while
// another prefix asks for further contacts. What is not answered is asked again with the same id,
// at most kTries times; what is then not answered counts as an error, and no contact is made.

#ifndef CONSENT_CONSENTCTL_CAMPAIGN_H_
#define CONSENT_CONSENTCTL_CAMPAIGN_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "consent/v1/contact_service.pb.h"
#include "src/consentctl/connection.h"

namespace consent::ctl {

struct CampaignOptions {
  v1::BatchHeader header;
  std::string id_prefix;  // 1 to 53 printable ASCII characters.
  int in_flight = 4;      // Batches that wait for their answer, 1 to kMessagesInFlightMax.
  int batch = 1'000;      // Contact points a batch.
  // Before the first repeat; each further one in a row waits twice as long, to 50 times this.
  absl::Duration first_wait = absl::Milliseconds(100);
};

// What came of a campaign. asked == allowed + denied + errors.
struct CampaignTotals {
  uint64_t asked = 0;
  uint64_t allowed = 0;
  uint64_t repeated = 0;  // Allowed ones that had been allowed before, under the same id.
  uint64_t denied = 0;
  uint64_t errors = 0;
  uint64_t retries = 0;  // Requests that were sent again.
  std::map<std::string, uint64_t> denied_by_reason;
  std::map<std::string, uint64_t> errors_by_reason;
  std::vector<std::string> permits;  // Of the allowed ones.
};

// The request id of the contact point at `index` of the file, counted from 0: "PREFIX-1" is the
// first.
std::string RequestIdOf(const std::string& prefix, size_t index);

class Campaign {
 public:
  static constexpr int kTries = 8;

  Campaign(const Connection& connection, const CampaignOptions& options,
           const std::vector<std::string>& contacts);

  // Asks about every contact point; `progress` hears how many were answered so far. An error only
  // where nothing was ever answered because nobody is there, or the header itself is refused;
  // everything else is counted.
  absl::Status Run(const std::function<void(uint64_t)>& progress);
  const CampaignTotals& totals() const { return totals_; }

 private:
  using Batch = std::vector<size_t>;  // Indexes into the contact points.

  // Asks over one stream until all batches are answered or the stream breaks.
  absl::Status RunStream(const std::function<void(uint64_t)>& progress);
  absl::Status TakeAnswer(const Batch& batch, const v1::StreamCheckAndConsumeResponse& response);
  void Count(size_t index, const v1::BatchResult& result);
  void CountError(const absl::Status& status);
  // Asks about these again, or counts them as errors where that was done kTries times, but for when
  // the ledger said how long to wait.
  void AskAgain(const Batch& batch, const absl::Status& status);

  const Connection& connection_;
  const CampaignOptions& options_;
  const std::vector<std::string>& contacts_;
  std::vector<uint8_t> tries_;
  std::deque<Batch> waiting_;
  std::deque<Batch> in_flight_;  // In the order in which answers come.
  bool troubled_ = false;        // Something has to be asked again: wait a little first.
  bool reached_ = false;         // Somebody has taken a message.
  absl::Status last_;            // Why something was last asked again.
  absl::Duration told_;          // How long the ledger has said to wait.
  CampaignTotals totals_;
};

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_CAMPAIGN_H_
