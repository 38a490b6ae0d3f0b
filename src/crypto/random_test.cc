// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/random.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/ids.h"

namespace consent::crypto {
namespace {

TEST(RandomTest, GivesAsManyBytesAsAsked) {
  for (const size_t size : {0, 1, 16, 512, 513, 4095, 4096, 4097, 100000}) {
    EXPECT_EQ(RandomBytes(size).size(), size);
  }
}

TEST(RandomTest, FillsEveryByte) {
  // In 64 draws each place is non-zero at least once, save with probability 2^-512.
  for (const size_t size : {16, 512, 600}) {
    std::vector<bool> seen(size, false);
    for (int draw = 0; draw < 64; ++draw) {
      const std::string bytes = RandomBytes(size);
      for (size_t i = 0; i < size; ++i) seen[i] = seen[i] || bytes[i] != 0;
    }
    EXPECT_EQ(seen, std::vector<bool>(size, true));
  }
}

TEST(RandomTest, NeverGivesTheSameIdTwiceOnAnyThread) {
  constexpr size_t kIdsEach = 20000;  // 320 kB a thread: each buffer is refilled many times.
  std::array<std::vector<ConsumerId>, 4> drawn;
  std::vector<std::thread> threads;
  for (auto& ids : drawn) {
    threads.emplace_back([&ids] {
      for (size_t i = 0; i < kIdsEach; ++i) ids.push_back(RandomId<ConsumerId>());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<ConsumerId> all;
  for (const auto& ids : drawn) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), kIdsEach * drawn.size());
}

TEST(RandomTest, AForkedChildDrawsOtherBytesThanItsParent) {
  RandomBytes(1);  // The buffer is filled, so that the child inherits one.
  std::array<int, 2> pipe_ends;
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string bytes = RandomBytes(32);
    const bool written = write(pipe_ends[1], bytes.data(), bytes.size()) == 32;
    _exit(written ? 0 : 1);
  }
  const std::string ours = RandomBytes(32);
  std::string theirs(32, '\0');
  ASSERT_EQ(read(pipe_ends[0], theirs.data(), theirs.size()), 32);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(ours, theirs);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

}  // namespace
}  // namespace consent::crypto
