// SPDX-License-Identifier: Apache-2.0
//
// A dialer's loop: ask, contact, report. Fail closed: whatever goes wrong, nobody is contacted.
//
//   quickstart HOST:PORT COMPANY BEGUN < campaign.txt
//
// Each line of the input is a contact point and your own id for this contact: "+33639980001 c7-1".
// The file BEGUN takes the ids of contacts that have begun, so that none begins twice if this
// program dies in the middle. Exit codes: 0, all is asked and reported; 1, run it again with the
// same files: the same id never takes a second unit.

#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <thread>

#include "consent/client.h"

namespace {

// Put your telephony here. It says what became of the call.
consent::Outcome Dial(const std::string& contact_point) {
  std::cout << contact_point << " CONTACTED\n";
  return consent::Outcome::kConnected;
}

// Repeats until the ledger has it: what is not reported is a say the consumer loses.
bool Report(const consent::Client& client, const std::string& company, const std::string& permit_id,
            consent::Outcome outcome) {
  for (int tries = 0; tries < 5; ++tries) {
    const consent::PermitAnswer answer = client.ReportOutcome(company, permit_id, outcome);
    if (answer.done || answer.reason == consent::Reason::kAlreadyDone) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100 << tries));
  }
  return false;  // Keep permit_id and outcome, and report them later.
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: quickstart HOST:PORT COMPANY BEGUN < campaign.txt\n";
    return 2;
  }
  const consent::Client client = consent::Client::Connect({.address = argv[1]});
  const std::string company = argv[2];
  std::ifstream before(argv[3]);
  const std::set<std::string> begun{std::istream_iterator<std::string>(before), {}};
  std::ofstream begin(argv[3], std::ios::app);

  bool complete = true;
  for (std::string line; std::getline(std::cin, line);) {
    consent::Request request{.company = company,
                             .channel = consent::Channel::kCall,
                             .purpose = consent::Purpose::kDirectMarketing};
    std::istringstream(line) >> request.contact_point >> request.request_id;
    if (begun.contains(request.request_id)) continue;

    const consent::Answer answer = client.CheckAndConsume(request);
    const bool kept = !answer.may_contact() || begin << request.request_id << std::endl;
    if (!kept || !answer.may_contact()) {
      std::cout << request.contact_point << " NOT CONTACTED " << answer.Summary() << "\n";
      complete = complete && kept && !answer.is_error();
      continue;
    }
    const consent::Outcome outcome = Dial(request.contact_point);
    if (!Report(client, company, answer.decision().permit_id, outcome)) {
      std::cout << request.contact_point << " NOT REPORTED " << Name(outcome) << "\n";
      complete = false;
    }
  }
  return complete ? 0 : 1;
}
