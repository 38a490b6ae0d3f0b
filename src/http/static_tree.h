// SPDX-License-Identifier: Apache-2.0
//
// The logs as static files, in the layout of C2SP tlog-tiles.
//
//   /<log>/checkpoint          the signed note; not to be cached
//   /<log>/tile/...            hashes and entry bundles; immutable
//   /<log>/vkey                the keys that verify checkpoints, one a line
//
// and the same without /<log> for the consumers' log. GET and HEAD only.
//
// Bundles are not compressed, as the specification would like: they are hashes and keyed digests,
// which no compression makes smaller.
//
// Threads: as the source.

#ifndef CONSENT_HTTP_STATIC_TREE_H_
#define CONSENT_HTTP_STATIC_TREE_H_

#include "src/http/log_source.h"
#include "src/http/message.h"

namespace consent::http {

// 400 for a path below tile/ that is no tile's, 404 for what there is not, 405 for other methods.
Response ServeTree(LogSource& source, const Request& request);

}  // namespace consent::http

#endif  // CONSENT_HTTP_STATIC_TREE_H_
