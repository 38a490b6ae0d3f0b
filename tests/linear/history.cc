// SPDX-License-Identifier: Apache-2.0

#include "tests/linear/history.h"

#include "absl/strings/str_cat.h"

namespace consent::linear {
namespace {

constexpr const char* kCallNames[kCalls] = {"consume", "hold",   "confirm", "release", "check",
                                            "grant",   "revoke", "block",   "unblock"};
constexpr const char* kWordNames[kWords] = {"OK",
                                            "NO_PERMISSION",
                                            "REVOKED",
                                            "BLOCKED",
                                            "LIMIT_REACHED",
                                            "PERMIT_RELEASED",
                                            "NO_SUCH_PERMIT",
                                            "ALREADY_DONE",
                                            "NARROWED_SINCE"};

}  // namespace

std::string ToString(const Asked& asked) {
  std::string text = kCallNames[static_cast<int>(asked.call)];
  if (asked.call != Call::kCheck) absl::StrAppend(&text, " ", asked.number);
  if (asked.call == Call::kConsume || asked.call == Call::kHold || asked.call == Call::kCheck) {
    absl::StrAppend(&text, asked.channel == Channel::kCall ? " CALL" : " SMS");
  }
  if (asked.call == Call::kGrant) {
    absl::StrAppend(&text, " of ", asked.calls_max, " calls and ", asked.all_max, " in all");
  }
  if (asked.call >= Call::kGrant) absl::StrAppend(&text, " signed at ", asked.signed_at);
  return text;
}

std::string ToString(const Answer& answer) {
  std::string text = kWordNames[static_cast<int>(answer.word)];
  if (answer.calls_left != Answer::kUnsaid) absl::StrAppend(&text, " calls ", answer.calls_left);
  if (answer.all_left != Answer::kUnsaid) absl::StrAppend(&text, " all ", answer.all_left);
  if (answer.repeated) absl::StrAppend(&text, " repeated");
  return text;
}

std::string ToString(const Operation& operation) {
  return absl::StrCat(
      ToString(operation.asked), " = ",
      operation.answer.has_value() ? ToString(*operation.answer) : std::string("lost"), ", from ",
      operation.invoked, " to ",
      operation.responded == Operation::kNever ? "never" : absl::StrCat(operation.responded));
}

}  // namespace consent::linear
