// SPDX-License-Identifier: Apache-2.0
//
// The named points that lie in the files of the guard and of the keys. This program is linked with
// --wrap for these calls: the service's own come here, those of its libraries do not.

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "tests/fault/doom.h"

extern "C" {
int __real_rename(const char* from, const char* to);
int __real_link(const char* from, const char* to);
int __real_unlink(const char* path);
int __real_fsync(int file);
}

namespace consent::fault {
namespace {

std::string PathOf(int file) {
  char path[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = readlink(link.c_str(), path, sizeof path);
  return size < 0 ? std::string() : std::string(path, static_cast<size_t>(size));
}

void PassKeys(std::string_view path) {
  if (path.find("/keys/") != std::string_view::npos) Pass(Point::kCreatingKeys);
}

}  // namespace

extern "C" {

int __wrap_rename(const char* from, const char* to) {
  const bool guard = std::string_view(to).ends_with("/guard") && phase == Phase::kServing;
  if (guard) Pass(Point::kGuardUnwritten);
  const int result = __real_rename(from, to);
  if (guard) Pass(Point::kGuardWritten);
  return result;
}

int __wrap_link(const char* from, const char* to) {
  PassKeys(to);
  return __real_link(from, to);
}

int __wrap_unlink(const char* path) {
  PassKeys(path);
  return __real_unlink(path);
}

int __wrap_fsync(int file) {
  const std::string path = PathOf(file);
  PassKeys(path);
  const bool noted = path.ends_with(".erased");
  if (noted) Pass(Point::kErasureUnnoted);
  const int result = __real_fsync(file);
  if (noted) Pass(Point::kErasureNoted);
  return result;
}

}  // extern "C"

}  // namespace consent::fault
