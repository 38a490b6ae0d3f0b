// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "consent/verifier.h"
#include "src/base/codec.h"
#include "src/base/ids.h"
#include "src/consent/event.h"
#include "src/consent/evolve.h"
#include "src/crypto/secret.h"
#include "src/journal/disclosure.h"
#include "src/journal/entry.h"
#include "src/journal/event_parts.h"
#include "src/journal/opening.h"
#include "src/rules/pack.h"
#include "src/verify/directory_log.h"
#include "src/verify/faults.h"
#include "src/verify/inclusion.h"
#include "src/verify/recount.h"
#include "src/verify/retake.h"

namespace consent {
namespace {

constexpr uint64_t kBetweenReports = 4'096;
constexpr std::string_view kDirectoryName = "/directory";  // In the origin of its journal.

class Audit {
 public:
  Audit(const LogSource& source, const LogReport& log, const AuditOptions& options)
      : log_(log),
        options_(options),
        faults_(options.faults_max),
        inclusion_(source, log.size, faults_) {}

  AuditReport Run(const std::function<bool(std::string&)>& next) {
    AuditReport report;
    report.why = CheckInput();
    if (!report.why.empty()) {
      report.verdict = VerifyVerdict::kBadInput;
      return report;
    }
    if (options_.directory.has_value()) {
      directory_.emplace(packs_);
      directory_->Read(*options_.directory, faults_);
    }
    std::string bytes;
    while (faults_.unreadable().empty() && next(bytes)) {
      Take(bytes);
      if (options_.progress && ++seen_ % kBetweenReports == 0) options_.progress(seen_);
    }
    if (faults_.unreadable().empty()) Finish();
    Fill(report);
    return report;
  }

 private:
  // The year keys of one consumer, and the number of the next entry of the year.
  struct Year {
    crypto::Secret key;
    uint64_t next = 0;
  };
  using Years = std::map<int32_t, Year>;

  static std::string EntryName(uint64_t position) { return absl::StrCat("entry ", position); }

  // What keeps the decisions from being judged; empty when nothing does.
  std::string CheckInput() {
    if (log_.verdict != VerifyVerdict::kGood) {
      return "the log itself was not found good: there is nothing to hold decisions against";
    }
    if (options_.directory.has_value()) {
      const LogReport& directory = options_.directory->log;
      if (directory.verdict != VerifyVerdict::kGood) {
        return "the directory's log was not found good: there is nothing to judge by";
      }
      const size_t end = directory.origin.rfind(kDirectoryName);
      if (end == std::string::npos ||
          !log_.origin.starts_with(directory.origin.substr(0, end + 1))) {
        return absl::StrCat(directory.origin, " is not the directory of the ledger of ",
                            log_.origin);
      }
    }
    for (size_t i = 0; i < options_.packs.size(); ++i) {
      rules::PackFile file = rules::ParsePack(options_.packs[i]);
      if (!file.errors.empty()) {
        return absl::StrCat("rule pack ", i + 1, ": line ", file.errors[0].line, ": ",
                            file.errors[0].message);
      }
      packs_.push_back(std::move(file.pack));
    }
    return "";
  }

  void Take(std::string_view bytes) {
    const auto disclosure = journal::ParseDisclosure(bytes);
    if (!disclosure.ok()) {
      return faults_.Add(absl::StrCat("disclosure after entry ", next_position_),
                         std::string(disclosure.status().message()));
    }
    // ParseDisclosure has read the entry already.
    const journal::Entry entry = *journal::ParseEntry(disclosure->shown.entry);
    const uint64_t position = entry.position.value;
    if (position < next_position_ || position >= log_.size) {
      return faults_.Add(EntryName(position),
                         "its disclosure is out of order, or of no entry of this log");
    }
    if (!inclusion_.Check(disclosure->shown.entry, position, EntryName(position))) return;
    if (position > next_position_) last_undisclosed_ = position - 1;
    undisclosed_ += position - next_position_;
    next_position_ = position + 1;
    ++disclosed_;
    CheckTag(entry, *disclosure);
    if (entry.kind < static_cast<uint8_t>(journal::DirectoryKind::kPartyPut)) {
      TakeEvent(entry, *disclosure);
    }
  }

  void CheckTag(const journal::Entry& entry, const journal::Disclosure& disclosure) {
    const uint64_t position = entry.position.value;
    if (!disclosure.tag_key.has_value()) {
      if (entry.tag != journal::Tag{})
        faults_.Add(EntryName(position), "the key of its tag is missing");
      return;
    }
    uint64_t number = position;  // Of contact points never heard of.
    if (disclosure.consumer.has_value()) {
      Years& years = years_[*disclosure.consumer];
      const auto [year, is_new] = years.try_emplace(core::TagYearOf(entry.at));
      if (is_new) year->second.key = disclosure.tag_key->Copy();
      if (!(year->second.key == *disclosure.tag_key)) {
        faults_.Add(EntryName(position), "another key than that of this consumer's year");
      }
      number = year->second.next++;
    }
    if (journal::TagOf(*disclosure.tag_key, number) == entry.tag) return;
    faults_.Add(EntryName(position),
                disclosure.consumer.has_value()
                    ? absl::StrCat("its tag is not that of the number ", number,
                                   ": an entry about this consumer is missing before it")
                    : std::string("its tag is not that of its position"));
  }

  void TakeEvent(const journal::Entry& entry, const journal::Disclosure& disclosure) {
    const uint64_t position = entry.position.value;
    const journal::ShownParts& parts = *disclosure.shown.parts;
    const auto event = journal::ToEvent(entry, {.contact = parts.contact.opened->bytes,
                                                .company = parts.company.opened->bytes,
                                                .ledger = parts.ledger.opened->bytes});
    if (!event.ok()) {
      return faults_.Add(EntryName(position), "its parts are not those of its kind");
    }
    if (entry.channel != journal::ChannelOf(event->body) ||
        entry.reason != journal::ReasonAnswered(event->body) ||
        (!entry.company.empty() && entry.company != journal::CompanyOf(event->body))) {
      faults_.Add(EntryName(position), "shows another answer than its parts");
    }
    if (std::holds_alternative<core::Erased>(event->body)) last_erased_ = position;
    if (!std::holds_alternative<core::Recovered>(event->body)) {
      recount_.Add(disclosure.consumer, *event);
    }
    const verify::Cited cited = CitedBy(entry, *event);
    const std::string difference =
        retake_.Add(disclosure.consumer, *event, parts.contact.opened->bytes, cited);
    if (difference.empty()) return;
    ++retaken_differently_;
    faults_.Add(EntryName(position), difference);
  }

  // The directory that the entry was written by.
  verify::Cited CitedBy(const journal::Entry& entry, const core::Event& event) {
    if (!directory_.has_value()) {
      return {.cause = NotRetakenCause::kNoDirectory,
              .why =
                  "law, delegations, numbers or groups may have borne on them, and the "
                  "directory's journal, which holds these, was not given"};
    }
    if (std::holds_alternative<core::Recovered>(event.body)) {
      directory_->Recovered();
      return {};
    }
    verify::Cited cited = directory_->At(entry.directory_size, entry.at);
    if (cited.directory != nullptr && cited.fault.empty()) {
      const directory::Party* const company =
          cited.directory->Find(journal::CompanyOf(event.body), directory::Role::kCompany);
      const bool named = company != nullptr && company->named_in_entries;
      if (entry.company != (named ? company->id : "")) {
        cited.fault = "names its company otherwise than the directory lets it";
      }
    }
    return cited;
  }

  void Finish() {
    if (next_position_ < log_.size) last_undisclosed_ = log_.size - 1;
    undisclosed_ += log_.size - next_position_;
    if (options_.complete && last_undisclosed_.has_value() &&
        (!last_erased_.has_value() || *last_undisclosed_ > *last_erased_)) {
      faults_.Add(EntryName(*last_undisclosed_),
                  "is not disclosed, and nobody was erased after it");
    }
    if (options_.progress) options_.progress(seen_);
  }

  void Fill(AuditReport& report) {
    const verify::RecountTotals totals = recount_.Totals();
    for (const verify::Excess& excess : totals.first_excesses) {
      faults_.Add(EntryName(excess.entry.value), excess.what);
    }
    report.disclosed = disclosed_;
    report.undisclosed = undisclosed_;
    report.consumers = years_.size();
    report.decided = totals.decided;
    report.allowed = totals.allowed;
    report.denied = totals.denied;
    report.denied_by_reason = totals.denied_by_reason;
    report.contacts = totals.contacts;
    report.limits_checked = totals.limits_checked;
    report.over_limit = totals.over_limit;
    report.without_grant = totals.without_grant;
    report.on_other_bases = totals.on_other_bases;
    report.retaken = retake_.retaken();
    report.not_retaken = retake_.not_retaken();
    report.not_retaken_cause = retake_.not_retaken_cause();
    report.not_retaken_why = retake_.not_retaken_why();
    report.retaken_differently = retaken_differently_;
    report.faults = faults_.kept();
    report.faults_more = faults_.more();
    report.why = faults_.unreadable();
    report.verdict = !faults_.none()                 ? VerifyVerdict::kFaulty
                     : !faults_.unreadable().empty() ? VerifyVerdict::kUnreadable
                                                     : VerifyVerdict::kGood;
  }

  const LogReport& log_;
  const AuditOptions& options_;
  verify::Faults faults_;
  verify::Inclusion inclusion_;
  std::vector<rules::Pack> packs_;
  std::optional<verify::DirectoryLog> directory_;
  uint64_t seen_ = 0;
  uint64_t next_position_ = 0;
  uint64_t disclosed_ = 0;
  uint64_t undisclosed_ = 0;
  std::optional<uint64_t> last_undisclosed_;
  std::optional<uint64_t> last_erased_;
  absl::flat_hash_map<ConsumerId, Years> years_;
  verify::Recount recount_;
  verify::Retake retake_;
  uint64_t retaken_differently_ = 0;
};

}  // namespace

AuditReport AuditDecisions(const LogSource& source, const LogReport& log,
                           const std::function<bool(std::string&)>& next,
                           const AuditOptions& options) {
  return Audit(source, log, options).Run(next);
}

}  // namespace consent
