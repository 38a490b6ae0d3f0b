// SPDX-License-Identifier: Apache-2.0
//
// How many cases a property is tried on.
//
// Each property has a usual number, chosen so that the folder's tests together take about a minute
// on one core. CONSENT_MODEL_CASES=N in the environment gives a quick property N cases instead of
// 1,500, and the slower ones as many more as that is more than usual. Every run has a new seed;
// RC_PARAMS="seed=S" repeats one.

#ifndef CONSENT_MODEL_CASES_H_
#define CONSENT_MODEL_CASES_H_

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"

namespace consent::model {

inline constexpr int kUsualCases = 1500;  // Of a quick property; slower ones get a part of it.

template <typename Property>
void CheckCases(int usual, Property&& property) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = usual;
  if (const char* text = std::getenv("CONSENT_MODEL_CASES"); text != nullptr) {
    int cases = 0;
    ASSERT_TRUE(absl::SimpleAtoi(text, &cases) && cases > 0) << "CONSENT_MODEL_CASES: " << text;
    params.maxSuccess =
        std::max(1, static_cast<int>(static_cast<double>(usual) * cases / kUsualCases));
  }
  const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
  rc::detail::TestMetadata metadata;
  metadata.id = std::string(test->test_suite_name()) + "/" + test->name();
  metadata.description = test->name();
  const auto result = rc::detail::checkTestable(std::forward<Property>(property), metadata, params);
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  if (!result.template is<rc::detail::SuccessResult>()) {
    FAIL() << message.str() << "\nRC_PARAMS=\"seed=" << params.seed << "\"";
  }
}

}  // namespace consent::model

#endif  // CONSENT_MODEL_CASES_H_
