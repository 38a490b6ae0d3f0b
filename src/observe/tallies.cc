// SPDX-License-Identifier: Apache-2.0

#include "src/observe/tallies.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "src/api/method.h"

namespace consent::observe {
namespace {

constexpr int kChannels = core::kChannelMax + 1;
constexpr int kReasons = core::kReasonMax + 1;
constexpr int kCodes = 17;
constexpr std::string_view kCodeNames[kCodes] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};
constexpr std::string_view kWayNames[api::kWays] = {"unary", "batch", "stream", "check"};
// Why the gate turns somebody away; the last stands for all others.
constexpr std::string_view kRefusals[] = {"NO_CREDENTIALS",
                                          "BAD_CREDENTIALS",
                                          "CREDENTIALS_EXPIRED",
                                          "NOT_ALLOWED",
                                          "TOO_MANY_BAD_CREDENTIALS",
                                          "RATE_LIMITED",
                                          "TOO_MANY_CALLS",
                                          "TOO_MANY_STRANGERS",
                                          "OVERLOADED",
                                          "AUDIT_UNAVAILABLE",
                                          "OTHER"};

size_t DecisionAt(int way, int channel, int reason) {
  return static_cast<size_t>((way * kChannels + channel) * kReasons + reason);
}

size_t CallAt(int method, int code) { return static_cast<size_t>(method * kCodes + code); }

}  // namespace

std::string_view NameOf(MethodClass of) {
  constexpr std::string_view kNames[kMethodClasses] = {
      "decision", "batch", "stream", "permit", "statement", "directory", "read", "download"};
  return kNames[static_cast<int>(of)];
}

MethodClass ClassOf(std::string_view method) {
  const std::string_view service = method.substr(0, method.find('/'));
  const std::string_view name = method.substr(method.find('/') + 1);
  if (name == "CheckAndConsume" || name == "Check") return MethodClass::kDecision;
  if (name == "BatchCheckAndConsume") return MethodClass::kBatch;
  if (name == "StreamCheckAndConsume") return MethodClass::kStream;
  if (service == "ContactService") return MethodClass::kPermit;
  if (name == "StreamEntries" || name == "GetDossier") return MethodClass::kDownload;
  if (service == "JournalService" || name.starts_with("Get") || name.starts_with("List") ||
      name.starts_with("Find")) {
    return MethodClass::kRead;
  }
  return service == "GrantService" ? MethodClass::kStatement : MethodClass::kDirectory;
}

Tallies::Tallies()
    : decisions_(DecisionAt(api::kWays, 0, 0)),
      calls_(CallAt(static_cast<int>(api::Methods().size()), 0)),
      refusals_(std::size(kRefusals)) {
  for (const std::string& method : api::Methods()) {
    if (method == "GrantService/EraseConsumer") erase_ = static_cast<int>(classes_.size());
    classes_.push_back(ClassOf(method));
  }
  for (int i = 0; i < kMethodClasses; ++i) durations_.emplace_back(kNanosBounds);
}

void Tallies::Decided(api::Way way, core::Channel channel, core::Reason reason) {
  decisions_.Add(
      DecisionAt(static_cast<int>(way), static_cast<int>(channel), static_cast<int>(reason)));
}

void Tallies::Ended(int method, const absl::Status& status, int64_t nanos) {
  calls_.Add(CallAt(method, std::min(static_cast<int>(status.code()), kCodes - 1)));
  if (method == erase_ && status.ok()) erasures_.Add(0);
  // A stream lasts as long as its client likes; what is measured is how long a message took.
  if (classes_[method] != MethodClass::kStream) Answered(method, nanos);
}

void Tallies::Answered(int method, int64_t nanos) {
  durations_[static_cast<size_t>(classes_[method])].Observe(nanos);
}

void Tallies::Refused(std::string_view reason) {
  const auto* const last = std::end(kRefusals) - 1;
  refusals_.Add(
      static_cast<size_t>(std::find(std::begin(kRefusals), last, reason) - std::begin(kRefusals)));
}

void Tallies::Show(Page& page) const {
  for (int way = 0; way < api::kWays; ++way) {
    for (int channel = 1; channel < kChannels; ++channel) {
      for (int reason = 1; reason < kReasons; ++reason) {
        const uint64_t count = decisions_.Sum(DecisionAt(way, channel, reason));
        if (count == 0) continue;
        const bool allowed = reason == static_cast<int>(core::Reason::kOk);
        page.Add("consent_decisions_total", static_cast<double>(count),
                 {{"way", std::string(kWayNames[way])},
                  {"channel", std::string(core::Name(static_cast<core::Channel>(channel)))},
                  {"verdict", allowed ? "allowed" : "denied"},
                  {"reason", std::string(core::Name(static_cast<core::Reason>(reason)))}});
      }
    }
  }
  page.Add("consent_statements_total", static_cast<double>(statements_.Sum(0)),
           {{"verdict", "accepted"}});
  page.Add("consent_statements_total", static_cast<double>(statements_.Sum(1)),
           {{"verdict", "refused"}});
  page.Add("consent_erasures_total", static_cast<double>(erasures_.Sum(0)));
  for (size_t method = 0; method < classes_.size(); ++method) {
    for (int code = 0; code < kCodes; ++code) {
      const uint64_t count = calls_.Sum(CallAt(static_cast<int>(method), code));
      if (count == 0) continue;
      page.Add("consent_rpcs_total", static_cast<double>(count),
               {{"method", api::Methods()[method]}, {"code", std::string(kCodeNames[code])}});
    }
  }
  for (int i = 0; i < kMethodClasses; ++i) {
    page.Add("consent_rpc_duration_seconds", durations_[i].totals(), kNanosecond,
             {{"class", std::string(NameOf(static_cast<MethodClass>(i)))}});
  }
  for (size_t i = 0; i < std::size(kRefusals); ++i) {
    page.Add("consent_gate_refusals_total", static_cast<double>(refusals_.Sum(i)),
             {{"reason", std::string(kRefusals[i])}});
  }
}

}  // namespace consent::observe
