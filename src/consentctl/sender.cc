// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/sender.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/fault.h"
#include "src/consentctl/failure.h"

namespace consent::ctl {
namespace {

constexpr int kTries = 6;
constexpr absl::Duration kFirstWait = absl::Milliseconds(100);
constexpr size_t kRefusalsShown = 10;

std::string ReasonOrCode(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

}  // namespace

absl::Status Sender::Send(const std::vector<v1::SignedStatement>& statements) {
  size_t judged = 0;
  absl::Duration wait = kFirstWait;
  absl::Status last;
  for (int attempt = 0; attempt < kTries && judged < statements.size(); ++attempt) {
    if (attempt > 0) {
      absl::SleepFor(PauseAfter(last, wait));
      wait *= 2;
    }
    v1::RecordStatementsRequest request;
    for (size_t i = judged; i < statements.size(); ++i) *request.add_statements() = statements[i];
    const auto response =
        connection_.Call(connection_.grants(), &v1::GrantService::Stub::RecordStatements, request);
    if (!response.ok()) {
      last = response.status();
      // Nobody there at all is better said at once, unless part of the work is done.
      if (!MayRetry(last) || (sent() == 0 && ReasonOf(last).empty())) return last;
      continue;
    }
    if (static_cast<size_t>(response->results_size()) != statements.size() - judged) {
      return absl::InternalError("the ledger answered another number of statements than were sent");
    }
    for (const v1::StatementResult& result : response->results()) {
      last = result.has_error() ? FromRpc(result.error()) : absl::OkStatus();
      if (!last.ok() && MayRetry(last)) break;
      Take(result);
      ++judged;
    }
  }
  return judged == statements.size() ? absl::OkStatus() : last;
}

void Sender::Take(const v1::StatementResult& result) {
  Json json;
  if (result.has_accepted()) {
    ++accepted_;
    if (result.accepted().repeated()) ++repeated_;
    json = {{"accepted", true},
            {"journal_origin", result.accepted().journal_origin()},
            {"entry", result.accepted().entry()},
            {"repeated", result.accepted().repeated()}};
  } else {
    const absl::Status status = result.has_error()
                                    ? FromRpc(result.error())
                                    : absl::InternalError("the ledger gave no answer to this one");
    ++refused_;
    ++refused_by_reason_[ReasonOrCode(status)];
    if (first_refusals_.size() < kRefusalsShown) {
      first_refusals_.push_back(absl::StrCat("statement ", sent(), ": ", ForPeople(status)));
    }
    json = {{"accepted", false},
            {"reason", ReasonOf(status)},
            {"code", absl::StatusCodeToString(status.code())},
            {"message", std::string(status.message())}};
  }
  if (results_.size() < kStatementsPerCall) results_.push_back(std::move(json));
}

int Sender::Report(const Json& extra) const {
  const int exit_code = refused_ == 0 ? kExitOk : kExitDenied;
  if (session_.json) {
    Json json = extra;
    json["accepted"] = accepted_;
    json["repeated"] = repeated_;
    json["refused"] = refused_;
    json["refused_by_reason"] = refused_by_reason_;
    json["results"] = results_;
    session_.Print(json);
    return exit_code;
  }
  Table table;
  for (const auto& [name, value] : extra.items()) {
    table.Add({name, value.is_string() ? value.get<std::string>() : Dump(value)});
  }
  if (sent() == 1 && accepted_ == 1) {
    table.Add({"accepted", absl::StrCat("entry ", results_[0]["entry"].get<uint64_t>(), " of ",
                                        results_[0]["journal_origin"].get<std::string>(),
                                        repeated_ == 1 ? " (it had arrived before)" : "")});
  } else {
    table.Add({"accepted", Grouped(accepted_)});
    if (repeated_ > 0) table.Add({"  had arrived before", Grouped(repeated_)});
    table.Add({"refused", Grouped(refused_)});
    for (const auto& [reason, count] : refused_by_reason_) {
      table.Add({"  " + reason, Grouped(count)});
    }
  }
  table.Write(session_.out);
  for (const std::string& refusal : first_refusals_)
    session_.err << "consentctl: " << refusal << "\n";
  if (refused_ > first_refusals_.size()) {
    session_.err << "consentctl: and " << Grouped(refused_ - first_refusals_.size())
                 << " further refusals\n";
  }
  return exit_code;
}

}  // namespace consent::ctl
