// SPDX-License-Identifier: Apache-2.0
//
// Receipts and disclosures from anywhere: parsed, verified, never trusted.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/base/codec.h"
#include "src/journal/disclosure.h"
#include "src/journal/receipt.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto receipt = consent::journal::ParseReceipt(text); receipt.ok()) {
    // What parses has one form.
    if (consent::journal::ToText(*receipt) != text) std::abort();
    // Without a key nothing is proven.
    if (consent::journal::VerifyReceipt(*receipt, {}).ok()) std::abort();
  }
  if (const auto disclosure = consent::journal::ParseDisclosure(text); disclosure.ok()) {
    if (consent::Encode(*disclosure) != text) std::abort();
  }
  return 0;
}
