// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/log.h"

#include <grpc/support/log.h>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <memory>

#include <google/protobuf/stubs/logging.h>

namespace consent::consentd {
namespace {

// The message is JSON fields without braces; the pattern adds the rest.
constexpr char kPattern[] = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

std::string FieldsOf(std::string_view event, nlohmann::ordered_json facts) {
  nlohmann::ordered_json line;
  line["event"] = event;
  if (facts.is_object()) line.update(facts);
  const std::string text =
      line.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
  return text.substr(1, text.size() - 2);
}

void LogGrpc(gpr_log_func_args* args) {
  spdlog::warn("{}", FieldsOf("grpc", {{"message", args->message}}));
}

}  // namespace

void StartLog(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("consentd");
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>(kPattern, spdlog::pattern_time_type::utc));
  logger->set_level(spdlog::level::from_str(level == "warn" ? "warning" : level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
  gpr_set_log_function(LogGrpc);
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  // Protobuf would print what it cannot parse.
  google::protobuf::SetLogHandler(nullptr);
}

void LogInfo(std::string_view event, nlohmann::ordered_json facts) {
  spdlog::info("{}", FieldsOf(event, std::move(facts)));
}

void LogWarning(std::string_view event, nlohmann::ordered_json facts) {
  spdlog::warn("{}", FieldsOf(event, std::move(facts)));
}

void LogError(std::string_view event, nlohmann::ordered_json facts) {
  spdlog::error("{}", FieldsOf(event, std::move(facts)));
}

}  // namespace consent::consentd
