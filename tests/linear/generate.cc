// SPDX-License-Identifier: Apache-2.0

#include "tests/linear/generate.h"

#include <optional>
#include <utility>
#include <vector>

#include "tests/linear/model.h"

namespace consent::linear {
namespace {

int Pick(Chance& chance, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(chance);
}

// A client, with what it has under way.
struct Client {
  Operation operation = {};
  bool busy = false;
  bool taken = false;
  Answer answer = {};
  std::optional<Asked> again = std::nullopt;  // What was lost.
};

}  // namespace

Asked Asker::Grant(int64_t calls_max, int64_t all_max) {
  return {.call = Call::kGrant,
          .number = ++statements_,
          .calls_max = calls_max,
          .all_max = all_max,
          .signed_at = signed_at_++};
}

Asked Asker::Next(Chance& chance) {
  const Channel channel = Pick(chance, 1, 2) == 1 ? Channel::kCall : Channel::kSms;
  const int choice = Pick(chance, 1, 40);
  if (choice <= 12) return {.call = Call::kConsume, .number = ++requests_, .channel = channel};
  if (choice <= 20) {
    held_ = ++requests_;
    return {.call = Call::kHold, .number = held_, .channel = channel};
  }
  if (choice <= 28 && held_ != 0) {
    return {.call = choice <= 23 ? Call::kConfirm : Call::kRelease, .number = held_};
  }
  if (choice <= 32) return {.call = Call::kCheck, .channel = channel};
  if (choice <= 37) {
    // More from time to time, or all would soon be taken for ever.
    const int all = Pick(chance, 1, 12) + requests_ / 4;
    return Grant(Pick(chance, 1, all), all);
  }
  const Call call = choice == 38 ? Call::kRevoke : choice == 39 ? Call::kBlock : Call::kUnblock;
  return {.call = call, .number = ++statements_, .signed_at = signed_at_++};
}

History Generate(const Shape& shape, Chance& chance) {
  History history;
  Model model;
  Asker asker(1);
  int64_t now = 0;
  const Asked grant = asker.Grant(4, 6);
  history.push_back(
      {.asked = grant, .invoked = ++now, .responded = ++now, .answer = model.Take(grant)});
  std::vector<Client> clients(static_cast<size_t>(shape.clients));
  int begun = 1;
  for (size_t idle = 0; begun < shape.operations || idle < clients.size(); ++now) {
    Client& client = clients[static_cast<size_t>(Pick(chance, 0, shape.clients - 1))];
    if (!client.busy) {
      if (begun >= shape.operations) {
        idle = 0;
        for (const Client& one : clients) idle += one.busy ? 0 : 1;
        continue;
      }
      const Asked asked = client.again.has_value() ? *client.again : asker.Next(chance);
      client = {.operation = {.asked = asked, .invoked = now}, .busy = true};
      ++begun;
    } else if (!client.taken && Pick(chance, 1, 2) == 1) {
      client.answer = model.Take(client.operation.asked);
      client.taken = true;
    } else if (shape.lost_every > 0 && Pick(chance, 1, shape.lost_every) == 1) {
      // Taken or not, its client never learns.
      if (shape.bounded) client.operation.responded = now;
      client.again = client.operation.asked;
      client.busy = false;
      history.push_back(client.operation);
    } else if (client.taken) {
      client.operation.responded = now;
      client.operation.answer = client.answer;
      client.busy = false;
      history.push_back(client.operation);
      client.again.reset();
    }
  }
  return history;
}

}  // namespace consent::linear
