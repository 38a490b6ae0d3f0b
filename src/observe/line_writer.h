// SPDX-License-Identifier: Apache-2.0
//
// LineWriter: lines that one thread appends to a file, so that those who have something to say
// never wait for the disk.
//
// Lines are written in the order in which they were given. Those of one file descriptor are written
// by whole lines, many at once. A file that was moved away is begun anew under its name, so that
// logs can be rotated. What cannot be written stays, and is tried again each second.
//
// Threads: all methods from any thread.

#ifndef CONSENT_OBSERVE_LINE_WRITER_H_
#define CONSENT_OBSERVE_LINE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"

namespace consent::observe {

class LineWriter {
 public:
  struct Options {
    std::string path = {};  // Appended to, made with mode 0600; empty: stderr.
    // Lines that wait. One more is dropped and counted, or, if `keeps_all`, kept all the same:
    // then whoever gives lines asks HasRoom before they do what the line will tell of.
    size_t waiting_max = 16'384;
    bool keeps_all = false;
    // Told when writing begins to fail, and, with OK, when it works again.
    std::function<void(const absl::Status&)> report = {};
  };

  // InvalidArgument when the file cannot be opened: names it.
  static absl::StatusOr<std::unique_ptr<LineWriter>> Open(Options options);
  // Writes what waits, as far as that can be done, and syncs the file.
  ~LineWriter();

  // `line` without its end.
  void Write(std::string line);
  bool HasRoom() const;
  size_t waiting() const;
  uint64_t dropped() const;

 private:
  explicit LineWriter(Options options) : options_(std::move(options)) {}
  Rest Step(Call call);
  absl::Status Reopen();
  absl::Status WriteOut();

  const Options options_;
  int file_ = -1;          // Of the worker, once it runs.
  std::string unwritten_;  // Of the worker: taken and not yet in the file.
  bool failing_ = false;   // Of the worker.
  mutable Mutex mutex_;
  std::vector<std::string> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t taken_ ABSL_GUARDED_BY(mutex_) = 0;  // Lines of unwritten_.
  uint64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  Threads threads_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace consent::observe

#endif  // CONSENT_OBSERVE_LINE_WRITER_H_
