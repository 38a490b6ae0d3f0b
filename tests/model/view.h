// SPDX-License-Identifier: Apache-2.0
//
// What the model answers, and what it sees when it looks back over its list for one company.

#ifndef CONSENT_MODEL_VIEW_H_
#define CONSENT_MODEL_VIEW_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/instant.h"
#include "src/consent/decision.h"
#include "src/consent/preferences.h"
#include "tests/model/scenario.h"

namespace consent::model {

// How a request is judged at one moment.
struct Finding {
  core::Reason reason = core::Reason::kUnspecified;
  core::Basis basis = core::Basis::kUnspecified;  // Of what is allowed.
  std::string limit;                              // The first that is full.
  std::string rule;                               // The law's, that decided.
  std::string grant;                              // Of a contact that consent allows.
  bool attempts_apart = false;  // A limit that names the channel, in that grant, has max_attempts.

  friend bool operator==(const Finding&, const Finding&) = default;
};

// What the model answers to a step. A statement answers OK or why it is refused.
struct Answer {
  core::Verdict verdict = core::Verdict::kUnspecified;
  core::Reason reason = core::Reason::kUnspecified;
  core::Basis basis = core::Basis::kUnspecified;
  std::string limit;
  std::string rule;
  std::string grant;
  bool attempts_apart = false;
  std::vector<core::Remaining> remaining;
  std::optional<Instant> next_allowed;
  std::optional<Instant> contact_before;
  // The name of the step that took the unit this answer is about.
  std::optional<int> permit;
  // A refused confirmation: the unit went back.
  bool gave_back = false;

  void Take(const Finding& finding) {
    reason = finding.reason;
    basis = finding.basis;
    limit = finding.limit;
    rule = finding.rule;
    grant = finding.grant;
    attempts_apart = finding.attempts_apart;
  }
};

// A step and what was answered.
struct Fact {
  Step step;
  Answer answer;
};

// A contact, as the list tells it.
struct Contact {
  int name = 0;  // Of the step that took the unit.
  Instant at;
  core::Request request;
  Answer first;
  bool given_back = false;
  bool confirmed = false;
  std::optional<core::Outcome> outcome;
  std::optional<Instant> contact_before;
  bool lost = false;  // What became of the permit since is not known.

  bool held() const { return request.hold.count > 0 && !confirmed && !given_back; }
  Instant lapses_at() const { return at + request.hold; }
  bool LapsedAt(Instant t) const { return held() && (lost || t >= lapses_at()); }
  bool ExpiredAt(Instant t) const { return lost || t >= *contact_before; }
  bool CountsAt(Instant t) const { return !given_back && !(held() && t >= lapses_at()); }
  bool ReachedNobody() const {
    return outcome == core::Outcome::kNoAnswer || outcome == core::Outcome::kBusy ||
           outcome == core::Outcome::kFailed;
  }
};

// What bears on one company's requests.
struct View {
  struct Given {
    core::Grant grant;
    bool revoked = false;
    Instant arrived;
  };
  struct Claimed {
    core::Contract contract;
    bool contested = false;
  };
  struct Asked {
    core::Callback callback;
    bool revoked = false;
    Instant arrived;
  };
  // The consumer declined a contact by this company.
  struct Refused {
    core::Channel channel;
    core::Purpose purpose;
    Instant at;
  };
  struct Registered {
    std::string number;
    Instant at;
  };

  std::string company;
  Company known;
  // Each in order of arrival, what was refused left out.
  std::vector<Given> grants;
  std::vector<Claimed> contracts;
  std::vector<Asked> callbacks;
  std::vector<Contact> contacts;  // With every company.
  std::vector<Refused> refusals;
  std::vector<Block> blocks;  // Whomever they are about.
  std::vector<List> listings;
  std::optional<core::Preferences> preferences;
  core::HolderClass holder = core::HolderClass::kUnspecified;
  std::map<std::string, Instant> copies;  // When the newest of each list came.
  std::vector<Delegate> delegations;      // Of this company's.
  std::vector<Registered> numbers;        // Of this company's.
  std::optional<Instant> loss;            // When the journal last went on after one.
};

}  // namespace consent::model

#endif  // CONSENT_MODEL_VIEW_H_
