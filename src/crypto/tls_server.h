// SPDX-License-Identifier: Apache-2.0
//
// TlsServer: who a server is on the network: its certificate, its key, and whose clients it knows.
// TlsSession: the server's end of one TLS 1.3 connection, as bytes in and bytes out, without
// sockets. CurrentTls: a TlsServer that may be replaced while it is in use.
//
// Only TLS 1.3, without early data and without resumption, so that a certificate or an authority
// that was taken away is asked for again by every new connection. A client's certificate is asked
// for where there are authorities; a client may give none, but not a false one.
//
// Threads: TlsServer is immutable and CurrentTls safe from any thread; a session is its owner's.

#ifndef CONSENT_CRYPTO_TLS_SERVER_H_
#define CONSENT_CRYPTO_TLS_SERVER_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "src/base/mutex.h"

// OpenSSL's, kept out of this header.
struct ssl_ctx_st;
struct ssl_st;

namespace consent::crypto {

// PEM texts.
struct TlsTexts {
  std::string certificates = {};  // The server's own first, then those between it and a root.
  std::string key = {};           // Of the first certificate. Secret.
  std::string client_ca = {};     // Whose client certificates are believed; empty: nobody's.
};

class TlsSession;

class TlsServer {
 public:
  // InvalidArgument, without a word of the key, where the certificates, the key or the authorities
  // cannot be read or the key is not that of the first certificate.
  static absl::StatusOr<std::shared_ptr<const TlsServer>> Make(TlsTexts texts);
  ~TlsServer();

  const TlsTexts& texts() const { return texts_; }
  std::unique_ptr<TlsSession> NewSession() const;

 private:
  TlsServer(TlsTexts texts, std::shared_ptr<ssl_ctx_st> context);

  TlsTexts texts_;
  std::shared_ptr<ssl_ctx_st> context_;
};

class TlsSession {
 public:
  ~TlsSession();

  // Bytes that came from the client.
  void Receive(std::string_view bytes);
  // Bytes to send to the client, each once. To be called after every other function here.
  std::string Send();

  // Plaintext: how many bytes; 0 where more must be received first; -1 when the client has ended
  // or the connection is broken. Shakes hands as needed.
  ssize_t Read(char* to, size_t size);
  // False when the connection is broken, or no hands were shaken yet.
  bool Write(std::string_view plaintext);
  // Says that nothing follows.
  void Close();

  // The client's own certificate as PEM, verified; empty before the handshake, or if it gave none.
  std::string PeerCertificate() const;

 private:
  friend class TlsServer;
  explicit TlsSession(std::shared_ptr<ssl_st> session) : session_(std::move(session)) {}

  std::shared_ptr<ssl_st> session_;
};

class CurrentTls {
 public:
  explicit CurrentTls(std::shared_ptr<const TlsServer> first) : now_(std::move(first)) {}
  std::shared_ptr<const TlsServer> Get() const;
  // Connections that are made from now on take this one; those that stand go on.
  void Replace(std::shared_ptr<const TlsServer> next);

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const TlsServer> now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_TLS_SERVER_H_
