// SPDX-License-Identifier: Apache-2.0
//
// Ids for tests: all bytes the same number. Test code only.

#ifndef CONSENT_LEDGER_TEST_IDS_H_
#define CONSENT_LEDGER_TEST_IDS_H_

#include <cstddef>
#include <cstdint>

namespace consent::ledger {

template <class T>
T Id(size_t number) {
  T id;
  id.bytes.fill(static_cast<uint8_t>(number));
  return id;
}

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_TEST_IDS_H_
