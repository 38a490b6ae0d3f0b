// SPDX-License-Identifier: Apache-2.0

#include "src/verify/directory_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/directory/law_in_force.h"
#include "src/journal/disclosure.h"
#include "src/journal/recovered.h"
#include "src/verify/inclusion.h"

namespace consent::verify {
namespace {

// Whether `later` is past all lag after `t`. What a log says of times may be any number.
bool IsWellAfter(Instant later, Instant t) {
  return later > t &&
         static_cast<uint64_t>(later.unix_seconds) - static_cast<uint64_t>(t.unix_seconds) >
             static_cast<uint64_t>(kDirectoryLagMax.count);
}

// The rule packs in force of which the law is not known here.
std::string UnknownPacks(const directory::Directory& directory,
                         absl::Span<const rules::Pack> more_packs) {
  std::string unknown;
  for (const auto& [id, pack] : directory.rule_packs()) {
    if (!pack.in_force || directory::CarriedPack(id, pack.sha256, more_packs).ok()) continue;
    absl::StrAppend(&unknown, unknown.empty() ? "" : ", ", id, " of ", pack.version, " (SHA-256 ",
                    absl::BytesToHexString(pack.sha256.str()), ")");
  }
  return unknown;
}

}  // namespace

void DirectoryLog::Read(const DisclosedLog& disclosed, Faults& faults) {
  log_size_ = disclosed.log.size;
  Inclusion inclusion(disclosed.source, log_size_, faults);
  directory::Directory directory(more_packs_);
  std::string bytes;
  while (disclosed.next(bytes)) {
    const uint64_t next = entries_.size();
    const std::string where = absl::StrCat("directory entry ", next);
    const auto disclosure = journal::ParseDisclosure(bytes);
    if (!disclosure.ok()) return faults.Add(where, std::string(disclosure.status().message()));
    // ParseDisclosure has read the entry already.
    const journal::Entry entry = *journal::ParseEntry(disclosure->shown.entry);
    // Nothing of the directory is ever erased: none may be missing before the last.
    if (entry.position.value != next || next >= log_size_) {
      return faults.Add(where, absl::StrCat("its disclosure is missing: that of entry ",
                                            entry.position.value, " stands in its place"));
    }
    if (!inclusion.Check(disclosure->shown.entry, next, where)) return;
    const journal::ShownParts& shown = *disclosure->shown.parts;
    journal::Parts parts{.contact = shown.contact.opened->bytes,
                         .company = shown.company.opened->bytes,
                         .ledger = shown.ledger.opened->bytes};
    if (const absl::Status taken = directory.Take(entry, parts); !taken.ok()) {
      return faults.Add(where, std::string(taken.message()));
    }
    if (journal::IsRecovered(entry)) recoveries_.push_back(entry.position);
    entries_.push_back({entry, std::move(parts)});
  }
}

// An entry that was written before the directory lost what it cites.
bool DirectoryLog::IsLost(TreeSize size, Instant at) const {
  return std::any_of(recoveries_.begin(), recoveries_.end(), [&](LeafIndex recovery) {
    return recovery.value < size.value && at < entries_[recovery.value].entry.at;
  });
}

std::string DirectoryLog::FaultOf(TreeSize size, Instant at) const {
  if (size < last_) {
    return absl::StrCat("cites the directory's size ", size.value, ", an entry before it ",
                        last_.value);
  }
  if (size.value > 0 && IsWellAfter(entries_[size.value - 1].entry.at, at)) {
    return absl::StrCat("cites the directory's size ", size.value,
                        ", of a time later than its own");
  }
  if (size.value < entries_.size() && IsWellAfter(at, entries_[size.value].entry.at)) {
    return absl::StrCat("cites the directory's size ", size.value,
                        ", which was no longer the newest");
  }
  return "";
}

Cited DirectoryLog::At(TreeSize size, Instant at) {
  if (size.value > log_size_) {
    return {.cause = NotRetakenCause::kDirectoryIsShort,
            .why = absl::StrCat("the copy of the directory's journal ends at ", log_size_,
                                " entries, and they cite up to ", size.value)};
  }
  if (size.value > entries_.size()) {
    return {.cause = NotRetakenCause::kDirectoryIsShort,
            .why = absl::StrCat("the directory's disclosures end after ", entries_.size(),
                                " entries, and they cite up to ", size.value)};
  }
  if (IsLost(size, at)) {
    return {.cause = NotRetakenCause::kDirectoryWasLost,
            .why = "they cite what the directory's journal lost before it was recovered"};
  }
  std::string fault = FaultOf(size, at);
  last_ = std::max(last_, size);
  if (size < now_.size()) now_ = directory::Directory(more_packs_);
  while (now_.size() < size) {
    const Kept& next = entries_[now_.size().value];
    now_.Take(next.entry, next.parts).IgnoreError();  // Read has taken it already.
  }
  Cited cited{.directory = &now_, .fault = std::move(fault)};
  if (!now_.law().ok()) {
    cited.cause = NotRetakenCause::kUnknownLaw;
    cited.why = absl::StrCat("rule packs were in force that this program does not know: ",
                             UnknownPacks(now_, more_packs_));
  }
  return cited;
}

}  // namespace consent::verify
