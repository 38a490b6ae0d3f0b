// SPDX-License-Identifier: Apache-2.0

#include "src/observe/line_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"

namespace consent::observe {
namespace {

constexpr absl::Duration kTryAgainAfter = absl::Seconds(1);

absl::Status Failed(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LineWriter>> LineWriter::Open(Options options) {
  auto writer = std::unique_ptr<LineWriter>(new LineWriter(std::move(options)));
  RETURN_IF_ERROR(writer->Reopen());
  writer->worker_ =
      writer->threads_.Start("lines", [raw = writer.get()](Call call) { return raw->Step(call); });
  return writer;
}

LineWriter::~LineWriter() {
  if (worker_ != nullptr) worker_->Finish();
  if (file_ >= 0 && !options_.path.empty()) close(file_);
}

// Opens the file unless it is open and still the one of that name.
absl::Status LineWriter::Reopen() {
  if (options_.path.empty()) {
    file_ = STDERR_FILENO;
    return absl::OkStatus();
  }
  struct stat named, open_one;
  if (file_ >= 0 && stat(options_.path.c_str(), &named) == 0 && fstat(file_, &open_one) == 0 &&
      named.st_ino == open_one.st_ino && named.st_dev == open_one.st_dev) {
    return absl::OkStatus();
  }
  if (file_ >= 0) close(file_);
  file_ = open(options_.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  return file_ >= 0 ? absl::OkStatus() : Failed(options_.path);
}

void LineWriter::Write(std::string line) {
  MutexLock lock(&mutex_);
  if (!options_.keeps_all && waiting_.size() + taken_ >= options_.waiting_max) {
    ++dropped_;
    return;
  }
  waiting_.push_back(std::move(line));
  worker_->Wake();
}

bool LineWriter::HasRoom() const { return waiting() < options_.waiting_max; }

size_t LineWriter::waiting() const {
  MutexLock lock(&mutex_);
  return waiting_.size() + taken_;
}

uint64_t LineWriter::dropped() const {
  MutexLock lock(&mutex_);
  return dropped_;
}

absl::Status LineWriter::WriteOut() {
  RETURN_IF_ERROR(Reopen());
  const bool to_file = !options_.path.empty();
  while (!unwritten_.empty()) {
    const ssize_t written = write(file_, unwritten_.data(), unwritten_.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(to_file ? options_.path : "stderr");
    unwritten_.erase(0, static_cast<size_t>(written));
  }
  if (to_file && fdatasync(file_) != 0) return Failed(options_.path);
  return absl::OkStatus();
}

Rest LineWriter::Step(Call call) {
  std::vector<std::string> lines;
  {
    MutexLock lock(&mutex_);
    lines.swap(waiting_);
    taken_ += lines.size();
  }
  for (const std::string& line : lines) absl::StrAppend(&unwritten_, line, "\n");
  absl::Status written;
  if (!unwritten_.empty()) written = WriteOut();
  if (written.ok()) {
    MutexLock lock(&mutex_);
    taken_ = 0;
  }
  if (written.ok() == failing_ && options_.report) options_.report(written);
  failing_ = !written.ok();
  if (call == Call::kFinish) return Rest::Ended();
  return failing_ ? Rest{.least = kTryAgainAfter, .most = kTryAgainAfter} : Rest::UntilWoken();
}

}  // namespace consent::observe
