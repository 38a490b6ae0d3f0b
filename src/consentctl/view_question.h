// SPDX-License-Identifier: Apache-2.0
//
// ViewQuestion: asks a ledger, with a consumer's own key, what it knows of them. Each question is
// signed anew, for it is answered only once.

#ifndef CONSENT_CONSENTCTL_VIEW_QUESTION_H_
#define CONSENT_CONSENTCTL_VIEW_QUESTION_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "src/consentctl/connection.h"
#include "src/crypto/private_key.h"

namespace consent::ctl {

class ViewQuestion {
 public:
  // `contact` as typed, `key_file` with the consumer's private key. An empty `audience`: the server
  // is asked for the ledger's origin. BadInput for a key that cannot be used.
  static absl::StatusOr<ViewQuestion> Make(const Session& session, const std::string& contact,
                                           const std::string& key_file,
                                           const std::string& audience);

  // The view with at most `history_max` (0 to 1,000) entries of the history from a position on.
  absl::StatusOr<v1::ConsumerView> Ask(uint64_t history_from, int history_max) const;
  // The view with the last `count` entries of the history: reads all of it, page by page.
  absl::StatusOr<v1::ConsumerView> AskForLast(size_t count) const;

  const Connection& connection() const { return connection_; }

 private:
  ViewQuestion(Connection connection, crypto::PrivateKey key, std::string contact,
               std::string audience);

  Connection connection_;
  crypto::PrivateKey key_;
  std::string contact_;
  std::string audience_;
};

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_VIEW_QUESTION_H_
