// SPDX-License-Identifier: Apache-2.0
//
// The server's end of TLS, against a client of OpenSSL's in memory. Over sockets, with clients that
// others made: tests/access/.

#include "src/crypto/tls_server.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::crypto {
namespace {

using ::testing::HasSubstr;

struct Pair {
  std::string certificate;
  std::string key;
};

std::string TextOf(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string read(text, static_cast<size_t>(size));
  BIO_free(bio);
  return read;
}

// A certificate that vouches for itself.
Pair MakePair() {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_set_version(certificate, 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("one"), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  BIO* const certificate_text = BIO_new(BIO_s_mem());
  BIO* const key_text = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(certificate_text, certificate);
  PEM_write_bio_PrivateKey(key_text, key, nullptr, nullptr, 0, nullptr, nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return {TextOf(certificate_text), TextOf(key_text)};
}

class Client {
 public:
  explicit Client(int version) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_max_proto_version(context_, version);
    ssl_ = SSL_new(context_);
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_);
  }
  ~Client() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }

  // Whether hands are shaken, once all that either side has to say was said.
  bool Meet(TlsSession& server) {
    for (int i = 0; i < 6; ++i) {
      SSL_do_handshake(ssl_);
      Carry(server);
      char byte = 0;
      if (SSL_is_init_finished(ssl_) != 1) server_read_ = server.Read(&byte, 1);
      Carry(server);
    }
    return SSL_is_init_finished(ssl_) == 1 && server_read_ >= 0;
  }
  void Say(const std::string& text, TlsSession& server) {
    SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
    Carry(server);
  }
  std::string Hear() {
    std::string text(100, '\0');
    const int size = SSL_read(ssl_, text.data(), 100);
    return text.substr(0, size > 0 ? static_cast<size_t>(size) : 0);
  }
  void Carry(TlsSession& server) {
    std::string out(BIO_ctrl_pending(SSL_get_wbio(ssl_)), '\0');
    if (!out.empty()) {
      BIO_read(SSL_get_wbio(ssl_), out.data(), static_cast<int>(out.size()));
      server.Receive(out);
    }
    const std::string in = server.Send();
    if (!in.empty()) BIO_write(SSL_get_rbio(ssl_), in.data(), static_cast<int>(in.size()));
  }

 private:
  SSL_CTX* const context_;
  SSL* ssl_ = nullptr;
  ssize_t server_read_ = 0;
};

TEST(TlsServerTest, WhatOneSideSaysTheOtherHears) {
  const Pair pair = MakePair();
  ASSERT_OK_AND_ASSIGN(const auto server,
                       TlsServer::Make({.certificates = pair.certificate, .key = pair.key}));
  const auto session = server->NewSession();
  Client client(TLS1_3_VERSION);
  EXPECT_FALSE(session->Write("too early"));
  ASSERT_TRUE(client.Meet(*session));
  client.Say("question", *session);
  char heard[100];
  ASSERT_EQ(session->Read(heard, sizeof heard), 8);
  EXPECT_EQ(std::string(heard, 8), "question");
  EXPECT_EQ(session->Read(heard, sizeof heard), 0) << "nothing more has come yet";
  ASSERT_TRUE(session->Write("answer"));
  client.Carry(*session);
  EXPECT_EQ(client.Hear(), "answer");
  EXPECT_EQ(session->PeerCertificate(), "");
}

TEST(TlsServerTest, NothingOlderThanTls13IsSpoken) {
  const Pair pair = MakePair();
  ASSERT_OK_AND_ASSIGN(const auto server,
                       TlsServer::Make({.certificates = pair.certificate, .key = pair.key}));
  const auto session = server->NewSession();
  Client client(TLS1_2_VERSION);
  EXPECT_FALSE(client.Meet(*session));
}

TEST(TlsServerTest, WhatIsNoTlsEndsTheConnection) {
  const Pair pair = MakePair();
  ASSERT_OK_AND_ASSIGN(const auto server,
                       TlsServer::Make({.certificates = pair.certificate, .key = pair.key}));
  const auto session = server->NewSession();
  session->Receive("GET / HTTP/1.1\r\n\r\n");
  char heard[10];
  EXPECT_EQ(session->Read(heard, sizeof heard), -1);
}

TEST(TlsServerTest, AKeyOfAnotherCertificateIsRefusedWithoutAWordOfIt) {
  const Pair pair = MakePair();
  const Pair other = MakePair();
  const auto made = TlsServer::Make({.certificates = pair.certificate, .key = other.key});
  EXPECT_THAT(made, StatusIs(absl::StatusCode::kInvalidArgument,
                             HasSubstr("expected the private key of the first certificate")));
  EXPECT_THAT(TlsServer::Make({.certificates = pair.certificate, .key = "x"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("private key in PEM form")));
  EXPECT_THAT(TlsServer::Make({.certificates = "x", .key = pair.key}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("X.509")));
  EXPECT_THAT(
      TlsServer::Make({.certificates = pair.certificate, .key = pair.key, .client_ca = pair.key}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("X.509")));
}

}  // namespace
}  // namespace consent::crypto
