// SPDX-License-Identifier: Apache-2.0
//
// Credentials: who calls, by client certificate or bearer token.
//
// A certificate was verified when its connection was made; here it is read. A token is verified
// here. Either is read once and remembered, by its hash, until it runs out: bytes that were judged
// are not judged again, unless what tokens are believed changes. A call with both is whom its token
// names: a gateway may hold the connection and others speak through it.
//
// From an address that sent many tokens which were not believed no further ones are verified for a
// while (bad_credentials.h), save those that were believed before.
//
// Calls that another port of this process passes on bring what that port saw of the client, behind
// a door key that nobody outside can know.
//
// Threads: safe from any thread.

#ifndef CONSENT_API_CREDENTIALS_H_
#define CONSENT_API_CREDENTIALS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "src/api/authenticator.h"
#include "src/api/bad_credentials.h"
#include "src/base/clock.h"
#include "src/base/ids.h"
#include "src/base/mutex.h"

namespace consent::api {

// Names of the metadata that another port of this process gives with a call.
inline constexpr char kDoorKey[] = "consent-door-bin";
inline constexpr char kDoorCertificate[] = "consent-certificate-bin";  // PEM.
inline constexpr char kDoorToken[] = "consent-authorization-bin";      // As in `authorization`.
inline constexpr char kDoorAddress[] = "consent-address-bin";          // As in peer_address.h.

// Who a verified certificate says that it is. BAD_CREDENTIALS where it names no identity of ours,
// or names one wrongly; CREDENTIALS_EXPIRED outside of its time.
absl::StatusOr<Visitor> VisitorOfCertificate(std::string_view pem, int64_t now_ms);

class Credentials : public Authenticator {
 public:
  // Verifies a token; Unauthenticated with a reason otherwise.
  using ReadToken = std::function<absl::StatusOr<Visitor>(std::string_view token, int64_t now_ms)>;

  static constexpr size_t kRememberedMax = 4096;

  explicit Credentials(const Clock& clock);

  absl::StatusOr<Visitor> Identify(const grpc::CallbackServerContext& call) override;

  uint64_t beliefs() const override { return beliefs_; }

  // From now on tokens are read so; what was read before is forgotten. Null: none is believed.
  void BelieveTokens(ReadToken read);

  // For the port that passes calls on. Random, made at the start.
  const std::string& door_key() const { return door_key_; }

 private:
  absl::StatusOr<Visitor> Read(const grpc::CallbackServerContext& call);
  absl::StatusOr<Visitor> OfCertificate(std::string_view pem);
  absl::StatusOr<Visitor> OfAuthorization(std::string_view value, const std::string& address);
  // What `read` says of these bytes, or said before. `read` is read_certificate_, or what was
  // believed of tokens a moment ago; `address` is where a token came from, empty for certificates.
  absl::StatusOr<Visitor> Remembered(std::string_view bytes,
                                     const std::shared_ptr<const ReadToken>& read,
                                     const std::string& address);
  // What is remembered must be read again, whoever else fails beside it.
  void ForgetAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  const std::string door_key_;
  const std::shared_ptr<const ReadToken> read_certificate_;
  BadCredentials bad_;
  std::atomic<uint64_t> beliefs_{0};  // Changes after read_token_ did.
  Mutex mutex_;
  std::shared_ptr<const ReadToken> read_token_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Digest, Visitor> remembered_ ABSL_GUARDED_BY(mutex_);
  // Of those that were forgotten since; at most kRememberedMax.
  absl::flat_hash_set<Digest> believed_before_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace consent::api

#endif  // CONSENT_API_CREDENTIALS_H_
