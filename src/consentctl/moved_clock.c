// SPDX-License-Identifier: Apache-2.0
//
// Preloaded into a program, it moves the wall clock that the program sees, and no other clock, by
// MOVED_CLOCK_S seconds. Test code only.

#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec* now) {
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  const char* const moved = getenv("MOVED_CLOCK_S");
  if (result == 0 && clock == CLOCK_REALTIME && moved != NULL) now->tv_sec += atol(moved);
  return result;
}
