// SPDX-License-Identifier: Apache-2.0
//
// Fetcher: reads consumers who are not in memory, ahead of the committer.
//
// A shard's committer is one thread, for which everybody waits. So whoever asks reads, on a thread
// of their own, what the committer would have to read of the store. The committer takes over what
// was fetched only while it is current: it is not where the committer has written that consumer's
// row since the fetch began, or has thrown away all that it held.
//
// Nothing depends on a fetch: where it brings nothing, the committer reads by itself.
//
// Threads: AsOf, WouldFetch, Locate and Fetch from any thread; all else belongs to the shard's
// committer.

#ifndef CONSENT_LEDGER_FETCHER_H_
#define CONSENT_LEDGER_FETCHER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "src/base/ids.h"
#include "src/contact/contact_id.h"
#include "src/ledger/consumer.h"
#include "src/store/store.h"

namespace consent::ledger {

// Somebody who does not seem to be in memory, and is in the store.
struct Located {
  ConsumerId consumer;
  uint64_t as_of = 0;  // As that of what is fetched from there.
};

struct Fetched {
  std::unique_ptr<Consumer> consumer;
  uint64_t as_of = 0;  // The fetch began before the end of this write, and after all earlier ones.
};

// The same of somebody whom nobody has asked about.
struct FetchedPacked {
  ConsumerId consumer;
  Packed packed;
  uint64_t as_of = 0;
};

class Fetcher {
 public:
  // For a memory of about `resident_max` records.
  Fetcher(store::Store& store, ShardId shard, size_t resident_max);

  // Whether Locate would read: the holder of the contact point does not seem to be in memory.
  bool WouldFetch(const contact::ContactName& name) const {
    const Counts counts = CountsOf(name.newest);
    return counts.one.load(std::memory_order_relaxed) == 0 ||
           counts.other.load(std::memory_order_relaxed) == 0;
  }
  // Loads ahead into the processor's cache what WouldFetch reads.
  void Prefetch(const contact::ContactName& name) const;
  // Where the holder of a contact point is to be read; none where they seem to be in memory, or are
  // not found by their newest id. Of who is unknown the store knows so without a look at the disk,
  // but for one in some hundred.
  std::optional<Located> Locate(const contact::ContactName& name) const;
  // Of a consumer who is not in memory.
  Located At(const ConsumerId& consumer) const { return {.consumer = consumer, .as_of = AsOf()}; }
  // Of what is read from now on.
  uint64_t AsOf() const { return as_of_.load(std::memory_order_acquire); }
  // Null where they cannot be read.
  std::unique_ptr<Fetched> Fetch(const Located& located) const;
  std::unique_ptr<Fetched> Fetch(const contact::ContactName& name) const {
    const std::optional<Located> located = Locate(name);
    return located.has_value() ? Fetch(*located) : nullptr;
  }

  // Whether the store holds the consumer as they were fetched.
  bool IsCurrent(const ConsumerId& consumer, uint64_t as_of) const;

  // A consumer who goes by the id has come into memory, or has left it.
  void Came(const ContactId& contact);
  void Left(const ContactId& contact);

  // Rows of these consumers are about to be written; and then: they have been, or maybe not.
  void Writes(const ConsumerId& consumer) { writes_[PlaceOf(consumer)] = as_of_; }
  void Wrote() { as_of_.store(as_of_ + 1, std::memory_order_release); }
  // Nothing fetched before now is current.
  void Forget() {
    current_from_ = as_of_ + 1;
    Wrote();
  }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };

  size_t PlaceOf(const ConsumerId& consumer) const;
  struct Counts {
    std::atomic_ref<uint8_t> one, other;
  };
  Counts CountsOf(const ContactId& contact) const;

  store::Store& store_;
  const ShardId shard_;
  // How many ids of those in memory fall on each place; each falls on two. Many more places than
  // ids, so that of a hundred who are not in memory one or two seem to be. A place that has
  // overflowed stays as it is.
  const size_t places_;
  const std::unique_ptr<uint8_t, Free> counts_;
  std::atomic<uint64_t> as_of_{1};  // Number of the next write.
  // The last write of consumers who fall on each place.
  std::vector<uint64_t> writes_;
  uint64_t current_from_ = 0;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_FETCHER_H_
