// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/fetcher.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "src/base/prefetch.h"

namespace consent::ledger {
namespace {

constexpr size_t kPlacesAnId = 16;
constexpr size_t kPlacesMax = size_t{1} << 26;
// Many more than are written while what was fetched waits for its turn.
constexpr size_t kWritesMax = size_t{1} << 20;
constexpr uint8_t kOverflown = 255;
constexpr int kOtherShift = 40;  // Bits that choose no place.

// The ends of ids are random, or as good as; contact ids begin with their pepper's version.
template <class Id>
uint64_t RandomBits(const Id& id) {
  uint64_t bits = 0;
  std::memcpy(&bits, id.bytes.data() + id.bytes.size() - sizeof(bits), sizeof(bits));
  return bits;
}

// Only one thread changes them.
void Up(std::atomic_ref<uint8_t> count) {
  const uint8_t now = count.load(std::memory_order_relaxed);
  if (now < kOverflown) count.store(now + 1, std::memory_order_relaxed);
}

void Down(std::atomic_ref<uint8_t> count) {
  const uint8_t now = count.load(std::memory_order_relaxed);
  if (now > 0 && now < kOverflown) count.store(now - 1, std::memory_order_relaxed);
}

}  // namespace

Fetcher::Fetcher(store::Store& store, ShardId shard, size_t resident_max)
    : store_(store),
      shard_(shard),
      places_(std::bit_ceil(
          std::clamp(resident_max, kCacheLineBytes / kPlacesAnId, kPlacesMax / kPlacesAnId) *
          kPlacesAnId)),
      // Pages of it that nobody has touched take no memory.
      counts_(static_cast<uint8_t*>(std::calloc(places_, 1))),
      writes_(std::bit_ceil(std::clamp<size_t>(resident_max, 1, kWritesMax))) {}

size_t Fetcher::PlaceOf(const ConsumerId& consumer) const {
  return RandomBits(consumer) & (writes_.size() - 1);
}

Fetcher::Counts Fetcher::CountsOf(const ContactId& contact) const {
  const uint64_t bits = RandomBits(contact);
  const size_t one = bits & (places_ - 1);
  // Another one of the same line of the processor's cache.
  const size_t other = one ^ (1 + (bits >> kOtherShift) % (kCacheLineBytes - 1));
  return {std::atomic_ref<uint8_t>(counts_.get()[one]),
          std::atomic_ref<uint8_t>(counts_.get()[other])};
}

void Fetcher::Prefetch(const contact::ContactName& name) const {
  consent::Prefetch(&counts_.get()[RandomBits(name.newest) & (places_ - 1)], 1);
}

std::optional<Located> Fetcher::Locate(const contact::ContactName& name) const {
  if (!WouldFetch(name)) return std::nullopt;
  // Before the first row is read.
  const uint64_t as_of = AsOf();
  const auto id = store_.ReadContact(shard_, name.newest);
  // What is amiss the committer will find, and tell.
  if (!id.ok() || !id->has_value()) return std::nullopt;
  return Located{.consumer = **id, .as_of = as_of};
}

std::unique_ptr<Fetched> Fetcher::Fetch(const Located& located) const {
  absl::StatusOr<std::unique_ptr<Consumer>> consumer =
      ReadConsumer(store_, shard_, located.consumer);
  if (!consumer.ok() || *consumer == nullptr) return nullptr;
  return std::make_unique<Fetched>(Fetched{*std::move(consumer), located.as_of});
}

bool Fetcher::IsCurrent(const ConsumerId& consumer, uint64_t as_of) const {
  return as_of >= current_from_ && as_of > writes_[PlaceOf(consumer)];
}

void Fetcher::Came(const ContactId& contact) {
  const Counts counts = CountsOf(contact);
  Up(counts.one);
  Up(counts.other);
}

void Fetcher::Left(const ContactId& contact) {
  const Counts counts = CountsOf(contact);
  Down(counts.one);
  Down(counts.other);
}

}  // namespace consent::ledger
