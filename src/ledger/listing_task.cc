// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/listing_task.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

// The record's listing in the same list, against the same company; null when there is none.
const core::Listing* FindListing(const core::Record& record, const core::Listing& listing) {
  const auto& listings = record.listings;
  const auto it = std::find_if(listings.begin(), listings.end(), [&](const core::Listing& known) {
    return known.list == listing.list && known.company == listing.company;
  });
  return it != listings.end() ? &*it : nullptr;
}

absl::Status CheckRoom(const core::Record& record, const core::Listing& added) {
  const bool of_all = added.company == "*";
  int alike = 0, of_the_company = 0;
  for (const core::Listing& listing : record.listings) {
    alike += (listing.company == "*") == of_all ? 1 : 0;
    of_the_company += listing.company == added.company ? 1 : 0;
  }
  if (alike >= core::kListingsMax) {
    return InvalidField("list", absl::StrCat("expected a contact point on fewer than ",
                                             core::kListingsMax, " lists"));
  }
  if (!of_all && of_the_company >= core::kListingsOfACompanyMax) {
    return InvalidField("list",
                        absl::StrCat("expected a contact point on fewer than ",
                                     core::kListingsOfACompanyMax, " lists of one company"));
  }
  return absl::OkStatus();
}

}  // namespace

void ListingTask::Judge(Turn& turn) {
  answers_.clear();
  const std::shared_ptr<const directory::Directory> directory = desk_.directory.Snapshot();
  for (const ListingCommand& command : commands_) {
    answers_.push_back(Judge(turn, *directory, command));
  }
}

absl::StatusOr<ListingAnswer> ListingTask::Judge(Turn& turn, const directory::Directory& directory,
                                                 const ListingCommand& command) {
  ASSIGN_OR_RETURN(Consumer * consumer, desk_.consumers.Find(command.contact));
  core::Listing listing = command.listing;
  const core::Listing* const known =
      consumer != nullptr ? FindListing(consumer->record, listing) : nullptr;
  if (!command.listed_at.has_value()) {
    // Without a date of its own a listing keeps the one it has.
    listing.listed_at = known != nullptr ? known->listed_at : turn.now;
  }
  if (listing.listed_at > turn.now) {
    return InvalidField("listed_at", "expected a moment not after the ledger's time");
  }
  const bool changes = command.removed ? known != nullptr : known == nullptr || *known != listing;
  if (!changes) return ListingAnswer{.changed = false};
  if (known == nullptr && consumer != nullptr) {
    RETURN_IF_ERROR(CheckRoom(consumer->record, listing));
  }
  const bool is_new = consumer == nullptr || (consumer->record.erased.has_value() &&
                                              consumer->record.place == core::Place());
  core::Listed listed{.listing = std::move(listing),
                      .removed = command.removed,
                      .subject = {.contact_id = command.contact.newest,
                                  .place = is_new ? command.place : core::Place{}}};
  if (consumer == nullptr) consumer = &AddConsumer(desk_.consumers, turn);
  desk_.recorder.Record(turn, directory, *consumer, {command.contact_point, &command.contact},
                        std::move(listed));
  return ListingAnswer{.changed = true};
}

void ListingTask::Answer(const absl::Status& durable) {
  if (!durable.ok()) return done_(durable);
  done_(std::move(answers_));
}

}  // namespace consent::ledger
