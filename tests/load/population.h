// SPDX-License-Identifier: Apache-2.0
//
// Population: a company, a registrar and any number of consumers, for load. Everything goes over
// the wire, as an app, a registrar's back end and an operator's tool would send it.
//
// Consumers have numbers. The first 20,000 have telephone numbers from the ranges reserved for
// fiction, the others addresses at example.org. A consumer's key follows from the number; the
// others share a thousand of them, which spares a load of millions the making.
//
// Threads: all methods from any thread, once Found has returned.

#ifndef CONSENT_LOAD_POPULATION_H_
#define CONSENT_LOAD_POPULATION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/security/credentials.h"
#include "src/crypto/private_key.h"

namespace consent::load {

inline constexpr char kCompany[] = "acme";
inline constexpr size_t kTelephonesMax = 20'000;

// "tel:+33639980001", "mailto:consumer20001@example.org".
std::string ContactPointOf(size_t consumer);

// What a consumer grants: at most `max` calls, and at most `max` calls and SMS together.
struct Terms {
  int64_t max = 1;
  v1::Period period = v1::PERIOD_LIFETIME;
  bool any_hour = false;  // Lifts the hours of law.
};

// A statement, and the key that it was signed with.
struct Spoken {
  v1::SignedStatement statement;
  crypto::PublicKey key;
};

// A connection of its own, shared with no other channel. Without credentials: unencrypted.
std::shared_ptr<grpc::Channel> Connect(
    const std::string& address,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials = nullptr);

// Enters a company into the directory.
absl::Status PutCompany(const std::shared_ptr<grpc::Channel>& channel, const std::string& id);

class Population {
 public:
  // Enters company and registrar, with new keys, into the directory of the ledger at `channel`.
  static absl::StatusOr<Population> Found(const std::shared_ptr<grpc::Channel>& channel);

  // The ledger's origin.
  const std::string& origin() const { return origin_; }

  // Signed now; each call makes another statement.
  v1::SignedStatement Binding(size_t consumer) const;
  v1::SignedStatement Grant(size_t consumer, const Terms& terms) const;
  v1::SignedStatement Revocation(size_t consumer) const;
  // The consumer's order to be erased.
  v1::SignedStatement Erasure(size_t consumer) const;

  // Binding and grant of a consumer, at less cost than both alone.
  std::vector<Spoken> Entry(size_t consumer, const Terms& terms) const;

  // A statement about the consumer, still without a body; and any such, signed by them.
  v1::Statement About(size_t consumer) const;
  v1::SignedStatement Signed(const v1::Statement& statement, size_t consumer) const;

  // Binds the consumers `first` to `first + count - 1` and records their grants, in batches.
  absl::Status Admit(const std::shared_ptr<grpc::Channel>& channel, size_t first, size_t count,
                     const Terms& terms) const;

 private:
  Population(std::string origin, crypto::PrivateKey registrar)
      : origin_(std::move(origin)), registrar_(std::move(registrar)) {}

  std::string origin_;
  crypto::PrivateKey registrar_;
};

}  // namespace consent::load

#endif  // CONSENT_LOAD_POPULATION_H_
