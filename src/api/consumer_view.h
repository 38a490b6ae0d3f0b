// SPDX-License-Identifier: Apache-2.0
//
// What a consumer is shown: grants and what is left of them, contracts, callbacks, preferences,
// blocks, lists, and every entry about them, with the true reasons. Never what lies before a change
// of holder.

#ifndef CONSENT_API_CONSUMER_VIEW_H_
#define CONSENT_API_CONSUMER_VIEW_H_

#include "absl/status/status.h"
#include "consent/v1/grant_service.pb.h"
#include "consent/v1/statement.pb.h"
#include "src/api/context.h"
#include "src/ledger/command.h"

namespace consent::api {

inline constexpr int kHistoryMax = 1000;

// Reads the shard's journal from `wanted.history_from` on, so it takes time in proportion to the
// journal's length: not for a committer's thread.
absl::Status EncodeView(const Context& context, ShardId shard, const ledger::ConsumerView& view,
                        const v1::ViewRequest& wanted, v1::ConsumerView* out);

}  // namespace consent::api

#endif  // CONSENT_API_CONSUMER_VIEW_H_
