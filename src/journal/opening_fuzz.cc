// SPDX-License-Identifier: Apache-2.0
//
// Reads any bytes as the parts of an opening, and those as an event of every kind. What is accepted
// is canonical. Also opens the bytes as an opening, plain and sealed.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/base/codec.h"
#include "src/journal/event_parts.h"
#include "src/journal/opening.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace consent::journal;  // NOLINT: a program of one function.
  static const auto* const sealer =
      new Sealer(*consent::crypto::Secret::FromBytes(std::string(32, 's')));
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Entry entry;
  if (sealer->Open(entry, bytes).ok()) std::abort();  // Nobody can guess a sealed one.
  (void)OpenPlain(entry, bytes);

  const auto parts = consent::Decode<Parts>(bytes);
  if (!parts.ok()) return 0;
  if (consent::Encode(*parts) != bytes) std::abort();
  entry.commitment = Commit(Salts{}, *parts);
  if (!OpenPlain(entry, PlainOpening(*parts)).ok()) std::abort();
  for (int kind = 0; kind < 256; ++kind) {
    entry.kind = static_cast<uint8_t>(kind);
    const auto event = ToEvent(entry, *parts);
    if (event.ok() && !(ToParts(event->body, parts->contact) == *parts)) std::abort();
  }
  return 0;
}
