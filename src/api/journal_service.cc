// SPDX-License-Identifier: Apache-2.0

#include "src/api/journal_service.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/api/decode.h"
#include "src/api/dossier_stream.h"
#include "src/api/entry_stream.h"
#include "src/api/error.h"
#include "src/api/receipts.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/journal/tile_reader.h"
#include "src/merkle/tile.h"

namespace consent::api {
namespace {

absl::Status BeyondJournal(uint64_t size) {
  return Fault(absl::StatusCode::kOutOfRange, "BEYOND_JOURNAL",
               absl::StrCat("the journal's last checkpoint has ", size, " entries"));
}

// A journal as far as its last checkpoint reaches.
struct Log {
  ShardId shard;
  TreeSize size;
  journal::TileReader tiles;
};

absl::StatusOr<Log> OpenLog(const Context& context, const std::string& origin) {
  ASSIGN_OR_RETURN(const ShardId shard, FindJournal(context, origin));
  return Log{.shard = shard,
             .size = context.ledger.publisher().Latest(shard)->checkpoint.size,
             .tiles = journal::TileReader(context.ledger.store(), shard)};
}

// The size of a tree that was asked for: 0 is the last checkpoint's.
absl::StatusOr<TreeSize> TreeOf(const Log& log, uint64_t asked) {
  if (asked == 0) return log.size;
  if (asked > log.size.value) return BeyondJournal(log.size.value);
  return TreeSize{asked};
}

template <class Hashes>
void AddHashes(const std::vector<Digest>& proof, Hashes* out) {
  for (const Digest& hash : proof) *out->Add() = hash.str();
}

absl::Status ReadTile(const Context& context, const v1::GetTileRequest& request,
                      v1::GetTileResponse* response) {
  ASSIGN_OR_RETURN(const Log log, OpenLog(context, request.journal_origin()));
  const merkle::Tile tile{.level = request.level(),
                          .index = request.index(),
                          .width = request.width() == 0 ? merkle::kTileWidth : request.width()};
  if (tile.level < 0 || tile.level > merkle::kTileLevelMax) {
    return InvalidField("level", absl::StrCat("expected 0 to ", merkle::kTileLevelMax));
  }
  if (tile.width < 1 || tile.width > merkle::kTileWidth) {
    return InvalidField("width", absl::StrCat("expected 1 to ", merkle::kTileWidth));
  }
  absl::StatusOr<std::string> hashes = log.tiles.ReadTile(tile, log.size);
  if (absl::IsOutOfRange(hashes.status())) return BeyondJournal(log.size.value);
  RETURN_IF_ERROR(hashes.status());
  response->set_journal_origin(request.journal_origin());
  response->set_hashes(*std::move(hashes));
  return absl::OkStatus();
}

absl::Status ProveInclusion(const Context& context, const v1::GetInclusionProofRequest& request,
                            v1::GetInclusionProofResponse* response) {
  ASSIGN_OR_RETURN(const Log log, OpenLog(context, request.journal_origin()));
  ASSIGN_OR_RETURN(const TreeSize size, TreeOf(log, request.tree_size()));
  if (request.entry() >= size.value) return BeyondJournal(log.size.value);
  ASSIGN_OR_RETURN(const std::vector<Digest> proof,
                   log.tiles.InclusionProof({request.entry()}, size));
  response->set_journal_origin(request.journal_origin());
  response->set_entry(request.entry());
  response->set_tree_size(size.value);
  AddHashes(proof, response->mutable_hashes());
  return absl::OkStatus();
}

absl::Status ProveConsistency(const Context& context, const v1::GetConsistencyProofRequest& request,
                              v1::GetConsistencyProofResponse* response) {
  ASSIGN_OR_RETURN(const Log log, OpenLog(context, request.journal_origin()));
  ASSIGN_OR_RETURN(const TreeSize to, TreeOf(log, request.to_size()));
  if (request.from_size() < 1 || request.from_size() > to.value) {
    return InvalidField("from_size", absl::StrCat("expected 1 to ", to.value));
  }
  ASSIGN_OR_RETURN(const std::vector<Digest> proof,
                   log.tiles.ConsistencyProof({request.from_size()}, to));
  response->set_journal_origin(request.journal_origin());
  response->set_from_size(request.from_size());
  response->set_to_size(to.value);
  AddHashes(proof, response->mutable_hashes());
  return absl::OkStatus();
}

absl::StatusOr<ReceiptOrder> DecodeOrder(const Context& context,
                                         const v1::GetReceiptRequest& request) {
  ASSIGN_OR_RETURN(const ShardId shard, FindJournal(context, request.journal_origin()));
  ASSIGN_OR_RETURN(const ledger::JournalStatus journal, context.ledger.JournalOf(shard));
  if (request.entry() >= journal.size.value) {
    return Fault(absl::StatusCode::kOutOfRange, "BEYOND_JOURNAL",
                 absl::StrCat("entry: the journal has ", journal.size.value, " entries"));
  }
  ReceiptOrder order{.shard = shard, .entry = {request.entry()}};
  if (shard == kDirectoryShard) order.opened = Opened::kAll;  // It hides nothing.
  if (request.contact_point().empty() && request.company().empty()) return order;
  ASSIGN_OR_RETURN(const contact::ContactPoint point, ParseContactPoint(request.contact_point()));
  if (!directory::IsPartyId(request.company())) {
    return InvalidField("company", "expected the company that the entry concerns");
  }
  order.opened = Opened::kCompanysPart;
  order.theirs = ReceiptOrder::Theirs{point.uri(), request.company()};
  return order;
}

}  // namespace

template <class Work>
void JournalService::Prove(UnaryCall* call, Work work) {
  if (!provers_.Run([call, work] { call->Finish(work()); })) {
    call->Finish(TooManyReads());
  }
}

grpc::ServerWriteReactor<v1::StreamEntriesResponse>* JournalService::StreamEntries(
    CallTrack track, Pass pass, const v1::StreamEntriesRequest* request) {
  return new EntryStream(std::move(track), std::move(pass), context_, readers_, *request);
}

void JournalService::GetCheckpoint(UnaryCall* call, const v1::GetCheckpointRequest* request,
                                   v1::GetCheckpointResponse* response) {
  const absl::StatusOr<ShardId> shard = FindJournal(context_, request->journal_origin());
  if (shard.ok()) {
    response->set_journal_origin(request->journal_origin());
    response->set_checkpoint(context_.ledger.publisher().Latest(*shard)->note);
  }
  call->Finish(shard.status());
}

void JournalService::GetTile(UnaryCall* call, const v1::GetTileRequest* request,
                             v1::GetTileResponse* response) {
  return Prove(call, [this, request, response] { return ReadTile(context_, *request, response); });
}

void JournalService::GetInclusionProof(UnaryCall* call, const v1::GetInclusionProofRequest* request,
                                       v1::GetInclusionProofResponse* response) {
  return Prove(call,
               [this, request, response] { return ProveInclusion(context_, *request, response); });
}

void JournalService::GetConsistencyProof(UnaryCall* call,
                                         const v1::GetConsistencyProofRequest* request,
                                         v1::GetConsistencyProofResponse* response) {
  return Prove(
      call, [this, request, response] { return ProveConsistency(context_, *request, response); });
}

void JournalService::GetReceipt(UnaryCall* call, const v1::GetReceiptRequest* request,
                                v1::GetReceiptResponse* response) {
  absl::StatusOr<ReceiptOrder> order = DecodeOrder(context_, *request);
  if (!order.ok()) {
    call->Finish(order.status());
    return;
  }
  GiveReceipt(context_, provers_, *std::move(order),
              [call, response](absl::StatusOr<std::string> receipt) {
                if (receipt.ok()) response->set_receipt(*std::move(receipt));
                call->Finish(receipt.status());
              });
}

grpc::ServerWriteReactor<v1::GetDossierResponse>* JournalService::GetDossier(
    CallTrack track, Pass pass, const v1::GetDossierRequest* request) {
  return new DossierStream(std::move(track), std::move(pass), context_, readers_, *request);
}

}  // namespace consent::api
