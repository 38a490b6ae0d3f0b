// SPDX-License-Identifier: Apache-2.0

#include "src/base/traceparent.h"

#include <string>

#include "gtest/gtest.h"

namespace consent {
namespace {

constexpr char kGood[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";

TEST(TraceparentTest, NamesItsTrace) { EXPECT_EQ(TraceIdIn(kGood), kTraceId); }

TEST(TraceparentTest, ALaterVersionMaySayMore) {
  std::string later = kGood;
  later[1] = '1';
  EXPECT_EQ(TraceIdIn(later), kTraceId);
  EXPECT_EQ(TraceIdIn(later + "-more"), kTraceId);
  EXPECT_EQ(TraceIdIn(later + "more"), "");
}

TEST(TraceparentTest, WhatIsMalformedNamesNothing) {
  for (const char* bad : {
           "",
           "00",
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
           "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
           "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e473\n-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b\x80-01",
       }) {
    EXPECT_EQ(TraceIdIn(bad), "") << bad;
  }
}

}  // namespace
}  // namespace consent
