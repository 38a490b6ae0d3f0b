// SPDX-License-Identifier: Apache-2.0

#include "src/api/credentials.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "grpc/grpc_security_constants.h"
#include "src/base/fault.h"
#include "src/base/peer_address.h"
#include "src/base/status_macros.h"
#include "src/crypto/certificate.h"
#include "src/crypto/hash.h"
#include "src/crypto/random.h"

namespace consent::api {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr char kAuthorization[] = "authorization";
constexpr size_t kDoorKeyBytes = 32;

absl::Status Nobody(std::string_view reason, std::string_view message) {
  return Fault(absl::StatusCode::kUnauthenticated, reason, message);
}

absl::Status NoCredentials() {
  return Nobody("NO_CREDENTIALS",
                "expected a client certificate, or `authorization: Bearer TOKEN`");
}

// The value of a header that is there once. One that is there twice is none: which is meant?
absl::StatusOr<std::string_view> Header(const grpc::CallbackServerContext& call, const char* name) {
  const auto [first, last] = call.client_metadata().equal_range(name);
  if (first == last) return absl::NotFoundError("there is none");
  if (std::next(first) != last) {
    return Nobody("BAD_CREDENTIALS", "expected `authorization` once");
  }
  return std::string_view(first->second.data(), first->second.size());
}

// The verified certificate of the connection; "" where the client gave none.
std::string PeerCertificate(const grpc::CallbackServerContext& call) {
  const std::shared_ptr<const grpc::AuthContext> peer = call.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) return "";
  const std::vector<grpc::string_ref> pem =
      peer->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  return pem.size() == 1 ? std::string(pem[0].data(), pem[0].size()) : "";
}

absl::StatusOr<Visitor> InTime(const Visitor& visitor, int64_t now_ms) {
  if (now_ms < visitor.until_ms) return visitor;
  return Nobody("CREDENTIALS_EXPIRED", "the time of these credentials is over");
}

}  // namespace

absl::StatusOr<Visitor> VisitorOfCertificate(std::string_view pem, int64_t now_ms) {
  const auto certificates = crypto::ParseCertificates(pem);
  if (!certificates.ok()) return Nobody("BAD_CREDENTIALS", "the certificate cannot be read");
  const crypto::Certificate& own = certificates->front();
  const int64_t until_ms = (own.not_after + 1) * 1000;
  if (now_ms < own.not_before * 1000 || now_ms >= until_ms) {
    return Nobody("CREDENTIALS_EXPIRED", "the client certificate is outside of its time");
  }
  std::vector<access::Identity> identities;
  for (const std::string& uri : own.uris) {
    absl::StatusOr<access::Identity> identity = access::ParseIdentityUri(uri);
    if (absl::IsNotFound(identity.status())) continue;
    if (!identity.ok()) return Nobody("BAD_CREDENTIALS", std::string(identity.status().message()));
    identities.push_back(*std::move(identity));
  }
  absl::StatusOr<access::Caller> caller = access::Caller::Of(std::move(identities));
  if (!caller.ok()) {
    return Nobody("BAD_CREDENTIALS",
                  "expected 1 to 32 URIs such as consent:company:acme among the alternative names "
                  "of the client certificate");
  }
  return Visitor{.caller = std::make_shared<const access::Caller>(*std::move(caller)),
                 .until_ms = until_ms};
}

Credentials::Credentials(const Clock& clock)
    : clock_(clock),
      door_key_(crypto::RandomBytes(kDoorKeyBytes)),
      read_certificate_(std::make_shared<const ReadToken>(VisitorOfCertificate)),
      bad_(clock) {}

void Credentials::BelieveTokens(ReadToken read) {
  auto next = read == nullptr ? nullptr : std::make_shared<const ReadToken>(std::move(read));
  MutexLock lock(&mutex_);
  read_token_ = std::move(next);
  ForgetAll();
  ++beliefs_;
}

void Credentials::ForgetAll() {
  if (believed_before_.size() + remembered_.size() > kRememberedMax) believed_before_.clear();
  for (const auto& [name, visitor] : remembered_) believed_before_.insert(name);
  remembered_.clear();
}

absl::StatusOr<Visitor> Credentials::Identify(const grpc::CallbackServerContext& call) {
  // Looked at before: whoever is judged by what is replaced meanwhile is asked again.
  const uint64_t beliefs = beliefs_;
  absl::StatusOr<Visitor> visitor = Read(call);
  if (visitor.ok()) visitor->beliefs = beliefs;
  return visitor;
}

absl::StatusOr<Visitor> Credentials::Read(const grpc::CallbackServerContext& call) {
  std::string certificate;
  std::string address;
  absl::StatusOr<std::string_view> authorization;
  const absl::StatusOr<std::string_view> door = Header(call, kDoorKey);
  if (absl::IsNotFound(door.status())) {
    certificate = PeerCertificate(call);
    authorization = Header(call, kAuthorization);
    if (authorization.ok()) address = AddressOfPeer(call.peer());
  } else {
    // Of a secret of 32 random bytes, guessed once a call, the time of a comparison tells nothing.
    if (!door.ok() || crypto::Sha256({*door}) != crypto::Sha256({door_key_})) {
      return NoCredentials();
    }
    const absl::StatusOr<std::string_view> given = Header(call, kDoorCertificate);
    if (given.ok()) certificate = *given;
    if (const auto from = Header(call, kDoorAddress); from.ok()) address = *from;
    authorization = Header(call, kDoorToken);
  }
  if (!absl::IsNotFound(authorization.status())) {
    RETURN_IF_ERROR(authorization.status());
    return OfAuthorization(*authorization, address);
  }
  return certificate.empty() ? NoCredentials() : OfCertificate(certificate);
}

absl::StatusOr<Visitor> Credentials::OfCertificate(std::string_view pem) {
  return Remembered(pem, read_certificate_, "");
}

absl::StatusOr<Visitor> Credentials::OfAuthorization(std::string_view value,
                                                     const std::string& address) {
  const std::string scheme(value.substr(0, kBearer.size()));
  if (!absl::EqualsIgnoreCase(scheme, std::string(kBearer))) {
    return Nobody("BAD_CREDENTIALS", "authorization: expected `Bearer TOKEN`");
  }
  std::shared_ptr<const ReadToken> read;
  {
    MutexLock lock(&mutex_);
    read = read_token_;
  }
  if (read == nullptr) {
    return Nobody("BAD_CREDENTIALS", "this service believes no tokens, but client certificates");
  }
  return Remembered(value.substr(kBearer.size()), read, address);
}

absl::StatusOr<Visitor> Credentials::Remembered(std::string_view bytes,
                                                const std::shared_ptr<const ReadToken>& read,
                                                const std::string& address) {
  const int64_t now_ms = clock_.WallMillis();
  const bool is_certificate = read == read_certificate_;
  bool is_stranger = false;
  const Digest name = crypto::Sha256({is_certificate ? "certificate\n" : "token\n", bytes});
  {
    MutexLock lock(&mutex_);
    const auto found = remembered_.find(name);
    // Said from memory: whoever goes on with what has run out has not guessed.
    if (found != remembered_.end()) return InTime(found->second, now_ms);
    is_stranger = !is_certificate && !believed_before_.contains(name);
  }
  if (is_stranger) RETURN_IF_ERROR(bad_.MayTry(address));
  absl::StatusOr<Visitor> visitor = (*read)(bytes, now_ms);
  if (!visitor.ok() && !is_certificate) bad_.Failed(address);
  MutexLock lock(&mutex_);
  // What was judged by keys that were replaced meanwhile is not remembered.
  if (!is_certificate && read != read_token_) return visitor;
  believed_before_.erase(name);
  if (!visitor.ok()) return visitor;
  // What strangers send is not remembered, so only those who are believed can fill this.
  if (remembered_.size() >= kRememberedMax) ForgetAll();
  remembered_[name] = *visitor;
  return visitor;
}

}  // namespace consent::api
