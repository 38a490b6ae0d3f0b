// SPDX-License-Identifier: Apache-2.0

#include "bench/peer_rival.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/peer_load.h"
#include "src/base/status_macros.h"
#include "tests/load/population.h"

namespace consent::bench {
namespace {

constexpr int64_t kPlenty = 1'000'000'000;
constexpr int64_t kFew = 3;
constexpr size_t kHundred = 100;
constexpr uint64_t kAsksOfAHundred = 2'000;
constexpr uint64_t kStride = 7'919;  // As Session has it.
constexpr size_t kConnectionsToTry[] = {1, 16, 64, 256};
constexpr size_t kBatchedConnectionsToTry[] = {1, 4, 16};
constexpr size_t kConnectionsMax = 256;

std::vector<std::string> ContactPoints(size_t first, size_t count) {
  std::vector<std::string> points;
  for (size_t i = first; i < first + count; ++i) points.push_back(load::ContactPointOf(i));
  return points;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Rival>> Rival::Open(std::unique_ptr<Peer> peer, size_t consumers) {
  auto rival = std::unique_ptr<Rival>(new Rival(std::move(peer), consumers));
  Peer& named = *rival->peer_;
  RETURN_IF_ERROR(named.Grant(ContactPoints(0, consumers), kPlenty));
  RETURN_IF_ERROR(named.Grant(ContactPoints(consumers, 2 * kHundred), kFew));
  for (size_t i = 0; i < kConnectionsMax; ++i) {
    ASSIGN_OR_RETURN(rival->connections_.emplace_back(), named.Connect());
  }
  RETURN_IF_ERROR(rival->CheckAnswers(PeerForm::kSingle, consumers));
  RETURN_IF_ERROR(rival->CheckAnswers(PeerForm::kBatched, consumers + kHundred));
  return rival;
}

absl::Status Rival::CheckAnswers(PeerForm form, size_t first_contact) {
  const std::string ids = absl::StrCat("few", ++loads_, "-");
  const PeerLoadOptions options{.connections = best(form),
                                .batch = BatchOf(form),
                                .measured = absl::Minutes(1),
                                .asks_max = kAsksOfAHundred};
  const auto make = [&](uint64_t serial) {
    return Ask{absl::StrCat(ids, serial), load::ContactPointOf(first_contact + serial % kHundred)};
  };
  std::vector<int> first(kAsksOfAHundred, -1);
  std::vector<int64_t> taken(kHundred, 0);
  const auto see = [&](uint64_t serial, bool allowed) {
    first.at(serial) = allowed ? 1 : 0;
    taken[serial % kHundred] += allowed ? 1 : 0;
  };
  RETURN_IF_ERROR(RunPeerLoad(connections_, options, make, see).status());
  uint64_t changed = 0;
  const auto compare = [&](uint64_t serial, bool allowed) {
    if (first.at(serial) != (allowed ? 1 : 0)) ++changed;
  };
  RETURN_IF_ERROR(RunPeerLoad(connections_, options, make, compare).status());
  answered_ += kAsksOfAHundred;
  allowed_ += kFew * kHundred;
  const auto wrong = std::count_if(taken.begin(), taken.end(), [](int64_t n) { return n != kFew; });
  if (wrong == 0 && changed == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(name(), ": of ", kHundred, " who had ", kFew, " units, ",
                                          wrong, " were allowed more or fewer; ", changed,
                                          " repeats were answered otherwise than at first"));
}

absl::Status Rival::FindBest(absl::Duration each) {
  const auto try_all = [&](PeerForm form, const auto& counts) -> absl::Status {
    double most = 0;
    for (const size_t connections : counts) {
      ASSIGN_OR_RETURN(const load::LoadReport load, LoadOn(connections, form, each / 4, each));
      if (form == PeerForm::kSingle) tried_[connections] = load.PerSecond();
      if (load.PerSecond() <= most) continue;
      most = load.PerSecond();
      best_[form] = connections;
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(try_all(PeerForm::kSingle, kConnectionsToTry));
  return try_all(PeerForm::kBatched, kBatchedConnectionsToTry);
}

absl::StatusOr<load::LoadReport> Rival::Load(PeerForm form, absl::Duration warm_up,
                                             absl::Duration measured) {
  return LoadOn(best(form), form, warm_up, measured);
}

absl::StatusOr<load::LoadReport> Rival::LoadOn(size_t connections, PeerForm form,
                                               absl::Duration warm_up, absl::Duration measured) {
  const std::string ids = absl::StrCat("load", ++loads_, "-");
  auto report = RunPeerLoad(
      connections_,
      {.connections = connections,
       .batch = BatchOf(form),
       .warm_up = warm_up,
       .measured = measured},
      [&](uint64_t serial) {
        return Ask{absl::StrCat(ids, serial), load::ContactPointOf(serial * kStride % consumers_)};
      },
      [&](uint64_t, bool allowed) { allowed_ += allowed ? 1 : 0; });
  if (report.ok()) answered_ += static_cast<int64_t>(report->answered);
  return report;
}

absl::Status Rival::CheckBooks() {
  ASSIGN_OR_RETURN(const PeerBooks books, peer_->ReadBooks());
  if (books.taken == allowed_ && books.decisions == answered_) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(name(), " took ", books.taken, " units and logged ",
                                          books.decisions, " decisions; it allowed ", allowed_,
                                          " of ", answered_, " asks"));
}

}  // namespace consent::bench
