// SPDX-License-Identifier: Apache-2.0

#include "src/base/abort_note.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

namespace consent {
namespace {

const char* note = nullptr;

// abort() raises the signal again, without a handler, when this has returned.
void Say(int) {
  if (write(STDERR_FILENO, note, strlen(note)) < 0) return;
}

}  // namespace

void NoteOnAbort(const char* line) {
  note = line;
  struct sigaction action {};
  action.sa_handler = Say;
  sigaction(SIGABRT, &action, nullptr);
}

}  // namespace consent
