// SPDX-License-Identifier: Apache-2.0
//
// Lists of people not to contact: from the wire to the shard, and back.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/api/decode.h"
#include "src/api/directory_service.h"
#include "src/api/error.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/directory/directory.h"
#include "src/ledger/place_of.h"
#include "src/statement/moment.h"

namespace consent::api {
namespace {

constexpr char kEverybody[] = "*";

absl::StatusOr<core::Listing> DecodeList(const v1::RecordListingsRequest& request) {
  if (!directory::IsPartyId(request.list())) {
    return InvalidField("list", "expected 1 to 64 characters of a-z, 0-9, '.', '_' or '-'");
  }
  core::Listing listing;
  listing.list = request.list();
  listing.company = request.company().empty() ? kEverybody : request.company();
  if (listing.company != kEverybody && !directory::IsPartyId(listing.company)) {
    return InvalidField("company", "expected a company's id, or \"*\" for everybody");
  }
  const int count = request.listings_size();
  if (count < 1 || count > static_cast<int>(ledger::Shard::kBatchMax)) {
    return InvalidField("listings", absl::StrCat("expected 1 to ", ledger::Shard::kBatchMax,
                                                 " listings, found ", count));
  }
  return listing;
}

absl::StatusOr<ledger::ListingCommand> Decode(const Context& context, const core::Listing& list,
                                              const v1::Listing& listing) {
  ASSIGN_OR_RETURN(const contact::ContactPoint point, ParseContactPoint(listing.contact_point()));
  ledger::ListingCommand command;
  command.contact = context.peppers.NameOf(point);
  command.contact_point = point.uri();
  command.place = ledger::PlaceOf(point);
  command.listing = list;
  if (listing.has_listed_at()) {
    ASSIGN_OR_RETURN(command.listed_at,
                     statement::ReadWholeSeconds(listing.listed_at(), "listed_at"));
    command.listing.listed_at = *command.listed_at;
  }
  command.removed = listing.removed();
  return command;
}

void AddError(int index, const absl::Status& status, v1::RecordListingsResponse* response) {
  v1::ListingError* const error = response->add_errors();
  error->set_index(index);
  *error->mutable_error() = ToRpcStatus(status);
}

}  // namespace

void DirectoryService::RecordListings(UnaryCall* call, const v1::RecordListingsRequest* request,
                                      v1::RecordListingsResponse* response) {
  const absl::StatusOr<core::Listing> list = DecodeList(*request);
  if (!list.ok()) return call->Finish(list.status());
  std::vector<ledger::ListingCommand> commands;
  std::vector<int> places;  // Of the commands in the request.
  for (int i = 0; i < request->listings_size(); ++i) {
    absl::StatusOr<ledger::ListingCommand> command = Decode(context_, *list, request->listings(i));
    if (command.ok()) {
      commands.push_back(*std::move(command));
      places.push_back(i);
    } else {
      AddError(i, command.status(), response);
    }
  }
  if (commands.empty()) {
    call->Finish(absl::OkStatus());
    return;
  }
  context_.ledger.FindShard(ledger::kConsumerShard)
      ->List(call->lane(), std::move(commands),
             [call, response,
              places = std::move(places)](const absl::StatusOr<ledger::ListingAnswers>& answers) {
               if (!answers.ok()) return call->Finish(answers.status());
               int changed = 0, unchanged = 0;
               for (size_t i = 0; i < places.size(); ++i) {
                 const absl::StatusOr<ledger::ListingAnswer>& answer = (*answers)[i];
                 if (answer.ok()) {
                   ++(answer->changed ? changed : unchanged);
                 } else {
                   AddError(places[i], answer.status(), response);
                 }
               }
               response->set_changed(changed);
               response->set_unchanged(unchanged);
               call->Finish(absl::OkStatus());
             });
}

}  // namespace consent::api
