// SPDX-License-Identifier: Apache-2.0
//
// Identities and tables from anywhere: a word that is read is the one that is written, and a table
// that is read admits nobody who has no role in it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/access/matrix.h"
#include "src/access/table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace access = consent::access;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto identity = access::ParseIdentity(text);
  if (identity.ok() && access::ToString(*identity) != text) std::abort();
  const auto of_uri = access::ParseIdentityUri(text);
  if (of_uri.ok() && "consent:" + access::ToString(*of_uri) != text) std::abort();
  const auto table = access::Table::Parse(text);
  if (!table.ok()) return 0;
  for (const access::Row& row : table->rows()) {
    if (row.rights.empty() || table->Find(row.method) != &row) std::abort();
  }
  if (access::ToMarkdown(*table).empty()) std::abort();
  return 0;
}
