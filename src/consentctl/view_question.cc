// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/view_question.h"

#include <deque>
#include <utility>

#include "src/base/status_macros.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/signing.h"

namespace consent::ctl {
namespace {

constexpr int kHistoryPage = 1'000;  // What one answer holds at most.

}  // namespace

ViewQuestion::ViewQuestion(Connection connection, crypto::PrivateKey key, std::string contact,
                           std::string audience)
    : connection_(std::move(connection)),
      key_(std::move(key)),
      contact_(std::move(contact)),
      audience_(std::move(audience)) {}

absl::StatusOr<ViewQuestion> ViewQuestion::Make(const Session& session, const std::string& contact,
                                                const std::string& key_file,
                                                const std::string& audience) {
  ASSIGN_OR_RETURN(crypto::PrivateKey key, ReadPrivateKey(key_file));
  ASSIGN_OR_RETURN(Connection connection, Connection::To(session));
  std::string origin = audience;
  if (origin.empty()) {
    ASSIGN_OR_RETURN(origin, connection.Origin());
  }
  return ViewQuestion(std::move(connection), std::move(key), contact, std::move(origin));
}

absl::StatusOr<v1::ConsumerView> ViewQuestion::Ask(uint64_t history_from, int history_max) const {
  v1::Statement body;
  body.mutable_view_request()->set_history_from(history_from);
  body.mutable_view_request()->set_history_max(history_max);
  v1::GetConsumerViewRequest request;
  ASSIGN_OR_RETURN(*request.mutable_request(), SignFor(contact_, audience_, key_, body));
  ASSIGN_OR_RETURN(
      const v1::GetConsumerViewResponse response,
      connection_.Call(connection_.grants(), &v1::GrantService::Stub::GetConsumerView, request));
  return response.view();
}

absl::StatusOr<v1::ConsumerView> ViewQuestion::AskForLast(size_t count) const {
  if (count == 0) return Ask(0, 0);
  ASSIGN_OR_RETURN(v1::ConsumerView view, Ask(0, kHistoryPage));
  std::deque<v1::HistoryEntry> last(view.history().begin(), view.history().end());
  while (view.has_next_history_from()) {
    ASSIGN_OR_RETURN(view, Ask(view.next_history_from(), kHistoryPage));
    last.insert(last.end(), view.history().begin(), view.history().end());
    while (last.size() > count) last.pop_front();
  }
  while (last.size() > count) last.pop_front();
  *view.mutable_history() = {last.begin(), last.end()};
  return view;
}

}  // namespace consent::ctl
