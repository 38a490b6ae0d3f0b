// SPDX-License-Identifier: Apache-2.0

#include "tests/verify/ledger_copy.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "src/base/codec.h"
#include "src/consent/evolve.h"
#include "src/journal/disclosure.h"
#include "src/journal/event_parts.h"
#include "src/journal/reader.h"

namespace consent::verify {
namespace {

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::abort();
}

journal::Disclosure Parse(const std::string& bytes) {
  absl::StatusOr<journal::Disclosure> disclosure = journal::ParseDisclosure(bytes);
  Require(disclosure.status());
  return *std::move(disclosure);
}

journal::Parts PartsOf(const journal::Disclosure& disclosure) {
  const journal::ShownParts& parts = *disclosure.shown.parts;
  return {parts.contact.opened->bytes, parts.company.opened->bytes, parts.ledger.opened->bytes};
}

}  // namespace

LedgerCopy::LedgerCopy(store::Store& consumers, store::Store& directory)
    : directory_(Copy(directory, kDirectoryShard, "ledger.example/directory")),
      consumers_(Copy(consumers, ShardId{1}, "ledger.example/1")) {}

LedgerCopy::Journal LedgerCopy::Copy(store::Store& store, ShardId shard, const std::string& name) {
  Journal copy{TestLog(name), {}};
  const absl::StatusOr<store::Head> head = store.ReadHead(shard);
  Require(head.status());
  journal::Discloser discloser(store, shard);
  Require(journal::ForEachLeaf(store, shard, LeafIndex{0}, head->size,
                               [&](const journal::Leaf& leaf) -> absl::Status {
                                 copy.log.Append(std::string(leaf.bytes));
                                 const auto disclosure = discloser.Disclose(leaf);
                                 Require(disclosure.status());
                                 if (disclosure->has_value())
                                   copy.disclosures.push_back(Encode(**disclosure));
                                 return absl::OkStatus();
                               }));
  return copy;
}

void LedgerCopy::Forge(const Lie& lie, const core::EventBody& body) {
  // The liar knows the secrets; what follows from them is in the other disclosures.
  uint64_t count = 0;
  std::optional<crypto::Secret> key;
  const int32_t year = core::TagYearOf(lie.at);
  for (const std::string& bytes : consumers_.disclosures) {
    journal::Disclosure other = Parse(bytes);
    const journal::Entry entry = *journal::ParseEntry(other.shown.entry);
    if (other.consumer != lie.consumer || core::TagYearOf(entry.at) != year) continue;
    if (!other.tag_key.has_value()) continue;
    key = std::move(other.tag_key);
    ++count;
  }
  if (!key.has_value()) key = *crypto::Secret::FromBytes(std::string(32, 'y'));
  journal::Entry entry;
  entry.kind = static_cast<uint8_t>(journal::KindOf(body));
  entry.position = {consumers_.log.size()};
  entry.at = lie.at;
  entry.channel = journal::ChannelOf(body);
  entry.reason = journal::ReasonAnswered(body);
  entry.directory_size = lie.directory_size;
  entry.company = lie.named_company;
  entry.tag = journal::TagOf(*key, lie.consumer.has_value() ? count : consumers_.log.size());
  const journal::Parts parts = journal::ToParts(body, lie.contact_point);
  entry.commitment = journal::Commit(journal::Salts{}, parts);
  const std::string bytes = Encode(entry);
  consumers_.log.Append(bytes);
  consumers_.disclosures.push_back(Encode(journal::Disclosure{
      .shown = journal::Show(bytes, journal::Salts{}, parts, journal::Shown::kAll),
      .consumer = lie.consumer,
      .tag_key = std::move(key)}));
}

core::Event LedgerCopy::LastEvent() const {
  const journal::Disclosure last = Parse(consumers_.disclosures.back());
  absl::StatusOr<core::Event> event =
      journal::ToEvent(*journal::ParseEntry(last.shown.entry), PartsOf(last));
  Require(event.status());
  return *std::move(event);
}

LedgerCopy::Lie LedgerCopy::LastPlace() const {
  const journal::Disclosure last = Parse(consumers_.disclosures.back());
  const journal::Entry entry = *journal::ParseEntry(last.shown.entry);
  return {.at = entry.at,
          .directory_size = entry.directory_size,
          .consumer = last.consumer,
          .contact_point = PartsOf(last).contact,
          .named_company = entry.company};
}

void LedgerCopy::DropLast() {
  consumers_.log.entries().pop_back();
  consumers_.disclosures.pop_back();
}

namespace {

std::function<bool(std::string&)> InOrder(const std::vector<std::string>& disclosures) {
  return [&disclosures, next = size_t{0}](std::string& bytes) mutable {
    if (next == disclosures.size()) return false;
    bytes = disclosures[next++];
    return true;
  };
}

}  // namespace

AuditReport LedgerCopy::Audit(AuditOptions options) const {
  const Files files = directory_.log.Publish();
  const LogSource source = SourceOf(files);
  const LogReport log = VerifyLog(source, {.keys = {directory_.log.vkey()}});
  options.directory = DisclosedLog{source, log, InOrder(directory_.disclosures)};
  const Files consumers = consumers_.log.Publish();
  const LogSource consumers_source = SourceOf(consumers);
  const LogReport consumers_log = VerifyLog(consumers_source, {.keys = {consumers_.log.vkey()}});
  return AuditDecisions(consumers_source, consumers_log, InOrder(consumers_.disclosures), options);
}

AuditReport LedgerCopy::AuditAlone() const {
  const Files files = consumers_.log.Publish();
  const LogSource source = SourceOf(files);
  const LogReport log = VerifyLog(source, {.keys = {consumers_.log.vkey()}});
  return AuditDecisions(source, log, InOrder(consumers_.disclosures), {.complete = true});
}

std::string LedgerCopy::FaultsOf(const AuditReport& report) {
  std::string text = report.why;
  for (const LogFault& fault : report.faults) text += "[" + fault.where + ": " + fault.what + "]";
  return text;
}

}  // namespace consent::verify
