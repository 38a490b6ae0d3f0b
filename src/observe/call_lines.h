// SPDX-License-Identifier: Apache-2.0
//
// The lines of the access log and of the audit log, as JSON. Their fields are those of
// docs/reference/logs.md, which a test compares with them; none holds what a request or an answer
// says.
//
// Threads: safe from any thread.

#ifndef CONSENT_OBSERVE_CALL_LINES_H_
#define CONSENT_OBSERVE_CALL_LINES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/api/observer.h"

namespace consent::observe {

// What an act of the audit log does.
enum class Act { kDirectory, kErase, kView, kDossier, kExport, kAdminister };

// Which act a method is; none for those that matter only while they last.
std::optional<Act> ActOf(std::string_view method);
// "directory_changed". Refused or failed, an act keeps its name: `status` says how it went.
std::string_view NameOf(Act act);

// The names of the acts that are no calls.
inline constexpr char kStarted[] = "service_started";
inline constexpr char kStopped[] = "service_stopped";
inline constexpr char kCredentials[] = "credentials_replaced";
inline constexpr char kCredentialsRefused[] = "credentials_not_replaced";
inline constexpr char kTurnedAway[] = "turned_away";
inline constexpr char kTurnedAwayMore[] = "turned_away_more";

// One line of the access log; `now_ms` is Unix time.
std::string AccessLine(const api::CallEnd& end, int64_t now_ms);
// One line of the audit log about a call.
std::string AuditLine(std::string_view act, const api::CallEnd& end, int64_t now_ms);
// One about something else: `facts` are names and values, in their order.
std::string AuditLine(std::string_view act,
                      const std::vector<std::pair<std::string, std::string>>& facts,
                      int64_t now_ms);

}  // namespace consent::observe

#endif  // CONSENT_OBSERVE_CALL_LINES_H_
