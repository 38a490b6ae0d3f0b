// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/limit_spec.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/failure.h"

namespace consent::ctl {
namespace {

constexpr int64_t kMaxMax = 1'000'000;
constexpr int64_t kPeriodsMax = 10'000;
constexpr size_t kIdBytesMax = 64;
constexpr absl::string_view kAttempts = "ATTEMPTS=";

absl::Status Bad(std::string_view what) {
  return BadInput(absl::StrCat("--limit: ", std::string(what),
                               "; a limit reads [ID:]CHANNELS:MAX/[N]PERIOD[:ALIGNMENT]"
                               "[:attempts=N], such as calls:CALL:1/YEAR"));
}

std::optional<int64_t> ParseCount(absl::string_view text, int64_t max) {
  int64_t value = 0;
  if (text.empty() || text.size() > 9 ||
      !std::all_of(text.begin(), text.end(), absl::ascii_isdigit))
    return std::nullopt;
  if (!absl::SimpleAtoi(text, &value) || value < 1 || value > max) return std::nullopt;
  return value;
}

absl::Status SetId(absl::string_view id, v1::Limit& limit) {
  const bool printable =
      std::all_of(id.begin(), id.end(), [](char c) { return absl::ascii_isgraph(c) && c != '/'; });
  if (id.empty() || id.size() > kIdBytesMax || !printable) {
    return Bad("expected an id of 1 to 64 visible characters without ':' and '/'");
  }
  limit.set_limit_id(std::string(id));
  return absl::OkStatus();
}

absl::Status SetChannels(const std::string& text, v1::Limit& limit) {
  if (text == "*") {
    for (int i = v1::Channel_MIN + 1; i <= v1::Channel_MAX; ++i) {
      limit.add_channels(static_cast<v1::Channel>(i));
    }
    return absl::OkStatus();
  }
  std::set<v1::Channel> seen;
  for (const absl::string_view word : absl::StrSplit(text, '+')) {
    ASSIGN_OR_RETURN(const v1::Channel channel, ParseChannelName(std::string(word), "--limit"));
    if (seen.insert(channel).second) limit.add_channels(channel);
  }
  return absl::OkStatus();
}

// "MAX/[N]PERIOD".
absl::Status SetQuantity(const std::string& text, v1::Limit& limit) {
  const size_t slash = text.find('/');
  const std::optional<int64_t> max = ParseCount(absl::string_view(text).substr(0, slash), kMaxMax);
  if (!max.has_value()) return Bad("expected a maximum from 1 to 1000000 before the '/'");
  limit.set_max(*max);
  const absl::string_view rest = absl::string_view(text).substr(slash + 1);
  const size_t word = rest.find_first_not_of("0123456789");
  v1::Period period = v1::PERIOD_UNSPECIFIED;
  if (word == absl::string_view::npos ||
      !v1::Period_Parse(absl::StrCat("PERIOD_", rest.substr(word)), &period) ||
      period == v1::PERIOD_UNSPECIFIED) {
    return Bad("expected a period: DAY, WEEK, MONTH, YEAR or LIFETIME");
  }
  limit.mutable_window()->set_period(period);
  if (word == 0) {
    limit.mutable_window()->set_count(1);
    return absl::OkStatus();
  }
  const std::optional<int64_t> count = ParseCount(rest.substr(0, word), kPeriodsMax);
  if (!count.has_value()) return Bad("expected 1 to 10000 periods");
  if (period == v1::PERIOD_LIFETIME && *count != 1) return Bad("there is only one LIFETIME");
  limit.mutable_window()->set_count(static_cast<int32_t>(*count));
  return absl::OkStatus();
}

absl::Status SetExtra(absl::string_view text, v1::Limit& limit) {
  v1::Window& window = *limit.mutable_window();
  if (absl::ConsumePrefix(&text, kAttempts)) {
    const std::optional<int64_t> attempts = ParseCount(text, kMaxMax);
    if (!attempts.has_value() || *attempts < limit.max()) {
      return Bad("expected attempts= with a number from the maximum to 1000000");
    }
    if (limit.max_attempts() != 0) return Bad("attempts= is given twice");
    limit.set_max_attempts(*attempts);
    return absl::OkStatus();
  }
  v1::Alignment alignment = v1::ALIGNMENT_UNSPECIFIED;
  if (!v1::Alignment_Parse(absl::StrCat("ALIGNMENT_", text), &alignment) ||
      alignment == v1::ALIGNMENT_UNSPECIFIED) {
    return Bad("expected CALENDAR, ROLLING, GRANT or attempts=N behind the period");
  }
  if (window.alignment() != v1::ALIGNMENT_UNSPECIFIED) return Bad("the alignment is given twice");
  if (window.period() == v1::PERIOD_LIFETIME) return Bad("LIFETIME takes no alignment");
  window.set_alignment(alignment);
  return absl::OkStatus();
}

std::string ChannelsOf(const v1::Limit& limit) {
  std::vector<std::string> names;
  for (const int channel : limit.channels())
    names.push_back(NameOf(static_cast<v1::Channel>(channel)));
  return absl::StrJoin(names, "+");
}

// Whether the spec begins with channels. An id is whatever stands before them.
bool WithoutId(const std::vector<std::string>& parts) {
  return parts.size() >= 2 && parts[1].find('/') != std::string::npos;
}

}  // namespace

absl::StatusOr<v1::Limit> ParseLimitSpec(std::string_view spec) {
  if (spec.size() > kLimitSpecBytesMax) return Bad("that is too long");
  const std::vector<std::string> parts =
      absl::StrSplit(absl::string_view(spec.data(), spec.size()), ':');
  const size_t channels = WithoutId(parts) ? 0 : 1;
  const size_t quantity = channels + 1;
  if (parts.size() <= quantity || parts[quantity].find('/') == std::string::npos) {
    return Bad("expected MAX/PERIOD behind the channels");
  }
  v1::Limit limit;
  RETURN_IF_ERROR(SetChannels(parts[channels], limit));
  if (channels == 1) {
    RETURN_IF_ERROR(SetId(parts[0], limit));
  } else {
    limit.set_limit_id(absl::AsciiStrToLower(parts[0] == "*" ? "all" : ChannelsOf(limit)));
    RETURN_IF_ERROR(SetId(limit.limit_id(), limit));
  }
  RETURN_IF_ERROR(SetQuantity(absl::AsciiStrToUpper(parts[quantity]), limit));
  for (size_t i = quantity + 1; i < parts.size(); ++i) {
    RETURN_IF_ERROR(SetExtra(absl::AsciiStrToUpper(parts[i]), limit));
  }
  v1::Window& window = *limit.mutable_window();
  if (window.alignment() == v1::ALIGNMENT_UNSPECIFIED && window.period() != v1::PERIOD_LIFETIME) {
    window.set_alignment(v1::ALIGNMENT_CALENDAR);
  }
  return limit;
}

absl::StatusOr<std::vector<v1::Limit>> ParseLimitSpecs(const std::vector<std::string>& specs) {
  std::vector<v1::Limit> limits;
  std::set<std::string> ids;
  for (const std::string& spec : specs) {
    ASSIGN_OR_RETURN(v1::Limit limit, ParseLimitSpec(spec));
    const std::vector<std::string> parts = absl::StrSplit(spec, ':');
    if (WithoutId(parts)) {
      const std::string id = limit.limit_id();
      for (int n = 2; ids.count(limit.limit_id()) != 0; ++n) {
        limit.set_limit_id(absl::StrCat(id, "-", n));
      }
    }
    if (!ids.insert(limit.limit_id()).second) return Bad("two limits have the same id");
    limits.push_back(std::move(limit));
  }
  return limits;
}

std::string ToLimitSpec(const v1::Limit& limit) {
  const v1::Window& window = limit.window();
  std::string spec = absl::StrCat(limit.limit_id(), ":", ChannelsOf(limit), ":", limit.max(), "/");
  if (window.count() > 1) absl::StrAppend(&spec, window.count());
  absl::StrAppend(&spec, v1::Period_Name(window.period()).substr(sizeof("PERIOD_") - 1));
  if (window.alignment() != v1::ALIGNMENT_UNSPECIFIED) {
    absl::StrAppend(&spec, ":",
                    v1::Alignment_Name(window.alignment()).substr(sizeof("ALIGNMENT_") - 1));
  }
  if (limit.max_attempts() > 0) absl::StrAppend(&spec, ":attempts=", limit.max_attempts());
  return spec;
}

}  // namespace consent::ctl
