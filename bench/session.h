// SPDX-License-Identifier: Apache-2.0
//
// Session: a ledger in a folder of its own, peopled, and a consentd that serves it.
//
// Who is who: consumers 0 to 9,999 are asked one by one, 10,000 to 19,999 in batches; both are
// granted more than can be asked. From 20,000 on stand those of one round each: one on whom every
// call falls, and a hundred who are granted few contacts, to see that none gets more. Behind them
// two crowds who may be called at any hour, to see what law costs; it allows each four calls.

#ifndef CONSENT_BENCH_SESSION_H_
#define CONSENT_BENCH_SESSION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "consent/v1/contact_service.pb.h"
#include "grpcpp/security/credentials.h"
#include "tests/load/population.h"
#include "tests/load/server_process.h"
#include "tests/load/stream_load.h"
#include "tests/load/unary_load.h"

namespace consent::bench {

// Commits and syncs of a server's life, as it said when it stopped.
struct Writes {
  uint64_t commits = 0;
  uint64_t log_syncs = 0;
};

// Consumers that are asked one after the other, and how.
struct Crowd {
  size_t first = 0;
  size_t count = 1;
  v1::Channel channel = v1::CHANNEL_CALL;
  std::string caller_number = {};
};

// What an answer shall bring beside the decision.
struct Extras {
  bool receipt = false;
  bool signed_permit = false;
};

class Session {
 public:
  struct Options {
    std::string consentd;       // The program.
    std::string folder;         // New, empty.
    size_t consumers = 10'000;  // Of each of the two crowds.
    int rounds = 1;
  };

  // What stands between the ledger and its callers.
  struct Front {
    std::vector<std::string> flags;                                   // Of the server.
    std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr;  // Of callers; null: none.
  };
  // Nobody is authenticated, nothing is limited.
  static Front Bare() { return {.flags = {"--rate-per-caller", "0", "--strangers-per-day", "0"}}; }

  // Starts the server and enters everybody.
  static absl::StatusOr<std::unique_ptr<Session>> Open(const Options& options);

  static constexpr int64_t kFew = 3;  // What each of the hundred is granted.
  static constexpr size_t kHundred = 100;

  // One after the other, in a closed loop. Answers are counted for CheckLimits.
  load::LoadReport Empty(load::LoadOptions options);
  load::LoadReport Unary(load::LoadOptions options, const Extras& extras = {});
  load::LoadReport Stream(load::LoadOptions options, int batch);
  load::LoadReport HotKey(load::LoadOptions options, int round);
  // Everybody asks for the hundred of this round.
  load::LoadReport Race(load::LoadOptions options, int round);
  // Each of a crowd is called once, one by one or in batches.
  load::LoadReport LawUnary(load::LoadOptions options);
  load::LoadReport LawStream(load::LoadOptions options, int batch);
  static constexpr int kLawPasses = 4;

  // Puts a rule pack into force, or ends it.
  absl::Status PutRules(const std::string& pack);
  absl::Status RetireRules(const std::string& pack);

  // The first consumer about whom nothing has been entered.
  size_t first_unknown() const { return allowed_.size(); }
  const load::Population& people() const { return *people_; }
  const std::string& address() const { return server_->address(); }
  // The C2SP verifier key of the consumers' journal.
  absl::StatusOr<std::string> JournalKey() const;
  uint64_t ServerMemoryPeak() const { return server_->MemoryPeak(); }
  // SIGKILL and a new start: how long until it serves.
  absl::StatusOr<absl::Duration> KillAndStart();
  const std::string& folder() const { return options_.folder; }
  absl::Duration ServerCpu() const { return server_->CpuTime(); }
  // Until the server does nothing any more of its own accord, such as reading consumers into
  // memory: how long that took. DeadlineExceeded when it does not come to an end.
  absl::StatusOr<absl::Duration> AwaitQuiet() const;
  // Stops the server, reads what it wrote, and starts another one on the same ledger.
  absl::StatusOr<Writes> Restart(const Front& front = Bare());
  absl::Status Stop() { return server_->Stop(absl::Seconds(60)); }
  // Stops the server, and starts another one when `work` is done.
  absl::Status WhileStopped(const std::function<absl::Status()>& work);

  // How many consumers were allowed more contacts than granted, by all the answers there were.
  uint64_t OverLimit() const;
  // How many of the hundreds were allowed fewer: 0 once a race has gone on for long enough.
  uint64_t UnderLimit() const;
  uint64_t decisions() const { return decisions_; }
  // How many calls were denied to those whom law allows to be called.
  uint64_t LawDenied() const;

 private:
  explicit Session(const Options& options);

  absl::Status StartServer();
  absl::Status Admit();
  size_t HotConsumer(int round) const { return first_extra_ + round * (kHundred + 1); }
  bool IsOfAHundred(size_t consumer) const;
  int64_t GrantedTo(size_t consumer) const;
  load::LoadReport UnaryTo(load::LoadOptions options, const Crowd& crowd,
                           const Extras& extras = {});
  load::LoadReport StreamTo(load::LoadOptions options, const Crowd& crowd, int batch);
  void Note(size_t consumer, const v1::Decision& decision);

  const Options options_;
  const size_t first_extra_;
  const size_t first_law_;
  Front front_ = Bare();
  std::unique_ptr<load::ServerProcess> server_;
  std::optional<load::Population> people_;
  std::vector<std::atomic<int64_t>> allowed_;  // By consumer.
  std::atomic<uint64_t> decisions_{0};
  uint64_t loads_ = 0;  // Makes request ids unique.
};

}  // namespace consent::bench

#endif  // CONSENT_BENCH_SESSION_H_
