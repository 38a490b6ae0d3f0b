// SPDX-License-Identifier: Apache-2.0
//
// Arguments: what is typed, as the wire's values. Words may be written in small letters.
//
// Each parser returns BadInput that names the argument, says what was expected and does not quote
// what was found: anything may have been typed there, a contact point too.

#ifndef CONSENT_CONSENTCTL_ARGUMENTS_H_
#define CONSENT_CONSENTCTL_ARGUMENTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "consent/v1/vocabulary.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/base/instant.h"

namespace consent::ctl {

// "90s", "5m" or "24h"; 1 s to 24 h.
absl::StatusOr<Seconds> ParseDuration(std::string_view text, const std::string& name);

// RFC 3339 in whole seconds with "Z" or an offset: "2026-03-01T09:00:00+01:00".
absl::StatusOr<google::protobuf::Timestamp> ParseTime(const std::string& text,
                                                      const std::string& name);

// "CALL", "DIRECT_MARKETING", "NO_ANSWER".
absl::StatusOr<v1::Channel> ParseChannelName(std::string_view text, const std::string& name);
absl::StatusOr<v1::Purpose> ParsePurposeName(std::string_view text, const std::string& name);
absl::StatusOr<v1::Outcome> ParseOutcomeName(std::string_view text, const std::string& name);
absl::StatusOr<v1::Relation> ParseRelationName(std::string_view text, const std::string& name);
absl::StatusOr<v1::HolderClass> ParseHolderClassName(std::string_view text,
                                                     const std::string& name);
// "CALL,SMS" or "CALL+SMS". At least one.
absl::StatusOr<std::vector<v1::Channel>> ParseChannelNames(std::string_view text,
                                                           const std::string& name);

// "MON-FRI 10:00-13:00", "SAT,SUN 09:00-12:00", "MON-WED,FRI 18:00-24:00": days, one space, a
// span of hours that does not cross midnight. Days may wrap ("SAT-MON").
absl::StatusOr<v1::Hours> ParseHours(std::string_view text, const std::string& name);

// 32 hexadecimal digits, as tables show key ids, as the wire's 16 bytes.
absl::StatusOr<std::string> ParseKeyId(std::string_view text, const std::string& name);

// Contact points as typed: each argument is one, or "@FILE" with one a line (the first column of a
// CSV file; empty lines and lines that begin with '#' are skipped). Not looked into any further:
// that is the ledger's.
absl::StatusOr<std::vector<std::string>> ReadContacts(const std::vector<std::string>& arguments);
// The lines of such a file.
absl::StatusOr<std::vector<std::string>> ReadContactFile(const std::string& path);
// The same with each one's number in the file, from 1.
struct ContactLine {
  std::string contact;
  uint64_t line = 0;
};
absl::StatusOr<std::vector<ContactLine>> ReadContactLines(const std::string& path);

// Names of the wire's words, without their prefix; a number this program does not know as itself.
std::string NameOf(v1::Channel channel);
std::string NameOf(v1::Purpose purpose);
std::string NameOf(v1::Outcome outcome);
std::string NameOf(v1::Reason reason);
std::string NameOf(v1::Verdict verdict);
std::string NameOf(v1::Basis basis);
std::string NameOf(v1::SignerRole role);
std::string NameOf(v1::Weekday day);
std::string NameOf(v1::Relation relation);
std::string NameOf(v1::HolderClass holder);
std::string NameOf(v1::BlockTarget target);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_ARGUMENTS_H_
