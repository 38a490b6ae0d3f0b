// SPDX-License-Identifier: Apache-2.0
//
// Whatever happens between a fetch and its use, and while it reads, nobody is found as they were.

#include "src/ledger/fetcher.h"

#include <rapidcheck/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/journal/secret_value.h"
#include "src/ledger/consumers.h"
#include "src/ledger/test_ids.h"
#include "src/store/forwarding_store.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

constexpr ShardId kShard{1};
constexpr size_t kPeople = 5;
constexpr size_t kAll = 1'000'000;

// Something happens after a record was read, and before its reader goes on.
class InterruptedStore : public store::ForwardingStore {
 public:
  using store::ForwardingStore::ForwardingStore;
  absl::StatusOr<std::optional<std::string>> ReadRecord(ShardId shard,
                                                        const ConsumerId& consumer) override {
    auto row = store::ForwardingStore::ReadRecord(shard, consumer);
    if (const auto then = std::exchange(meanwhile, nullptr)) then();
    return row;
  }

  std::function<void()> meanwhile;
};

// From `least` up to and without `end`; uniform from the first case on.
size_t Between(size_t least, size_t end) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<size_t>(least, end));
}

// The people of one shard, and what is true of each.
class People {
 public:
  explicit People(size_t resident_max) : consumers_(store_, kShard, resident_max) {
    for (size_t person = 0; person < kPeople; ++person) {
      const auto handle = Id<Handle>(person);
      const auto secret = *crypto::Secret::FromBytes(std::string(32, 's'));
      journal::SecretValue value{
          .consumer = Id<ConsumerId>(person), .day = 0, .secret = secret.Copy()};
      store::CommitRequest request;
      request.secrets = {{handle, Encode(value)}};
      Append(std::move(request));
      Change(consumers_.Add(Id<ConsumerId>(person), handle, secret.Copy()), person);
    }
  }

  std::unique_ptr<Fetched> Fetch(size_t person) { return consumers_.Fetch(NameOf(person)); }
  // As Warmer reads.
  std::optional<FetchedPacked> FetchPacked(size_t person) {
    const auto id = Id<ConsumerId>(person);
    const uint64_t as_of = consumers_.AsOf();
    const auto row = store_.ReadRecord(kShard, id);
    if (!row.ok() || !row->has_value()) return std::nullopt;
    const auto record = DecodeRow(id, **row);
    RC_ASSERT(record.ok());
    auto secret = ReadSecret(store_, kShard, *record);
    if (!secret.ok()) return std::nullopt;
    return FetchedPacked{id, {**row, *std::move(secret)}, as_of};
  }
  void Keep(std::unique_ptr<Fetched> fetched) { consumers_.Keep(std::move(fetched)); }
  void Keep(std::optional<FetchedPacked> fetched) {
    if (fetched.has_value()) consumers_.Keep(*std::move(fetched));
  }

  // Nobody is found otherwise than they are, also where a fetch is used first.
  template <class F>
  void Check(size_t person, F fetched) {
    Keep(std::move(fetched));
    ASSERT_OK_AND_ASSIGN(const Consumer* const found, consumers_.Find(NameOf(person)));
    ASSERT_EQ(found != nullptr, seen_[person].has_value());
    if (found == nullptr) return;
    EXPECT_EQ(found->record.seen, *seen_[person]);
  }

  void Change(size_t person) {
    ASSERT_OK_AND_ASSIGN(Consumer* const consumer, consumers_.Find(NameOf(person)));
    if (consumer != nullptr) Change(*consumer, person);
  }
  void Erase(size_t person) {
    ASSERT_OK_AND_ASSIGN(Consumer* const consumer, consumers_.Find(NameOf(person)));
    if (consumer == nullptr) return;
    const store::Erasure rows = consumers_.Remove(*consumer, {size_.value});
    seen_[person].reset();
    if (*rc::gen::arbitrary<bool>()) Write(kAll);  // The deletion is not durable yet.
    store::CommitRequest request;
    request.erase = rows;
    Append(std::move(request));
  }
  void Write(size_t records_max) { ASSERT_OK(consumers_.WriteBehind(records_max, size_)); }
  void Reload() {
    Write(kAll);
    consumers_.Clear();
  }

  // Anything but a fetch.
  void Happen() {
    const auto person = Between(0, kPeople);
    switch (Between(0, 12)) {
      case 0:
        return Erase(person);
      case 1:
        return Reload();
      case 2:
      case 3:
      case 4:
      case 5:
        return Change(person);
      default:
        return Write(Between(0, 4));
    }
  }

  InterruptedStore& store() { return store_; }
  ConsumersStatistics statistics() const { return consumers_.statistics(); }

 private:
  static contact::ContactName NameOf(size_t person) {
    return contact::ContactName(Id<ContactId>(100 + person));
  }

  void Change(Consumer& consumer, size_t person) {
    core::Bound bound;
    bound.subject.contact_id = NameOf(person).newest;
    const LeafIndex position{size_.value};
    Append({});
    consumers_.Apply(consumer, {.at = {100}, .position = position, .body = bound});
    seen_[person] = size_;
  }

  void Append(store::CommitRequest request) {
    request.bundle = {.first = {size_.value}, .entries = {"e"}, .openings = {"o"}};
    ASSERT_OK(real_.Commit(kShard, request));
    ++size_.value;
  }

  store::MemoryStore real_;
  InterruptedStore store_{real_};
  Consumers consumers_;
  TreeSize size_;
  std::optional<TreeSize> seen_[kPeople];  // By the record of each; none: erased.
};

RC_GTEST_PROP(FetcherTest, NobodyIsFoundAsTheyWere, ()) {
  People people(Between(1, 4));
  std::vector<std::pair<size_t, std::unique_ptr<Fetched>>> fetched;
  std::vector<std::pair<size_t, std::optional<FetchedPacked>>> packed;
  const auto use = [&](auto& all) {
    if (all.empty()) return;
    const auto used = all.begin() + static_cast<ptrdiff_t>(Between(0, all.size()));
    people.Check(used->first, std::move(used->second));
    all.erase(used);
  };
  for (size_t steps = Between(1, 80); steps > 0; --steps) {
    const auto person = Between(0, kPeople);
    const size_t what = Between(0, 13);
    if (what < 5) {
      if (what < 2) people.store().meanwhile = [&] { people.Happen(); };
      if (what % 2 == 0) {
        fetched.emplace_back(person, people.Fetch(person));
      } else {
        packed.emplace_back(person, people.FetchPacked(person));
      }
      people.store().meanwhile = nullptr;
    } else if (what < 7) {
      use(fetched);
    } else if (what < 9) {
      use(packed);
    } else {
      people.Happen();
    }
  }
  for (size_t person = 0; person < kPeople; ++person) {
    people.Check(person, std::unique_ptr<Fetched>());
  }
}

RC_GTEST_PROP(FetcherTest, WhoIsErasedMeanwhileIsNotBroughtBack, ()) {
  People people(kAll);
  people.Reload();
  auto fetched = people.Fetch(1);
  auto packed = people.FetchPacked(1);
  RC_ASSERT(fetched != nullptr && packed.has_value());
  people.Erase(1);
  if (Between(0, 2) == 0) people.Check(1, std::move(fetched));
  people.Check(1, std::move(packed));
}

TEST(FetcherTest, WhoIsNotInMemoryNeedNotBeReadAgain) {
  People people(/*resident_max=*/kAll);
  EXPECT_EQ(people.Fetch(1), nullptr) << "is in memory";
  people.Reload();
  std::unique_ptr<Fetched> fetched = people.Fetch(1);
  ASSERT_NE(fetched, nullptr);
  const auto [hits, misses] = std::pair(people.statistics().hits, people.statistics().misses);
  int reads = 0;
  people.store().meanwhile = [&] { ++reads; };
  people.Check(1, std::move(fetched));
  EXPECT_EQ(reads, 0);
  EXPECT_EQ(people.statistics().misses, misses + 1) << "it was in the store";
  EXPECT_EQ(people.statistics().hits, hits);
  people.Check(1, std::unique_ptr<Fetched>());
  EXPECT_EQ(people.statistics().hits, hits + 1);
  EXPECT_EQ(people.Fetch(1), nullptr) << "is in memory again";
}

// Who seems to be in memory and is not is read by the committer, for whom all others wait.
TEST(FetcherTest, OfThoseNotInMemoryHardlyAnybodySeemsToBe) {
  constexpr size_t kMany = 20'000;
  std::mt19937_64 random(1);
  const auto somebody = [&random] {
    ContactId id;
    for (uint8_t& byte : id.bytes) byte = static_cast<uint8_t>(random());
    return id;
  };
  store::MemoryStore store;
  Fetcher fetcher(store, kShard, kMany);
  std::vector<ContactId> came;
  for (size_t i = 0; i < 2 * kMany; ++i) fetcher.Came(came.emplace_back(somebody()));
  for (size_t i = kMany; i < 2 * kMany; ++i) fetcher.Left(came[i]);
  came.resize(kMany);
  for (const ContactId& id : came) ASSERT_FALSE(fetcher.WouldFetch(contact::ContactName(id)));
  size_t seem = 0;
  for (size_t i = 0; i < kMany; ++i) {
    if (!fetcher.WouldFetch(contact::ContactName(somebody()))) ++seem;
  }
  EXPECT_LT(seem, kMany * 3 / 100);
}

}  // namespace
}  // namespace consent::ledger
