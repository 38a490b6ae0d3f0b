// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

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
#include "src/merkle/leaf_hash.h"
#include "src/merkle/tile.h"
#include "src/verify/bundle.h"
#include "src/verify/faults.h"
#include "src/verify/recount.h"
#include "src/verify/retake.h"

namespace consent {
namespace {

constexpr uint64_t kBetweenReports = 4'096;

class Audit {
 public:
  Audit(const LogSource& source, const LogReport& log, const AuditOptions& options)
      : source_(source), log_(log), options_(options), faults_(options.faults_max) {}

  AuditReport Run(const std::function<bool(std::string&)>& next) {
    AuditReport report;
    if (log_.verdict != VerifyVerdict::kGood) {
      report.verdict = VerifyVerdict::kBadInput;
      report.why = "the log itself was not found good: there is nothing to hold decisions against";
      return report;
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
    if (!IsInLog(disclosure->shown.entry, position)) return;
    if (position > next_position_) last_undisclosed_ = position - 1;
    undisclosed_ += position - next_position_;
    next_position_ = position + 1;
    ++disclosed_;
    CheckTag(entry, *disclosure);
    if (entry.kind < static_cast<uint8_t>(journal::DirectoryKind::kPartyPut)) {
      TakeEvent(entry, *disclosure);
    }
  }

  bool IsInLog(std::string_view entry, uint64_t position) {
    const uint64_t index = position / merkle::kTileWidth;
    const int width = merkle::WidthOf(0, index, {log_.size});
    if (tile_.width != width || tile_.index != index) {
      verify::FileRead read = verify::ReadTile(source_, {0, index, width});
      if (!read.usable()) {
        faults_.AddUnreadable(read.unreadable.empty() ? read.faults[0].where + ": is not there"
                                                      : read.unreadable);
        return false;
      }
      tile_ = {0, index, width};
      hashes_ = std::move(read.bytes);
    }
    const auto hash = merkle::HashIn(tile_, hashes_, {0, position});
    if (hash.ok() && *hash == merkle::LeafHash(entry)) return true;
    faults_.Add(EntryName(position), "its disclosure is of another entry than the log's");
    return false;
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
    const std::string difference = retake_.Add(disclosure.consumer, *event);
    if (difference.empty()) return;
    ++retaken_differently_;
    faults_.Add(EntryName(position), difference);
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
    report.retaken_differently = retaken_differently_;
    report.faults = faults_.kept();
    report.faults_more = faults_.more();
    report.why = faults_.unreadable();
    report.verdict = !faults_.none()                 ? VerifyVerdict::kFaulty
                     : !faults_.unreadable().empty() ? VerifyVerdict::kUnreadable
                                                     : VerifyVerdict::kGood;
  }

  const LogSource& source_;
  const LogReport& log_;
  const AuditOptions& options_;
  verify::Faults faults_;
  uint64_t seen_ = 0;
  uint64_t next_position_ = 0;
  uint64_t disclosed_ = 0;
  uint64_t undisclosed_ = 0;
  std::optional<uint64_t> last_undisclosed_;
  std::optional<uint64_t> last_erased_;
  merkle::Tile tile_;  // The last one read, and its hashes.
  std::string hashes_;
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
