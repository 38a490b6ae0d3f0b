// SPDX-License-Identifier: Apache-2.0
//
// What ThreadSanitizer is told to pass over, in every test of the preset `tsan`. Each line names
// something that a library does which the sanitizer has not compiled.

extern "C" const char* __tsan_default_suppressions();  // NOLINT: the sanitizer's name.

extern "C" const char* __tsan_default_suppressions() {  // NOLINT
  return
      // The last owner of an absl::Status destroys it. Who is the last, atomics inside Abseil's
      // library tell, which the sanitizer does not see.
      "race:absl::*status_internal::Payload\n"
      "race:absl::*Status::UnrefNonInlined\n";
}
