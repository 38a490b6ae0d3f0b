// SPDX-License-Identifier: Apache-2.0
//
// Choices by a seed: the same seed, the same choices.

#ifndef CONSENT_MODEL_DICE_H_
#define CONSENT_MODEL_DICE_H_

#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace consent::model {

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  // A number from 0 to n - 1.
  int64_t Below(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }
  // Yes, once in `in` times.
  bool One(int64_t in) { return Below(in) == 0; }
  template <typename T>
  T Pick(const std::vector<T>& from) {
    return from[static_cast<size_t>(Below(static_cast<int64_t>(from.size())))];
  }
  template <typename T>
  T Pick(std::initializer_list<T> from) {
    return Pick(std::vector<T>(from));
  }
  // A few of `from`, at least one.
  template <typename T>
  std::vector<T> Some(const std::vector<T>& from) {
    std::vector<T> some;
    for (const T& item : from) {
      if (!One(3)) some.push_back(item);
    }
    if (some.empty()) some.push_back(Pick(from));
    return some;
  }
  template <typename T>
  std::vector<T> Some(std::initializer_list<T> from) {
    return Some(std::vector<T>(from));
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace consent::model

#endif  // CONSENT_MODEL_DICE_H_
