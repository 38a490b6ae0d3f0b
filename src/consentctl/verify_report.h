// SPDX-License-Identifier: Apache-2.0
//
// What the verifier found, as JSON and as rows of a table.

#ifndef CONSENT_CONSENTCTL_VERIFY_REPORT_H_
#define CONSENT_CONSENTCTL_VERIFY_REPORT_H_

#include <cstdint>
#include <string>

#include "consent/verifier.h"
#include "src/consentctl/output.h"
#include "src/consentctl/session.h"

namespace consent::ctl {

// "GOOD"
std::string Name(VerifyVerdict verdict);
// RFC 3339.
std::string Utc(int64_t unix_seconds);

Json ToJson(const LogReport& report);
Json ToJson(const AuditReport& report);

void AddRows(const LogReport& report, Table& table);
void AddRows(const AuditReport& report, Table& table);

// A line for each fault, and why not all could be read. `log` stands before the place of a fault;
// empty for the log that is verified.
void WriteFaults(const Session& session, const LogReport& report, const std::string& log = "");
void WriteFaults(const Session& session, const AuditReport& report);
// The proofs of a lie, to be kept.
void WriteForks(const Session& session, const LogReport& report);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_VERIFY_REPORT_H_
