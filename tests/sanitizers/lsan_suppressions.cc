// SPDX-License-Identifier: Apache-2.0
//
// What LeakSanitizer is told to pass over, in every test of the preset `asan`. Each line names
// something that a library does and that nothing grows with.

extern "C" const char* __lsan_default_suppressions();  // NOLINT: the sanitizer's name.

extern "C" const char* __lsan_default_suppressions() {  // NOLINT
  return
      // RocksDB 7.8 makes the next memtable, fails to write to its catalogue that old logs may go,
      // and returns without it. That closes the store, or means that the disk is full; what is
      // lost each time is a memtable that nothing has been written to.
      "leak:rocksdb::DBImpl::SwitchMemtable\n";
}
