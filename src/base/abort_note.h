// SPDX-License-Identifier: Apache-2.0
//
// What a process says about its own abort. A library that finds what it holds for impossible calls
// abort() after a line about its own code, which tells nobody what to do.

#ifndef CONSENT_BASE_ABORT_NOTE_H_
#define CONSENT_BASE_ABORT_NOTE_H_

namespace consent {

// From now on abort() writes `line`, which holds its own line end and is never destroyed, to stderr
// before the process ends by SIGABRT as it would have. Once, before other threads start.
void NoteOnAbort(const char* line);

}  // namespace consent

#endif  // CONSENT_BASE_ABORT_NOTE_H_
