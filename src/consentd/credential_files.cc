// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/credential_files.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "src/access/token.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/certificate.h"
#include "src/crypto/hash.h"
#include "src/crypto/jwk_set.h"
#include "src/crypto/secret.h"

namespace consent::consentd {
namespace {

constexpr absl::Duration kLookEvery = absl::Seconds(1);
// What others may not do with a key: its group may read it, which is how secrets are mounted.
constexpr mode_t kForbiddenMode = 0027;

absl::Status Wrong(std::string_view setting, const std::string& path, const std::string& message) {
  return absl::InvalidArgumentError(absl::StrCat(std::string(setting), ": ", path, ": ", message));
}

absl::StatusOr<std::string> Read(std::string_view setting, const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path, crypto::kCertificatesBytesMax);
  if (text.ok()) return text;
  // The path is in the message already.
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(setting), ": ", std::string(text.status().message())));
}

absl::Status CheckKeyMode(const std::string& path) {
  struct stat about;
  if (stat(path.c_str(), &about) != 0) {
    return Wrong("tls-key", path, std::strerror(errno));
  }
  if (!S_ISREG(about.st_mode))
    return Wrong("tls-key", path, "expected a file, found another thing");
  if ((about.st_mode & kForbiddenMode) == 0) return absl::OkStatus();
  return Wrong("tls-key", path,
               absl::StrFormat("expected mode 0600 or 0640, found %04o: others can read or replace "
                               "the key; chmod 600 it",
                               about.st_mode & 07777));
}

std::string Day(int64_t unix_seconds) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(unix_seconds),
                          absl::UTCTimeZone());
}

absl::Status CheckTime(const std::string& path, const crypto::Certificate& certificate,
                       int64_t now) {
  if (now < certificate.not_before) {
    return Wrong("tls-cert", path,
                 absl::StrCat("expected a certificate that is valid now, found one from ",
                              Day(certificate.not_before), " UTC on"));
  }
  if (now > certificate.not_after) {
    return Wrong("tls-cert", path,
                 absl::StrCat("expected a certificate that is valid now, found one until ",
                              Day(certificate.not_after), " UTC"));
  }
  return absl::OkStatus();
}

}  // namespace

CredentialFiles::CredentialFiles(const Config& config, const Clock& clock, Report report)
    : config_(config), clock_(clock), report_(std::move(report)), credentials_(clock) {}

absl::StatusOr<std::unique_ptr<CredentialFiles>> CredentialFiles::Open(const Config& config,
                                                                       const Clock& clock,
                                                                       Report report) {
  auto files =
      std::unique_ptr<CredentialFiles>(new CredentialFiles(config, clock, std::move(report)));
  files->groups_.push_back(
      {.name = "certificate",
       .take = [raw = files.get()](const std::string& in_use, std::string* fingerprint) {
         return raw->TakeTls(in_use, fingerprint);
       }});
  if (!config.jwks.empty()) {
    files->groups_.push_back(
        {.name = "token keys",
         .take = [raw = files.get()](const std::string& in_use, std::string* fingerprint) {
           return raw->TakeKeySet(in_use, fingerprint);
         }});
  }
  for (Group& group : files->groups_) {
    RETURN_IF_ERROR(group.take("", &group.in_use));
  }
  files->worker_ = files->threads_.Start("credential files", [raw = files.get()](Call call) {
    if (call == Call::kFinish) return Rest::Ended();
    for (Group& group : raw->groups_) raw->LookAgain(group);
    return Rest::AtMost(kLookEvery);
  });
  return files;
}

CredentialFiles::~CredentialFiles() {
  if (worker_ != nullptr) worker_->Finish();
}

void CredentialFiles::LookAgain(Group& group) {
  std::string fingerprint;
  const absl::Status status = group.take(group.in_use, &fingerprint);
  if (status.ok()) {
    if (fingerprint != group.in_use) report_(group.name, status);
    group.in_use = std::move(fingerprint);
    group.refused.clear();
    return;
  }
  if (fingerprint != group.refused) {
    group.refused = std::move(fingerprint);
    group.reported = false;
  } else if (!std::exchange(group.reported, true)) {
    report_(group.name, status);
  }
}

absl::Status CredentialFiles::TakeKeySet(const std::string& in_use, std::string* fingerprint) {
  *fingerprint = "unreadable";
  ASSIGN_OR_RETURN(const std::string text, Read("jwks", config_.jwks));
  *fingerprint = crypto::Sha256({text}).str();
  if (*fingerprint == in_use) return absl::OkStatus();
  absl::StatusOr<crypto::JwkSet> keys = crypto::JwkSet::Parse(text);
  if (!keys.ok()) return Wrong("jwks", config_.jwks, std::string(keys.status().message()));
  token_keys_ = keys->size();
  auto reader = std::make_shared<const access::TokenReader>(
      *std::move(keys),
      access::TokenReader::Options{.issuer = config_.jwt_issuer, .audience = config_.jwt_audience});
  credentials_.BelieveTokens([reader](std::string_view token,
                                      int64_t now_ms) -> absl::StatusOr<api::Visitor> {
    ASSIGN_OR_RETURN(access::TokenReader::Bearer bearer, reader->Read(token, now_ms / 1000));
    return api::Visitor{.caller = std::make_shared<const access::Caller>(std::move(bearer.caller)),
                        .until_ms = bearer.until * 1000};
  });
  return absl::OkStatus();
}

absl::Status CredentialFiles::TakeTls(const std::string& in_use, std::string* fingerprint) {
  *fingerprint = "unreadable";
  crypto::TlsTexts texts;
  ASSIGN_OR_RETURN(texts.certificates, Read("tls-cert", config_.tls_cert));
  RETURN_IF_ERROR(CheckKeyMode(config_.tls_key));
  ASSIGN_OR_RETURN(texts.key, Read("tls-key", config_.tls_key));
  if (!config_.tls_client_ca.empty()) {
    ASSIGN_OR_RETURN(texts.client_ca, Read("tls-client-ca", config_.tls_client_ca));
  }
  *fingerprint = crypto::Sha256({texts.certificates, "\n", texts.key, "\n", texts.client_ca}).str();
  if (*fingerprint == in_use) {
    crypto::Wipe(texts.key);
    return absl::OkStatus();
  }
  const auto own = crypto::ParseCertificates(texts.certificates);
  if (!own.ok()) {
    return Wrong("tls-cert", config_.tls_cert, std::string(own.status().message()));
  }
  RETURN_IF_ERROR(CheckTime(config_.tls_cert, own->front(), clock_.WallMillis() / 1000));
  if (!texts.client_ca.empty()) {
    const auto authorities = crypto::ParseCertificates(texts.client_ca);
    if (!authorities.ok()) {
      return Wrong("tls-client-ca", config_.tls_client_ca,
                   std::string(authorities.status().message()));
    }
  } else if (!config_.tls_client_ca.empty()) {
    return Wrong("tls-client-ca", config_.tls_client_ca, "expected certificates, found nothing");
  }
  auto server = crypto::TlsServer::Make(std::move(texts));
  // What is left to be wrong is the key, or how the key and the certificate go together.
  if (!server.ok())
    return Wrong("tls-key", config_.tls_key, std::string(server.status().message()));
  certificate_until_ = own->front().not_after;
  if (tls_ == nullptr) {
    tls_ = std::make_unique<crypto::CurrentTls>(*std::move(server));
  } else {
    tls_->Replace(*std::move(server));
  }
  return absl::OkStatus();
}

}  // namespace consent::consentd
