// SPDX-License-Identifier: Apache-2.0
//
// The table as people read it: one line a method, one column a role.
//
// Threads: safe from any thread.

#ifndef CONSENT_ACCESS_MATRIX_H_
#define CONSENT_ACCESS_MATRIX_H_

#include <string>

#include "src/access/table.h"

namespace consent::access {

// Markdown. A cell says about whose data the role may call the method; empty: it may not.
std::string ToMarkdown(const Table& table);

}  // namespace consent::access

#endif  // CONSENT_ACCESS_MATRIX_H_
