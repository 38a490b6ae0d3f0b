// SPDX-License-Identifier: Apache-2.0
//
// Logs: one JSON object a line, on stderr. Callers name what happened and give facts about it;
// never a contact point, a key or a secret.

#ifndef CONSENT_CONSENTD_LOG_H_
#define CONSENT_CONSENTD_LOG_H_

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace consent::consentd {

// Sets up the log; `level` is debug, info, warn or error. Library messages go the same way.
void StartLog(const std::string& level);

// {"time":"2026-11-22T10:00:00.000Z","level":"info","event":"started", ...facts}
void LogInfo(std::string_view event, nlohmann::ordered_json facts = {});
void LogWarning(std::string_view event, nlohmann::ordered_json facts = {});
void LogError(std::string_view event, nlohmann::ordered_json facts = {});

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_LOG_H_
