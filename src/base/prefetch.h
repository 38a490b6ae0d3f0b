// SPDX-License-Identifier: Apache-2.0
//
// Prefetch: has the processor load what will be read soon. It changes nothing but time, and may be
// given what is not there.

#ifndef CONSENT_BASE_PREFETCH_H_
#define CONSENT_BASE_PREFETCH_H_

#include <cstddef>
#include <vector>

namespace consent {

inline constexpr size_t kCacheLineBytes = 64;

inline void Prefetch(const void* begin, size_t bytes) {
  const auto* const from = static_cast<const char*>(begin);
  for (size_t at = 0; at < bytes; at += kCacheLineBytes) __builtin_prefetch(from + at);
}

// The first `count` items, or as many as there are.
template <typename T>
void PrefetchFirst(const std::vector<T>& items, size_t count) {
  Prefetch(items.data(), (items.size() < count ? items.size() : count) * sizeof(T));
}
// The last `count`.
template <typename T>
void PrefetchLast(const std::vector<T>& items, size_t count) {
  const size_t some = items.size() < count ? items.size() : count;
  Prefetch(items.data() + (items.size() - some), some * sizeof(T));
}

// While item `i` of `count` is worked on those that follow come nearer, each by a step of so many:
// `prefetch(item, step)`. Others are worked on between two steps of an item, so that what one step
// leads to is there when the next follows it. The first of all miss some.
template <typename Step>
void PrefetchNext(size_t i, size_t count, int steps, const Step& prefetch) {
  for (int step = 0; step < steps; ++step) {
    const size_t next = i + static_cast<size_t>(steps - step);
    if (next < count) prefetch(next, step);
  }
}

}  // namespace consent

#endif  // CONSENT_BASE_PREFETCH_H_
