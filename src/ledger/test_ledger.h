// SPDX-License-Identifier: Apache-2.0
//
// TestLedger: a ledger on any store, with a clock that is moved by hand, a registrar, a company
// "acme" and consumers who sign. Calls wait for their answers. Test code only.

#ifndef CONSENT_LEDGER_TEST_LEDGER_H_
#define CONSENT_LEDGER_TEST_LEDGER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consent/v1/statement.pb.h"
#include "src/base/clock.h"
#include "src/contact/contact_id.h"
#include "src/crypto/private_key.h"
#include "src/ledger/ledger.h"
#include "src/ledger/replay.h"
#include "src/store/memory_store.h"

namespace consent::ledger {

// Somebody with a contact point and a key.
struct Person {
  std::string contact_point;
  crypto::PrivateKey key;
};
// A number reserved for fiction (`number` is 0 to 9,999), and a key that follows from it.
std::string ContactPointOf(int number);
Person PersonOf(int number);
crypto::PrivateKey KeyOf(std::string_view name);

inline constexpr std::string_view kTestOrigin = "ledger.example/test";
// 2026-03-02T09:00:00Z, a Monday.
inline constexpr int64_t kTestStartMs = INT64_C(1772442000) * 1000;

// Calls `ask` with a callback and waits for what it is called with.
template <class T, class Ask>
absl::StatusOr<T> Await(Ask ask) {
  auto answered = std::make_shared<std::promise<absl::StatusOr<T>>>();
  std::future<absl::StatusOr<T>> answer = answered->get_future();
  ask([answered](absl::StatusOr<T> result) { answered->set_value(std::move(result)); });
  return answer.get();
}

// The peppers of these versions, which follow from their numbers.
contact::Peppers TestPeppers(uint8_t newest, uint8_t oldest);

class TestLedger {
 public:
  // Opens a ledger on `store`. Makes the directory's parties when it is new.
  TestLedger(store::Store& store, ManualClock& clock,
             size_t records_in_memory = Shard::kRecordsInMemory, uint8_t newest_pepper = 1,
             uint8_t oldest_pepper = 1);

  Ledger& operator*() { return *ledger_; }
  Ledger* operator->() { return ledger_.get(); }
  Shard& shard() { return *ledger_->FindShard(kConsumerShard); }

  // --- Directory.
  absl::StatusOr<DirectoryChange> Change(directory::DirectoryEvent event);
  void AddCompany(const std::string& id, bool named_in_entries = false);

  // --- Statements. Built as of now; each has an id of its own.
  v1::Statement Statement(const Person& person) const;
  v1::Statement Binding(const Person& person) const;
  // "`calls` calls and `texts` SMS a year", for direct marketing.
  v1::Statement Grant(const Person& person, const std::string& grant_id, int calls, int texts,
                      const std::string& company = "acme") const;
  v1::Statement Claim(const Person& person, const std::string& grant_id, int64_t collected_s,
                      const std::string& company = "acme") const;
  v1::Statement Revocation(const Person& person, const std::string& company = "acme") const;
  v1::Statement Block(const Person& person, const std::string& company) const;

  StatementCommand ToCommand(const v1::Statement& statement, const crypto::PrivateKey& key) const;
  absl::StatusOr<StatementAnswers> Take(std::vector<StatementCommand> commands);
  absl::StatusOr<StatementAnswer> Say(const v1::Statement& statement,
                                      const crypto::PrivateKey& key);
  // Binds the person's key, and takes in a grant that they sign.
  void Settle(const Person& person, int calls, int texts, const std::string& company = "acme");

  // --- Contacts.
  ContactCommand Wish(const Person& person, const std::string& request_id,
                      core::Channel channel = core::Channel::kCall,
                      const std::string& company = "acme") const;
  absl::StatusOr<ContactAnswers> ConsumeAll(std::vector<ContactCommand> commands);
  absl::StatusOr<ContactAnswer> Consume(const ContactCommand& command);
  absl::StatusOr<ContactAnswer> Consume(const Person& person, const std::string& request_id,
                                        core::Channel channel = core::Channel::kCall,
                                        const std::string& company = "acme");
  absl::StatusOr<ContactAnswer> Check(const ContactCommand& command);
  absl::StatusOr<PermitAnswer> Act(PermitCommand command);
  // The person's signed order, and what comes of it.
  EraseCommand ToErase(const Person& person) const;
  absl::StatusOr<EraseAnswer> Erase(const EraseCommand& command);
  absl::StatusOr<ConsumerView> View(const Person& person, const crypto::PrivateKey& key);

  contact::ContactName NameOf(const std::string& contact_point) const;
  // Under the newest pepper.
  ContactId IdOf(const std::string& contact_point) const { return NameOf(contact_point).newest; }
  const contact::Peppers& peppers() const { return peppers_; }
  TreeSize JournalSize() const { return ledger_->JournalOf(kConsumerShard)->size; }
  // Ends the ledger and compares records with the journal.
  absl::StatusOr<ReplayReport> StopAndCompare();

  const crypto::PrivateKey registrar_key = KeyOf("registrar");
  const crypto::PrivateKey acme_key = KeyOf("acme");

 private:
  store::Store& store_;
  ManualClock& clock_;
  contact::Peppers peppers_;
  std::unique_ptr<Ledger> ledger_;
  mutable std::atomic<uint64_t> statements_ = 0;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_TEST_LEDGER_H_
