// SPDX-License-Identifier: Apache-2.0

#include "src/consent/record_row.h"

#include <cstdint>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "src/base/codec.h"

namespace consent::core {
namespace {

// What is appended for an event. `company` counts from 1; 0: no contact came.
void Append(std::string& row, TreeSize seen, const Event& event, const Record& record,
            uint64_t company) {
  std::string part;
  Writer writer(part);
  writer(seen);
  writer.Varint(event.position.value - seen.value);
  writer(event.at);
  writer.Varint(company);
  if (company > 0) record.companies[company - 1].contacts.WriteLast(writer);
  Writer whole(row);
  whole(part);
}

// Takes one part into the record; returns whether it is one.
bool TakeIn(Record& record, std::string_view part) {
  Reader reader(part);
  TreeSize seen;
  Instant at;
  reader(seen);
  const LeafIndex position{seen.value + reader.Varint()};
  reader(at);
  if (!reader.ok() || position.value < seen.value) return false;
  // Appended before.
  if (position.value < record.seen.value) return true;
  if (seen != record.seen) return false;
  Count(record, position, at);
  const uint64_t company = reader.Varint();
  if (company > record.companies.size()) return false;
  if (company > 0) record.companies[company - 1].contacts.ReadNext(position, at, reader);
  return reader.ok() && reader.remaining() == 0;
}

}  // namespace

void EvolveRow(Record& record, std::string& row, const Event& event, Retention retention) {
  const TreeSize seen = record.seen;
  const Effect effect = Evolve(record, event, retention);
  if (effect == Effect::kNone || row.empty()) return;
  if (effect == Effect::kOther) return row.clear();
  uint64_t company = 0;
  if (effect == Effect::kContact) {
    const CompanyRecord* const between = record.Find(std::get<Decided>(event.body).request.company);
    company = static_cast<uint64_t>(between - record.companies.data()) + 1;
  }
  Append(row, seen, event, record, company);
}

std::string NewRow(const Record& record) { return Encode(record); }

absl::StatusOr<Record> DecodeRow(std::string_view row) {
  Reader reader(row);
  Record record;
  reader(record);
  while (reader.ok() && reader.remaining() > 0) {
    if (!TakeIn(record, reader.Raw(reader.Varint()))) reader.Fail();
  }
  if (!reader.ok()) return absl::InvalidArgumentError("a malformed or truncated record");
  return record;
}

}  // namespace consent::core
