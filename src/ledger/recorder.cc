// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/recorder.h"

#include <string>
#include <utility>
#include <vector>

#include "src/base/codec.h"
#include "src/consent/evolve.h"
#include "src/crypto/random.h"
#include "src/journal/entry.h"
#include "src/journal/event_parts.h"
#include "src/journal/secret_value.h"

namespace consent::ledger {
namespace {

constexpr int64_t kSecondsADay = 24 * 60 * 60;

// Under whose secret an event is sealed, and how it is found.
struct Seal {
  const Handle& handle;
  const crypto::Secret& secret;
  int32_t tag_year;
  uint64_t tag_count;
};

void Stage(Turn& turn, const directory::Directory& directory, const Seal& seal,
           std::string_view contact_point, const core::EventBody& body,
           const std::vector<core::Renamed>& renamed) {
  journal::Entry entry;
  entry.kind = static_cast<uint8_t>(journal::KindOf(body));
  entry.position = turn.journal.next();
  entry.at = turn.now;
  entry.channel = journal::ChannelOf(body);
  entry.reason = journal::ReasonAnswered(body);
  entry.directory_size = directory.size();
  const std::string_view company = journal::CompanyOf(body);
  if (const directory::Party* const party = directory.Find(company, directory::Role::kCompany);
      party != nullptr && party->named_in_entries) {
    entry.company = party->id;
  }
  turn.journal.Stage(entry, {.handle = seal.handle,
                             .secret = seal.secret.Copy(),
                             .tag_year = seal.tag_year,
                             .tag_count = seal.tag_count,
                             .parts = journal::ToParts(body, contact_point, renamed)});
}

store::SecretRow RowOf(const Handle& handle, std::optional<ConsumerId> consumer, int32_t day,
                       const crypto::Secret& secret) {
  journal::SecretValue value{.consumer = consumer, .day = day, .secret = secret.Copy()};
  return {handle, Encode(value)};
}

}  // namespace

LeafIndex Recorder::Record(Turn& turn, const directory::Directory& directory, Consumer& consumer,
                           const About& about, core::EventBody body) {
  std::vector<core::Renamed> renamed;
  if (about.name != nullptr) renamed = RenamesOf(consumer.record, *about.name);
  const core::TagSlot slot = core::NextTag(consumer.record, turn.now);
  const Seal seal{.handle = consumer.record.handle,
                  .secret = consumer.secret,
                  .tag_year = slot.year,
                  .tag_count = slot.count};
  const LeafIndex position = turn.journal.next();
  Stage(turn, directory, seal, about.contact_point, body, renamed);
  consumers_.Apply(consumer, {.at = turn.now,
                              .position = position,
                              .body = std::move(body),
                              .renamed = std::move(renamed)});
  return position;
}

LeafIndex Recorder::RecordStranger(Turn& turn, const directory::Directory& directory,
                                   std::string_view contact_point, const core::EventBody& body) {
  const Day& today = Today(turn);
  const LeafIndex position = turn.journal.next();
  const Seal seal{.handle = today.handle,
                  .secret = today.secret,
                  .tag_year = core::TagYearOf(turn.now),
                  .tag_count = position.value};
  Stage(turn, directory, seal, contact_point, body, {});
  return position;
}

const Recorder::Day& Recorder::Today(Turn& turn) {
  const auto day = static_cast<int32_t>(turn.now.unix_seconds / kSecondsADay);
  if (!today_.has_value() || today_->day != day) {
    today_.emplace(Day{day, crypto::RandomId<Handle>(), crypto::Secret::Random()});
    turn.journal.StageSecret(RowOf(today_->handle, std::nullopt, day, today_->secret));
  }
  return *today_;
}

Consumer& AddConsumer(Consumers& consumers, Turn& turn) {
  const auto id = crypto::RandomId<ConsumerId>();
  const auto handle = crypto::RandomId<Handle>();
  crypto::Secret secret = crypto::Secret::Random();
  turn.journal.StageSecret(RowOf(handle, id, 0, secret));
  return consumers.Add(id, handle, std::move(secret));
}

}  // namespace consent::ledger
