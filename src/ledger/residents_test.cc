// SPDX-License-Identifier: Apache-2.0
//
// Whoever is in memory, open or packed, is found as they were, and nobody leaves unnoticed.

#include "src/ledger/residents.h"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "src/ledger/test_ids.h"

namespace consent::ledger {
namespace {

size_t Between(size_t least, size_t end) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<size_t>(least, end));
}

crypto::Secret SecretOf(size_t number) {
  return *crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, static_cast<char>(number)));
}

std::unique_ptr<Consumer> Somebody(size_t number, core::Record record = {}) {
  record.consumer = Id<ConsumerId>(number);
  if (record.contact_ids.empty()) record.contact_ids = {Id<ContactId>(number)};
  auto somebody = std::make_unique<Consumer>();
  somebody->record = std::move(record);
  somebody->secret = SecretOf(number);
  LoadZones(*somebody);
  return somebody;
}

// Those in memory, and what is known of them.
class Memory {
 public:
  Memory(size_t max, size_t open_max) : max_(max), open_max_(open_max), all_(max, open_max) {}

  void Come() {
    const size_t number = next_++;
    core::Record record;
    record.seen = {Between(0, 1000)};
    for (size_t i = Between(0, 3); i > 0; --i) record.place.zones.emplace_back("Europe/Paris");
    for (size_t i = Between(1, 4); i > 0; --i) record.contact_ids.push_back(Id<ContactId>(i));
    for (size_t i = Between(0, 3); i > 0; --i) record.At(std::string(i, 'c'));
    all_.Hold(Somebody(number, record));
    known_[number] = all_.Find(Id<ConsumerId>(number))->record;
  }
  void Change(size_t number) {
    if (!known_.contains(number)) return;
    Consumer& consumer = Check(number);
    consumer.record.seen = known_[number].seen = {Between(0, 1000)};
    consumer.row.clear();
    consumer.dirty_since = LeafIndex{1};
    dirty_.insert(number);
  }
  void Write() {
    for (const size_t number : dirty_) Check(number).dirty_since.reset();
    dirty_.clear();
  }
  void Erase(size_t number) {
    all_.Erase(Id<ConsumerId>(number));
    known_.erase(number);
    dirty_.erase(number);
  }
  Consumer& Check(size_t number) {
    Consumer* const found = all_.Find(Id<ConsumerId>(number));
    RC_ASSERT((found != nullptr) == known_.contains(number));
    RC_ASSERT(found->record == known_[number]);
    RC_ASSERT(found->secret == SecretOf(number));
    RC_ASSERT(found->zones.size() == found->record.place.zones.size());
    RC_ASSERT(found->dirty_since.has_value() == dirty_.contains(number));
    found->recently_used = true;
    return *found;
  }
  void Trim() {
    all_.Trim([this](const ConsumerId& id, const std::vector<ContactId>& contacts) {
      const auto left = std::find_if(known_.begin(), known_.end(), [&](const auto& one) {
        return Id<ConsumerId>(one.first) == id;
      });
      RC_ASSERT(left != known_.end());
      RC_ASSERT(!dirty_.contains(left->first));
      RC_ASSERT(contacts == left->second.contact_ids);
      known_.erase(left);
    });
  }
  void LoadAhead(size_t number) {
    for (int step = 0; step < Residents::kPrefetchSteps; ++step) {
      all_.Prefetch(Id<ConsumerId>(number), step);
    }
  }

  size_t some() { return Between(0, next_); }
  void CheckAll() {
    RC_ASSERT(all_.size() == known_.size());
    // However much was used: the first look forgives, and whoever is packed is spared once.
    Write();
    for (int round = 0; round < 4; ++round) Trim();
    RC_ASSERT(all_.size() <= max_);
    RC_ASSERT(all_.open() <= open_max_);
    for (size_t number = 0; number < next_; ++number) {
      if (known_.contains(number)) Check(number);
      RC_ASSERT(all_.contains(Id<ConsumerId>(number)) == known_.contains(number));
    }
    RC_ASSERT(all_.open() == known_.size());
  }

 private:
  const size_t max_;
  const size_t open_max_;
  Residents all_;
  std::map<size_t, core::Record> known_;
  std::set<size_t> dirty_;
  size_t next_ = 0;
};

RC_GTEST_PROP(ResidentsTest, EverybodyInMemoryIsFoundAsTheyWere, ()) {
  const size_t max = Between(1, 8);
  Memory memory(max, Between(1, max + 1));
  for (size_t steps = Between(1, 120); steps > 0; --steps) {
    switch (Between(0, 10)) {
      case 0:
      case 1:
      case 2:
        memory.Come();
        break;
      case 3:
      case 4:
        memory.Change(memory.some());
        break;
      case 5:
        memory.Write();
        break;
      case 6:
        memory.Erase(memory.some());
        break;
      case 7:
        memory.LoadAhead(memory.some());
        break;
      default:
        memory.Trim();
    }
  }
  memory.CheckAll();
}

TEST(ResidentsTest, WhoIsUsedStaysOpen) {
  Residents all(/*max=*/4, /*open_max=*/2);
  for (size_t i = 1; i <= 4; ++i) all.Hold(Somebody(i));
  const auto nobody = [](const ConsumerId&, const std::vector<ContactId>&) { FAIL(); };
  all.Trim(nobody);  // Forgives all of them once.
  Consumer* const first = all.Find(Id<ConsumerId>(1));
  first->recently_used = true;
  all.Trim(nobody);
  EXPECT_EQ(all.open(), 2u);
  EXPECT_EQ(all.Find(Id<ConsumerId>(1)), first);
}

TEST(ResidentsTest, WhoWasUsedLastLeavesLast) {
  Residents all(/*max=*/3, /*open_max=*/1);
  std::vector<ConsumerId> left;
  const auto settle = [&] {
    for (int round = 0; round < 4; ++round) {
      all.Trim([&](const ConsumerId& id, const std::vector<ContactId>&) { left.push_back(id); });
    }
  };
  for (size_t i = 1; i <= 3; ++i) all.Hold(Somebody(i));
  settle();
  for (const size_t used : {3, 1, 2}) {
    all.Find(Id<ConsumerId>(used));
    settle();
  }
  EXPECT_EQ(left, std::vector<ConsumerId>());
  all.Hold(Somebody(4));
  settle();
  EXPECT_EQ(left, std::vector{Id<ConsumerId>(3)});
}

TEST(ResidentsTest, ManyTurnsOfAFewTakeNoMemory) {
  Residents all(/*max=*/10, /*open_max=*/1);
  for (size_t i = 1; i <= 3; ++i) all.Hold(Somebody(i));
  for (size_t turn = 0; turn < 1000; ++turn) {
    all.Find(Id<ConsumerId>(1 + turn % 3));
    all.Trim([](const ConsumerId&, const std::vector<ContactId>&) { FAIL(); });
  }
  EXPECT_LE(all.waiting(), 6u);
}

}  // namespace
}  // namespace consent::ledger
