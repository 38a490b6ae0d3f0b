// SPDX-License-Identifier: Apache-2.0

#include "src/base/abort_note.h"

#include <signal.h>
#include <stdlib.h>

#include "gtest/gtest.h"

namespace consent {
namespace {

TEST(AbortNoteTest, IsSaidAndTheProcessStillEndsByTheSignal) {
  EXPECT_EXIT(
      {
        NoteOnAbort("what to do\n");
        abort();
      },
      testing::KilledBySignal(SIGABRT), "what to do");
}

}  // namespace
}  // namespace consent
