// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/tls_server.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <climits>
#include <utility>

#include "absl/status/status.h"
#include "src/base/status_macros.h"
#include "src/crypto/certificate.h"
#include "src/crypto/require.h"
#include "src/crypto/secret.h"

namespace consent::crypto {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr size_t kKeyBytesMax = 64 * 1024;
constexpr int kClientChainMax = 5;

// The reason without what OpenSSL would add to it.
absl::Status Fault(const char* expected) {
  ERR_clear_error();
  return absl::InvalidArgumentError(expected);
}

Bio Open(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

X509Certificate Next(BIO* in) {
  return {PEM_read_bio_X509(in, nullptr, nullptr, nullptr), X509_free};
}

// No key is asked for on a terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

absl::Status UseCertificates(SSL_CTX* context, const std::string& pem) {
  RETURN_IF_ERROR(ParseCertificates(pem).status());
  const Bio in = Open(pem);
  const X509Certificate own = Next(in.get());
  if (own == nullptr || SSL_CTX_use_certificate(context, own.get()) != 1) {
    return Fault("expected a certificate that a server can use");
  }
  while (const X509Certificate next = Next(in.get())) {
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) {
      return Fault("expected certificates that continue the first");
    }
  }
  ERR_clear_error();
  return absl::OkStatus();
}

absl::Status UseKey(SSL_CTX* context, const std::string& pem) {
  if (pem.size() > kKeyBytesMax) return Fault("expected a private key, found a longer file");
  const Bio in = Open(pem);
  const Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, NoPassphrase, nullptr), EVP_PKEY_free);
  if (key == nullptr) return Fault("expected a private key in PEM form, without a passphrase");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return Fault("expected the private key of the first certificate, found another key");
  }
  return absl::OkStatus();
}

absl::Status UseAuthorities(SSL_CTX* context, const std::string& pem) {
  RETURN_IF_ERROR(ParseCertificates(pem).status());
  const Bio in = Open(pem);
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  while (const X509Certificate next = Next(in.get())) {
    if (X509_STORE_add_cert(store, next.get()) != 1 ||
        SSL_CTX_add_client_CA(context, next.get()) != 1) {
      return Fault("expected authorities that can be used");
    }
  }
  ERR_clear_error();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_verify_depth(context, kClientChainMax);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const TlsServer>> TlsServer::Make(TlsTexts texts) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  Require(context != nullptr && SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1 &&
              SSL_CTX_set_num_tickets(context.get(), 0) == 1,
          "TLS 1.3 is not available");
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  RETURN_IF_ERROR(UseCertificates(context.get(), texts.certificates));
  RETURN_IF_ERROR(UseKey(context.get(), texts.key));
  if (!texts.client_ca.empty()) RETURN_IF_ERROR(UseAuthorities(context.get(), texts.client_ca));
  return std::shared_ptr<const TlsServer>(new TlsServer(std::move(texts), context));
}

TlsServer::TlsServer(TlsTexts texts, std::shared_ptr<ssl_ctx_st> context)
    : texts_(std::move(texts)), context_(std::move(context)) {}

TlsServer::~TlsServer() { Wipe(texts_.key); }

std::unique_ptr<TlsSession> TlsServer::NewSession() const {
  std::shared_ptr<SSL> session(SSL_new(context_.get()), SSL_free);
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  Require(session != nullptr && in != nullptr && out != nullptr, "no memory for a connection");
  BIO_set_mem_eof_return(in, -1);
  SSL_set_bio(session.get(), in, out);
  SSL_set_accept_state(session.get());
  return std::unique_ptr<TlsSession>(new TlsSession(std::move(session)));
}

TlsSession::~TlsSession() = default;

void TlsSession::Receive(std::string_view bytes) {
  const int size = static_cast<int>(bytes.size());
  Require(bytes.size() <= INT_MAX &&
              BIO_write(SSL_get_rbio(session_.get()), bytes.data(), size) == size,
          "no memory for what a connection received");
}

std::string TlsSession::Send() {
  BIO* const out = SSL_get_wbio(session_.get());
  std::string bytes(BIO_ctrl_pending(out), '\0');
  if (!bytes.empty()) BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

ssize_t TlsSession::Read(char* to, size_t size) {
  ERR_clear_error();
  size_t read = 0;
  const int done = SSL_read_ex(session_.get(), to, size, &read);
  if (done == 1) return static_cast<ssize_t>(read);
  const bool later = SSL_get_error(session_.get(), done) == SSL_ERROR_WANT_READ;
  ERR_clear_error();
  return later ? 0 : -1;
}

bool TlsSession::Write(std::string_view plaintext) {
  if (plaintext.empty()) return true;
  ERR_clear_error();
  size_t written = 0;
  const bool done =
      SSL_is_init_finished(session_.get()) == 1 &&
      SSL_write_ex(session_.get(), plaintext.data(), plaintext.size(), &written) == 1 &&
      written == plaintext.size();
  ERR_clear_error();
  return done;
}

void TlsSession::Close() {
  if (SSL_is_init_finished(session_.get()) == 1) SSL_shutdown(session_.get());
  ERR_clear_error();
}

std::string TlsSession::PeerCertificate() const {
  if (SSL_is_init_finished(session_.get()) != 1) return "";
  X509* const peer = SSL_get0_peer_certificate(session_.get());
  if (peer == nullptr) return "";
  const Bio out(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(out.get(), peer);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return size > 0 ? std::string(text, static_cast<size_t>(size)) : "";
}

std::shared_ptr<const TlsServer> CurrentTls::Get() const {
  MutexLock lock(&mutex_);
  return now_;
}

void CurrentTls::Replace(std::shared_ptr<const TlsServer> next) {
  MutexLock lock(&mutex_);
  now_ = std::move(next);
}

}  // namespace consent::crypto
