// SPDX-License-Identifier: Apache-2.0
//
// ReadAhead: reads consumers who are not in memory before the committer asks for them, many at
// once: a disk serves many reads in hardly more time than one, and whoever reads waits for it, not
// for a processor. Nobody is read whose record seems to be in memory.
//
// Those who want something read take turns, one consumer each: who asks about one does not wait
// for somebody else's thousand.
//
// Threads: Prepare from any thread. Start and Stop once, by the owner.

#ifndef CONSENT_LEDGER_READ_AHEAD_H_
#define CONSENT_LEDGER_READ_AHEAD_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "src/base/worker.h"
#include "src/ledger/command.h"
#include "src/ledger/consumers.h"
#include "src/ledger/crew.h"
#include "src/ledger/fetcher.h"

namespace consent::ledger {

// A command, and whom it is about as far as they could be read ahead.
struct Prepared {
  ContactCommand command;
  std::unique_ptr<Fetched> fetched = nullptr;
};

class ReadAhead {
 public:
  static constexpr size_t kThreads = 16;

  ReadAhead(const Consumers& consumers, Workers& workers, Priority priority);

  // Reads what is waiting, then ends. From now on everybody reads by themselves.
  void Stop() { crew_.Stop(); }

  // Calls `then` when the command is prepared: at once and here, if nobody need be read; otherwise
  // on a thread of its own. Who is unknown takes the way of those in memory: whether a thread had
  // to be woken would tell a stranger who is known.
  void Prepare(ContactCommand command, std::function<void(Prepared)> then);
  // Returns when all are prepared, in their order. Reads on this thread as well.
  std::vector<Prepared> Prepare(std::vector<ContactCommand> commands);

  // Does read(0) ... read(count - 1), many at once, on this thread as well; returns when all is
  // done.
  void Do(size_t count, const Crew::Piece& read) { crew_.Do(count, read); }

 private:
  const Consumers& consumers_;
  Crew crew_;  // Last: it uses all of the above.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_READ_AHEAD_H_
