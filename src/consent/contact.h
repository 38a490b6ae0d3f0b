// SPDX-License-Identifier: Apache-2.0
//
// One contact that a company was allowed with a consumer.

#ifndef CONSENT_CONSENT_CONTACT_H_
#define CONSENT_CONSENT_CONTACT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/decision.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// How a contact was asked for and on what ground it was allowed. Contacts of one company have
// mostly the same, so they share it.
struct Circumstances {
  // Without `company`, which the CompanyRecord names, and `request_id`.
  Request request;
  std::string grant;
  Basis basis = Basis::kUnspecified;
  std::string rule;  // The law's rule behind a basis other than consent.
  // Whether a limit that names the channel, in the grant that allowed it, had max_attempts.
  bool attempts_apart = false;
  std::vector<std::string> limits;  // Those whose rest the first answer told, in its order.

  friend bool operator==(const Circumstances&, const Circumstances&) = default;
  template <class A>
  void Fields(A& a) {
    a(request), a(grant), EnumField(a, basis, kBasisMax), a(rule), a(attempts_apart), a(limits);
  }
};

// From the moment its unit is taken until it is pruned.
struct Contact {
  enum class State : uint8_t {
    kOpen = 0,      // Held, usable, or past its time with no outcome.
    kReleased = 1,  // Given back by release or NOT_SENT.
    kRefused = 2,   // Given back by a refused confirmation.
    kReported = 3,  // An outcome stands.
  };
  static constexpr int kStateMax = 3;

  LeafIndex position;  // Of the entry that allowed it; names the contact within the record.
  Instant at;
  std::string request_id;
  std::shared_ptr<const Circumstances> circumstances;  // Null only in one that is being made.
  State state = State::kOpen;
  Outcome outcome = Outcome::kUnspecified;
  // When the right to contact ends; none while held.
  std::optional<Instant> contact_before;
  // The first answer, kept so that a repeat can give it again.
  absl::InlinedVector<int64_t, 2> rests;  // What each of the circumstances' limits had left.
  std::optional<Instant> next_allowed;
  std::optional<Instant> told_next_allowed;  // What the company was told of it.

  const Request& request() const { return circumstances->request; }
  Basis basis() const { return circumstances->basis; }
  std::vector<Remaining> remaining() const;

  // Held: the unit is taken, the right to contact waits for a confirmation.
  bool held() const { return state == State::kOpen && !contact_before.has_value(); }
  // When a held contact lapses by itself.
  Instant lapses_at() const { return at + request().hold; }
  // Whether the contact takes room in limits at `now`: allowed and not given back.
  bool CountsAt(Instant now) const {
    if (state == State::kReleased || state == State::kRefused) return false;
    return !held() || now < lapses_at();
  }
  // An attempt that reached nobody.
  bool reached_nobody() const {
    return outcome == Outcome::kNoAnswer || outcome == Outcome::kBusy ||
           outcome == Outcome::kFailed;
  }

  friend bool operator==(const Contact& a, const Contact& b) {
    const auto own = [](const Contact& c) {
      return std::tie(c.position, c.at, c.request_id, c.state, c.outcome, c.contact_before, c.rests,
                      c.next_allowed, c.told_next_allowed);
    };
    return own(a) == own(b) &&
           (a.circumstances == b.circumstances || *a.circumstances == *b.circumstances);
  }
};

// What limits go by when they count contacts.
struct ContactKind {
  Channel channel = Channel::kUnspecified;
  Purpose purpose = Purpose::kUnspecified;
  Basis basis = Basis::kUnspecified;
  bool attempts_apart = false;
  bool reached_nobody = false;

  friend bool operator==(const ContactKind&, const ContactKind&) = default;
};
ContactKind KindOf(const Contact& contact);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_CONTACT_H_
