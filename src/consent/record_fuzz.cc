// SPDX-License-Identifier: Apache-2.0
//
// Decodes any bytes as a record and as a record's row: what is accepted as the first is canonical,
// as the second says what a row made anew would say, and the ids can be read alone.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/base/codec.h"
#include "src/consent/record.h"
#include "src/consent/record_row.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto record = consent::Decode<consent::core::Record>(bytes);
  if (record.ok() && consent::Encode(*record) != bytes) std::abort();
  const auto contact_ids = consent::core::Record::ContactIdsOf(bytes);
  if (record.ok() && contact_ids != record->contact_ids) std::abort();
  const auto row = consent::core::DecodeRow(bytes);
  if (record.ok() && (!row.ok() || *row != *record)) std::abort();
  if (row.ok() && consent::core::DecodeRow(consent::core::NewRow(*row)).value() != *row) {
    std::abort();
  }
  if (row.ok() && contact_ids != row->contact_ids) std::abort();
  return 0;
}
