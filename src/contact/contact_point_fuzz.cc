// SPDX-License-Identifier: Apache-2.0
//
// Any bytes: Parse answers, an accepted text is its own canonical form within its limits, and no
// error repeats the digits given. The first byte picks a region for ParseNational.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/contact/contact_point.h"
#include "src/contact/zone.h"

namespace {

using ::consent::contact::ContactPoint;

void Require(bool holds) {
  if (!holds) std::abort();
}

void RequireNothingRepeated(std::string_view message, std::string_view input) {
  constexpr size_t kRun = 4;  // longer than any limit an error names
  for (size_t i = 0; i + kRun <= input.size(); ++i) {
    const std::string_view run = input.substr(i, kRun);
    if (run.find_first_not_of("0123456789") != std::string_view::npos) continue;
    Require(message.find(run) == std::string_view::npos);
  }
}

void RequireSound(const absl::StatusOr<ContactPoint>& point, std::string_view input) {
  if (!point.ok()) {
    Require(point.status().code() == absl::StatusCode::kInvalidArgument);
    const auto message = point.status().message();
    RequireNothingRepeated({message.data(), message.size()}, input);
    return;
  }
  Require(point->uri().size() <= ContactPoint::kMaxBytes);
  for (const char c : point->uri()) Require(c > ' ' && c < 0x7f);
  const absl::StatusOr<ContactPoint> again = ContactPoint::Parse(point->uri());
  Require(again.ok() && *again == *point);
  (void)consent::contact::ZoneOf(*point);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  RequireSound(ContactPoint::Parse(text), text);
  if (text.empty()) return 0;
  constexpr std::string_view kRegions[] = {"FR", "US", "GB", "RE", "MX", "AR", "BR", "IT"};
  const std::string_view rest = text.substr(1);
  RequireSound(ContactPoint::ParseNational(rest, kRegions[data[0] % std::size(kRegions)]), rest);
  return 0;
}
