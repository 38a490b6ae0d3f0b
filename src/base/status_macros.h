// SPDX-License-Identifier: Apache-2.0
//
// RETURN_IF_ERROR and ASSIGN_OR_RETURN: early return on a failed absl::Status.
//
//   RETURN_IF_ERROR(store.Commit(batch));
//   ASSIGN_OR_RETURN(const Head head, store.ReadHead(shard));

#ifndef CONSENT_BASE_STATUS_MACROS_H_
#define CONSENT_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define CONSENT_CONCAT_INNER(a, b) a##b
#define CONSENT_CONCAT(a, b) CONSENT_CONCAT_INNER(a, b)

#define RETURN_IF_ERROR(expr)                                               \
  do {                                                                      \
    if (::absl::Status status_or_return = (expr); !status_or_return.ok()) { \
      return status_or_return;                                              \
    }                                                                       \
  } while (false)

#define CONSENT_ASSIGN_OR_RETURN(tmp, lhs, expr) \
  auto tmp = (expr);                             \
  if (!tmp.ok()) return std::move(tmp).status(); \
  lhs = *std::move(tmp)

#define ASSIGN_OR_RETURN(lhs, expr) \
  CONSENT_ASSIGN_OR_RETURN(CONSENT_CONCAT(status_or_, __LINE__), lhs, expr)

#endif  // CONSENT_BASE_STATUS_MACROS_H_
