// SPDX-License-Identifier: Apache-2.0
//
// Batches: items that share a header, judged in order in one task.

#ifndef CONSENT_API_BATCH_H_
#define CONSENT_API_BATCH_H_

#include <functional>

#include "absl/status/status.h"
#include "consent/v1/contact_service.pb.h"
#include "google/protobuf/repeated_field.h"
#include "src/api/context.h"

namespace consent::api {

using BatchItems = google::protobuf::RepeatedPtrField<v1::BatchItem>;
using BatchResults = google::protobuf::RepeatedPtrField<v1::BatchResult>;

// Fills `results` with one result an item, in their order, then calls `done`, here, on the
// answerer's thread or on one of bulk.h's. An item that cannot be read gets its error and leaves
// the others alone. An error in `done` is about the batch as a whole: the header, or the number of
// items. `results` must live until then; `header` and `items` only until this returns.
void JudgeBatch(const Context& context, ledger::Lane lane, Way way, const v1::BatchHeader& header,
                const BatchItems& items, BatchResults* results,
                std::function<void(const absl::Status&)> done);

}  // namespace consent::api

#endif  // CONSENT_API_BATCH_H_
