// SPDX-License-Identifier: Apache-2.0
//
// World: what the clients of a kill test share: where the server is, whom they may call, and what
// they were told. Nothing here is the server's: it survives every kill.
//
// Threads: all methods from any thread.

#ifndef CONSENT_FAULT_WORLD_H_
#define CONSENT_FAULT_WORLD_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "consent/v1/contact_service.pb.h"
#include "consent/v1/statement.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace consent::fault {

using Chance = std::mt19937_64;
// Evenly from `low` to `high`, both included.
inline int64_t Pick(Chance& chance, int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(chance);
}

// An answer that named an entry of the consumers' journal: what must be found there for ever.
struct Acknowledged {
  uint64_t entry = 0;
  uint8_t kind = 0;     // core::Kind.
  uint8_t channel = 0;  // Of decisions.
  uint8_t reason = 0;   // Of decisions, as answered.
};

// What became of a unit, as far as its dialer was told.
enum class Fate {
  kHeld,       // Taken, and not confirmed.
  kOpen,       // Taken, and the contact allowed.
  kGivenBack,  // Released, or NOT_SENT.
  kUsed,       // Another outcome was reported.
  kUnclear,    // A confirmation's answer was lost, and the grant was being revoked.
};

// A request that was answered ALLOWED.
struct Allowed {
  v1::CheckAndConsumeRequest request;
  uint64_t entry = 0;
  std::string permit;
  Fate fate = Fate::kOpen;
};

// A consumer, granted at most `max` contacts for ever.
struct Person {
  size_t number = 0;
  int64_t max = 0;
  // Set before the revocation is sent, and once it was acknowledged.
  std::atomic<bool> revoking{false};
  std::atomic<bool> revoked{false};
  // Set before the order to be erased is sent, and once it was obeyed.
  std::atomic<bool> erasing{false};
  std::atomic<bool> erased{false};
  // Whether a denial said that the limit is reached.
  std::atomic<bool> seen_full{false};

  absl::Mutex mutex;
  // Those that no dialer works on any more.
  std::vector<Allowed> allowed ABSL_GUARDED_BY(mutex);
  // The order to be erased, and where its entry is; kNowhere where that was never said.
  static constexpr uint64_t kNowhere = UINT64_MAX;
  v1::SignedStatement order ABSL_GUARDED_BY(mutex);
  uint64_t erased_at ABSL_GUARDED_BY(mutex) = kNowhere;
};

class World {
 public:
  static constexpr size_t kActiveMax = 24;
  static constexpr size_t kFaultsMax = 10;

  // --- The server.

  // A channel to the present server. Until ServerMayDie, one that is lost is a fault of all who
  // call it, at once; from then on they wait for the next.
  void SetServer(std::shared_ptr<grpc::Channel> channel);
  void ServerMayDie();
  // Calls until it gets an answer, on one server after the other: `call` is repeated after errors
  // that say that nothing is known to have happened. Returns how often it called; 0: no answer,
  // and a fault was noted.
  int UntilAnswered(const std::string& what,
                    const std::function<grpc::Status(const std::shared_ptr<grpc::Channel>&,
                                                     grpc::ClientContext&)>& call);
  // The present server, as soon as there is one; null when there is none for minutes, or none is to
  // be expected.
  std::shared_ptr<grpc::Channel> AwaitServer();
  // Says that a call failed on `channel`: it is not used again.
  void Lost(const std::shared_ptr<grpc::Channel>& channel);

  // --- The people. A Person lives as long as the World.

  Person& Add(size_t number, int64_t max);
  // One of the latest; null before the first.
  Person* PickActive(Chance& chance);
  Person* PickAnybody(Chance& chance);
  std::vector<Person*> everybody();

  // --- What was told.

  void Note(const Acknowledged& acknowledged);
  // Those noted since the last call.
  std::vector<Acknowledged> TakeAcknowledged();
  void NoteReceipt(const std::string& receipt);
  std::vector<std::string> TakeReceipts();

  std::atomic<uint64_t> decisions{0};    // Answers to CheckAndConsume, alone or in batches.
  std::atomic<uint64_t> repetitions{0};  // Calls sent again because an answer was lost.
  std::atomic<uint64_t> statements{0};
  std::atomic<uint64_t> erasures{0};

  // --- What is wrong.

  void Fault(const std::string& what);
  std::vector<std::string> faults();

  // --- The clients.

  // Clients begin nothing new for the time being.
  std::atomic<bool> paused{false};
  // The app is to erase somebody soon.
  std::atomic<bool> erase_now{false};
  // Whom the app is having erased just now; null: nobody.
  std::atomic<Person*> in_erasure{nullptr};
  // Clients finish what they have begun and end.
  std::atomic<bool> over{false};

 private:
  Person* PickOfLatest(Chance& chance, size_t count);

  absl::Mutex mutex_;
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
  bool may_die_ ABSL_GUARDED_BY(mutex_) = true;
  std::vector<std::unique_ptr<Person>> people_ ABSL_GUARDED_BY(mutex_);
  std::vector<Acknowledged> acknowledged_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> receipts_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> faults_ ABSL_GUARDED_BY(mutex_);
};

// Whether `status` says nothing about what happened, as when the server is gone.
bool IsLost(const grpc::Status& status);

}  // namespace consent::fault

#endif  // CONSENT_FAULT_WORLD_H_
