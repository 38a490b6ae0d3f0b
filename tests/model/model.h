// SPDX-License-Identifier: Apache-2.0
//
// The model: what docs/reference/scenario.md says, as plainly as it can be said.
//
// It keeps one list, of every step ever played and what was answered, and works everything out
// again from that list for every answer. What it knows of the future it learns by looking: it
// lists every moment at which anything could change, and judges at each in turn. It shares no code
// with the core, only the names of things.
//
// In it are grants, claims, revocations, blocks, requests, permits, holds and outcomes of one
// consumer. Preferences and laws are not.

#ifndef CONSENT_MODEL_MODEL_H_
#define CONSENT_MODEL_MODEL_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/decision.h"
#include "src/consent/grant.h"
#include "tests/model/scenario.h"

namespace consent::model {

// What the model answers to a step. A statement answers OK or OUTRANKED.
struct Answer {
  core::Verdict verdict = core::Verdict::kUnspecified;
  core::Reason reason = core::Reason::kUnspecified;
  std::string limit;
  std::string grant;  // Of a contact allowed: the grant that allowed it.
  std::vector<core::Remaining> remaining;
  std::optional<Instant> next_allowed;
  std::optional<Instant> contact_before;
  // The name of the step that took the unit this answer is about.
  std::optional<int> permit;
  // A refused confirmation: the unit went back.
  bool gave_back = false;
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
};

// What bears on one company's requests.
struct View {
  struct Given {
    core::Grant grant;
    bool revoked = false;
  };
  std::vector<Given> grants;  // In order of arrival, refused ones left out.
  core::ChannelSet blocked;
  std::vector<Contact> contacts;
  std::optional<Instant> loss;  // When the journal last went on after one.
};

// What changes at a moment, for whoever wants to aim at one.
enum class EdgeKind {
  kMidnight,
  kHours,
  kOffset,
  kWindow,
  kExpiry,
  kAnniversary,
  kValidity,
  kLapse,
  kContactBefore
};
struct Edge {
  Instant at;
  EdgeKind kind;
};

class Model {
 public:
  // `zone` is empty when the consumer's is unknown. Without `look_ahead`, `next_allowed` stays
  // empty, and playing is quick.
  explicit Model(const std::string& zone, bool look_ahead = true);

  // Plays a step, not before the last one, and answers it.
  Answer Play(const Step& step);

  const std::vector<Fact>& facts() const { return facts_; }
  View Look(const std::string& company) const;

  // The reason for which `request` would be denied at `t`, or OK. `limits_aside` leaves
  // LIMIT_REACHED out. `full` receives the first limit that is full.
  core::Reason Judge(const View& view, const core::Request& request, Instant t, bool limits_aside,
                     std::string* full = nullptr) const;

  // Every moment in [from, to) at which an answer to anything about the company could change.
  // The kinds that scenarios aim at are told apart.
  std::vector<Edge> Edges(const View& view, Instant from, Instant to) const;

  // The earliest moment from `from` on, within five years of `now`, at which the request would be
  // allowed if nothing else happened.
  std::optional<Instant> NextAllowed(const View& view, const core::Request& request, Instant now,
                                     Instant from) const;
  // `end`, or the first moment after `now` at which, limits aside, the request would no longer be
  // allowed, whichever is earlier.
  Instant ContactBefore(const View& view, const core::Request& request, Instant now,
                        Instant end) const;

 private:
  Answer Say(const Step& step) const;
  Answer Statement(const Step& step) const;
  Answer Consumed(const Step& step, const core::Request& request) const;
  Answer Repeated(const View& view, const Contact& contact, Instant now) const;
  Answer Checked(const Step& step, const core::Request& request) const;
  Answer OnPermit(const Step& step) const;
  void Describe(const View& view, const core::Request& request, Instant now, Answer& answer) const;

  const core::Grant* Speaker(const View& view, const core::Request& request, Instant t,
                             bool* revoked) const;
  bool InHours(const core::Grant& grant, Instant t) const;
  int64_t Rest(const View& view, const core::Grant& grant, const core::Limit& limit,
               Instant t) const;
  bool CountsIn(const core::Grant& grant, const core::Limit& limit, Instant contact,
                Instant t) const;
  std::optional<Contact> Permit(int of) const;

  std::optional<absl::TimeZone> zone_;
  bool look_ahead_;
  std::vector<Fact> facts_;
};

}  // namespace consent::model

#endif  // CONSENT_MODEL_MODEL_H_
