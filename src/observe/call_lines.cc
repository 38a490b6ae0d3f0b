// SPDX-License-Identifier: Apache-2.0

#include "src/observe/call_lines.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "absl/time/time.h"
#include "src/access/identity.h"
#include "src/api/method.h"
#include "src/base/fault.h"

namespace consent::observe {
namespace {

using Line = nlohmann::ordered_json;

Line Begin(int64_t now_ms) {
  return {{"time", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(now_ms),
                                    absl::UTCTimeZone())}};
}

void AddCall(const api::CallEnd& end, Line& line) {
  line["method"] = api::Methods()[static_cast<size_t>(end.method)];
  line["status"] = absl::StatusCodeToString(end.status.code());
  line["reason"] = ReasonOf(end.status);
  line["caller"] = Line::array();
  if (end.caller != nullptr) {
    for (const access::Identity& identity : end.caller->identities()) {
      line["caller"].push_back(access::ToString(identity));
    }
  }
  line["trace_id"] = api::TraceIdOf(end.context);
}

std::string ToText(const Line& line) {
  return line.dump(-1, ' ', /*ensure_ascii=*/true, Line::error_handler_t::replace);
}

}  // namespace

std::optional<Act> ActOf(std::string_view method) {
  const std::string_view service = method.substr(0, method.find('/'));
  const std::string_view name = method.substr(method.find('/') + 1);
  if (name == "EraseConsumer") return Act::kErase;
  if (name == "GetConsumerView") return Act::kView;
  if (name == "GetDossier") return Act::kDossier;
  if (name == "StreamEntries") return Act::kExport;
  if (service == "ContactService" || service == "GrantService" || service == "JournalService") {
    return std::nullopt;
  }
  if (name.starts_with("Get") || name.starts_with("List") || name.starts_with("Find")) {
    return std::nullopt;
  }
  return service == "DirectoryService" ? Act::kDirectory : Act::kAdminister;
}

std::string_view NameOf(Act act) {
  switch (act) {
    case Act::kDirectory:
      return "directory_changed";
    case Act::kErase:
      return "consumer_erased";
    case Act::kView:
      return "view_read";
    case Act::kDossier:
      return "dossier_read";
    case Act::kExport:
      return "journal_exported";
    case Act::kAdminister:
      return "administered";
  }
  return "";
}

std::string AccessLine(const api::CallEnd& end, int64_t now_ms) {
  Line line = Begin(now_ms);
  line["level"] = "info";
  line["event"] = "call";
  AddCall(end, line);
  line["duration_us"] = end.nanos / 1000;
  return ToText(line);
}

std::string AuditLine(std::string_view act, const api::CallEnd& end, int64_t now_ms) {
  Line line = Begin(now_ms);
  line["act"] = act;
  AddCall(end, line);
  return ToText(line);
}

std::string AuditLine(std::string_view act,
                      const std::vector<std::pair<std::string, std::string>>& facts,
                      int64_t now_ms) {
  Line line = Begin(now_ms);
  line["act"] = act;
  for (const auto& [name, value] : facts) line[name] = value;
  return ToText(line);
}

}  // namespace consent::observe
