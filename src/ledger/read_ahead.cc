// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/read_ahead.h"

#include <optional>
#include <utility>

namespace consent::ledger {

ReadAhead::ReadAhead(const Consumers& consumers, Workers& workers, Priority priority)
    : consumers_(consumers),
      crew_(workers, {.name = "read ahead",
                      .threads = kThreads,
                      .order = Crew::Order::kInTurn,
                      .priority = priority}) {}

void ReadAhead::Prepare(ContactCommand command, std::function<void(Prepared)> then) {
  const std::optional<Located> located = consumers_.Locate(command.contact);
  if (!located.has_value()) return then({std::move(command)});
  const auto prepared = std::make_shared<Prepared>(Prepared{std::move(command)});
  crew_.Give(
      1, [this, prepared, at = *located](size_t) { prepared->fetched = consumers_.Fetch(at); },
      [prepared, then = std::move(then)] { then(std::move(*prepared)); });
}

std::vector<Prepared> ReadAhead::Prepare(std::vector<ContactCommand> commands) {
  std::vector<Prepared> all;
  std::vector<size_t> absent;
  all.reserve(commands.size());
  for (const ContactCommand& command : commands) consumers_.PrefetchWouldFetch(command.contact);
  for (ContactCommand& command : commands) {
    if (consumers_.WouldFetch(command.contact)) absent.push_back(all.size());
    all.push_back({std::move(command)});
  }
  crew_.Do(absent.size(), [this, &all, &absent](size_t number) {
    Prepared& one = all[absent[number]];
    one.fetched = consumers_.Fetch(one.command.contact);
  });
  return all;
}

}  // namespace consent::ledger
