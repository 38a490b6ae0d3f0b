// SPDX-License-Identifier: Apache-2.0

#include "src/directory/directory_event.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"

namespace consent::directory {
namespace {

template <class Event>
absl::StatusOr<DirectoryEvent> DecodeAs(std::string_view bytes) {
  ASSIGN_OR_RETURN(Event event, Decode<Event>(bytes));
  return DirectoryEvent(std::move(event));
}

// Looks through the events for the one of this kind.
template <size_t kIndex = 0>
absl::StatusOr<DirectoryEvent> DecodeKind(const journal::Entry& entry, std::string_view bytes) {
  if constexpr (kIndex < std::variant_size_v<DirectoryEvent>) {
    using Event = std::variant_alternative_t<kIndex, DirectoryEvent>;
    if (entry.kind == static_cast<uint8_t>(Event::kKind)) return DecodeAs<Event>(bytes);
    return DecodeKind<kIndex + 1>(entry, bytes);
  } else {
    return absl::DataLossError(
        absl::StrCat("directory leaf ", entry.position.value, ": unknown kind ", entry.kind));
  }
}

}  // namespace

bool IsPartyId(std::string_view id) {
  return !id.empty() && id.size() <= kPartyIdBytesMax &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '_' ||
                  c == '-';
         });
}

journal::Parts ToParts(const DirectoryEvent& event) {
  return {.contact = {},
          .company = std::visit([](const auto& concrete) { return Encode(concrete); }, event),
          .ledger = {}};
}

absl::StatusOr<DirectoryEvent> ToDirectoryEvent(const journal::Entry& entry,
                                                const journal::Parts& parts) {
  return DecodeKind(entry, parts.company);
}

}  // namespace consent::directory
