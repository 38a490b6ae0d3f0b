// SPDX-License-Identifier: Apache-2.0
//
// Model: one consumer as the specification has them when one thing happens after the other: a few
// numbers, written from docs/reference/scenario.md and independent of src/.
//
// One company, one purpose; grants are signed by the consumer, are in force since before the
// history began, and have the limits `calls` (CALL) and `all` (CALL and SMS), both for ever;
// permits and holds outlive the history. Threads: plain values.

#ifndef CONSENT_LINEAR_MODEL_H_
#define CONSENT_LINEAR_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/linear/history.h"

namespace consent::linear {

class Model {
 public:
  // Takes effect now, and says what must be answered.
  Answer Take(const Asked& asked);

  friend bool operator==(const Model&, const Model&) = default;
  size_t Hash() const;

 private:
  enum class State : uint8_t { kHeld, kOpen, kGivenBack };
  struct Contact {
    int request = 0;
    Channel channel = Channel::kCall;
    State state = State::kOpen;
    Answer first = {};

    friend bool operator==(const Contact&, const Contact&) = default;
  };
  struct Statement {
    int number = 0;
    bool narrowed_since = false;

    friend bool operator==(const Statement&, const Statement&) = default;
  };

  Answer Consume(const Asked& asked);
  Answer Repeat(const Contact& contact) const;
  // As if nothing had been asked before under this number.
  Answer Look(Channel channel) const;
  Answer Finish(const Asked& asked);
  Answer Say(const Asked& asked);
  // What forbids a contact, limits aside; kOk when nothing does.
  Word AsideLimits() const;
  int64_t Taken(bool calls_only) const;
  Contact* Find(int request);

  bool granted_ = false;  // Somebody ever granted something.
  bool revoked_ = false;
  bool blocked_ = false;
  int64_t calls_max_ = 0;
  int64_t all_max_ = 0;
  // When the last word that narrows was signed.
  int64_t narrowed_at_ = std::numeric_limits<int64_t>::min();
  std::vector<Contact> contacts_;      // By request.
  std::vector<Statement> statements_;  // By number.
};

}  // namespace consent::linear

#endif  // CONSENT_LINEAR_MODEL_H_
