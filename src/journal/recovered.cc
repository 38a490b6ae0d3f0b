// SPDX-License-Identifier: Apache-2.0

#include "src/journal/recovered.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/journal/event_parts.h"

namespace consent::journal {

Entry StageRecovered(Journal& journal, const core::Recovered& recovered, Instant at,
                     TreeSize directory_size) {
  const Parts parts = ToParts(recovered, /*contact_point=*/{});
  Entry entry;
  entry.kind = static_cast<uint8_t>(core::Kind::kRecovered);
  entry.position = journal.next();
  entry.at = at;
  entry.directory_size = directory_size;
  entry.commitment = Commit(Salts{}, parts);
  journal.Stage(entry, PlainOpening(parts));
  return entry;
}

absl::StatusOr<core::Recovered> OpenRecovered(const Entry& entry, std::string_view opening) {
  ASSIGN_OR_RETURN(const Parts parts, OpenPlain(entry, opening));
  ASSIGN_OR_RETURN(core::Event event, ToEvent(entry, parts));
  auto* const recovered = std::get_if<core::Recovered>(&event.body);
  if (recovered == nullptr || !parts.contact.empty()) {
    return absl::DataLossError(
        absl::StrCat("leaf ", entry.position.value, ": is no entry of a recovery"));
  }
  return std::move(*recovered);
}

}  // namespace consent::journal
