// SPDX-License-Identifier: Apache-2.0

#include "src/api/batch.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/api/bulk.h"
#include "src/api/decode.h"
#include "src/api/encode.h"
#include "src/api/error.h"
#include "src/api/strangers.h"
#include "src/base/fault.h"

namespace consent::api {
namespace {

// An item that was queued: where its result goes.
struct Place {
  int index;
  contact::SubjectId subject;
};

void Encode(const Context& context, ShardId shard, Way way, core::Channel channel,
            const absl::StatusOr<ledger::ContactAnswer>& answer, const Place& place,
            BatchResults* results) {
  v1::BatchResult* const result = results->Mutable(place.index);
  if (!answer.ok()) {
    *result->mutable_error() = ToRpcStatus(answer.status());
    return;
  }
  Observe(context, way, channel, *answer);
  api::Encode(context, shard, *answer, place.subject, result->mutable_decision());
}

absl::Status CheckSize(int items) {
  if (items >= 1 && items <= static_cast<int>(ledger::Shard::kBatchMax)) return absl::OkStatus();
  return InvalidField(
      "items", absl::StrCat("expected 1 to ", ledger::Shard::kBatchMax, " items, found ", items));
}

}  // namespace

void JudgeBatch(const Context& context, ledger::Lane lane, Way way, const v1::BatchHeader& header,
                const BatchItems& items, BatchResults* results,
                std::function<void(const absl::Status&)> done) {
  if (const absl::Status size = CheckSize(items.size()); !size.ok()) return done(size);
  const absl::StatusOr<core::Request> shared = Decode(header);
  if (!shared.ok()) return done(shared.status());
  ledger::Shard& shard = *context.ledger.FindShard(ledger::kConsumerShard);
  // What cannot be queued is not decoded either: refusing must cost less than answering.
  const auto count = static_cast<size_t>(items.size());
  if (const absl::Status room = shard.CheckRoom(lane, count); !room.ok()) return done(room);
  if (context.strangers != nullptr) {
    if (const absl::Status asked = context.strangers->Ask(shared->company, count); !asked.ok()) {
      return done(asked);
    }
  }

  const core::NextAllowed next_allowed = WhetherNextAllowed(header.want_next_allowed_time());
  std::vector<ledger::ContactCommand> commands;
  std::vector<Place> places;
  commands.reserve(items.size());
  places.reserve(items.size());
  results->Reserve(items.size());
  for (const v1::BatchItem& item : items) {
    v1::BatchResult* const result = results->Add();
    absl::StatusOr<DecodedContact> decoded = Decode(context, *shared, next_allowed, item);
    if (!decoded.ok()) {
      *result->mutable_error() = ToRpcStatus(decoded.status());
      continue;
    }
    places.push_back({results->size() - 1, decoded->subject});
    commands.push_back(std::move(decoded->command));
  }
  const auto settle = [&context, company = shared->company, count](size_t strangers) {
    if (context.strangers != nullptr) context.strangers->Answered(company, count, strangers);
  };
  if (commands.empty()) {
    settle(0);
    return done(absl::OkStatus());
  }

  shard.Consume(
      lane, std::move(commands),
      [&context, lane, way, channel = shared->channel, &shard, results, places = std::move(places),
       done = std::move(done), settle](absl::StatusOr<ledger::ContactAnswers> answers) mutable {
        settle(answers.ok() ? CountStrangers(*answers) : 0);
        if (!answers.ok()) return done(answers.status());
        const int size = results->size();
        context.bulk->Run(lane, size,
                          [&context, way, channel, &shard, results, places = std::move(places),
                           done = std::move(done), answers = *std::move(answers)] {
                            for (size_t i = 0; i < places.size(); ++i) {
                              Encode(context, shard.id(), way, channel, answers[i], places[i],
                                     results);
                            }
                            done(absl::OkStatus());
                          });
      });
}

}  // namespace consent::api
