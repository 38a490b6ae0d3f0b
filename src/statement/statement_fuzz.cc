// SPDX-License-Identifier: Apache-2.0
//
// Opens any bytes as an envelope. What opens must open again from the envelope kept, as the same.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "google/protobuf/stubs/logging.h"
#include "src/base/fault.h"
#include "src/statement/envelope.h"
#include "src/statement/sample.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using consent::statement::kSampleAudience;
  using consent::statement::Open;
  const google::protobuf::LogSilencer quiet;  // Invalid UTF-8 is expected here.
  consent::v1::SignedStatement sealed;
  if (!sealed.ParseFromArray(data, static_cast<int>(size))) return 0;
  const auto opened = Open(sealed, kSampleAudience);
  if (!opened.ok()) {
    // Every refusal has a reason a program can tell.
    if (consent::ReasonOf(opened.status()).empty()) std::abort();
    return 0;
  }
  consent::v1::SignedStatement kept;
  if (!kept.ParseFromString(opened->envelope)) std::abort();
  const auto again = Open(kept, kSampleAudience);
  if (!again.ok() || again->id != opened->id || again->envelope != opened->envelope) std::abort();
  return 0;
}
