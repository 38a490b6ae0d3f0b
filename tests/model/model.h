// SPDX-License-Identifier: Apache-2.0
//
// The model: what docs/reference/scenario.md says, as plainly as it can be said.
//
// It keeps one list, of every step ever played and what was answered, and works everything out
// again from that list for every answer. What it knows of the future it learns by looking: it
// lists every moment at which anything could change, and judges at each in turn. It shares no code
// with the core, only the names of things and the shape of what is signed or law.
//
// In it is all that is said and asked about one consumer, and what law and directory add to it.
// Not in it: signatures, keys and times of signing, erasures, and chains of delegations.

#ifndef CONSENT_MODEL_MODEL_H_
#define CONSENT_MODEL_MODEL_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/decision.h"
#include "tests/model/scenario.h"
#include "tests/model/view.h"

namespace consent::model {

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
  kContactBefore,
  kLaw,      // A rule begins or ends.
  kTerm,     // A pause, a contract, a callback, a delegation, a listing, a copy of a list.
  kSilence,  // The consumer has been left alone for long enough.
};
struct Edge {
  Instant at;
  EdgeKind kind;
};

class Model {
 public:
  // Without `look_ahead`, `next_allowed` stays empty, and playing is quick.
  explicit Model(World world, bool look_ahead = true);

  // Plays a step, not before the last one, and answers it.
  Answer Play(const Step& step);

  const std::vector<Fact>& facts() const { return facts_; }
  View Look(const std::string& company) const;

  // How `request` is judged at `t`. `limits_aside` leaves LIMIT_REACHED out.
  Finding Judge(const View& view, const core::Request& request, Instant t, bool limits_aside) const;

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
  bool Narrows(const Fact& fact, const std::string& company) const;
  Answer Consumed(const Step& step, const core::Request& request) const;
  Answer Repeated(const View& view, const Contact& contact, Instant now) const;
  Answer Checked(const Step& step, const core::Request& request) const;
  Answer OnPermit(const Step& step) const;
  void Describe(const View& view, const core::Request& request, Instant now, Answer& answer) const;
  std::optional<Contact> Permit(int of) const;

  World world_;
  std::vector<absl::TimeZone> zones_;
  bool look_ahead_;
  std::vector<Fact> facts_;
};

}  // namespace consent::model

#endif  // CONSENT_MODEL_MODEL_H_
