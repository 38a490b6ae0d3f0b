// SPDX-License-Identifier: Apache-2.0

#include "bench/peer_load.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>

#include "absl/time/clock.h"
#include "src/base/status_macros.h"

namespace consent::bench {
namespace {

constexpr int kEventsMax = 256;
constexpr int kAnswerMaxMs = 60'000;

// Of one connection: what is in flight.
struct Line {
  PeerConnection* connection;
  uint64_t first = 0;  // Serial of its first ask.
  absl::Time sent;
};

class Loop {
 public:
  Loop(const PeerLoadOptions& options, const MakeAsk& make, const SeeAnswer& see)
      : options_(options), make_(make), see_(see), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}
  ~Loop() { close(epoll_); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  absl::StatusOr<load::LoadReport> Run(std::vector<Line>& lines) {
    began_ = absl::Now() + options_.warm_up;
    until_ = began_ + options_.measured;
    for (Line& line : lines) {
      epoll_event event{.events = EPOLLIN, .data = {.ptr = &line}};
      epoll_ctl(epoll_, EPOLL_CTL_ADD, line.connection->socket(), &event);
      RETURN_IF_ERROR(SendNext(line, absl::Now()));
    }
    std::array<epoll_event, kEventsMax> events;
    while (in_flight_ > 0) {
      const int ready = epoll_wait(epoll_, events.data(), kEventsMax, kAnswerMaxMs);
      if (ready == 0) return absl::DeadlineExceededError("no answer within a minute");
      for (int i = 0; i < ready; ++i)
        RETURN_IF_ERROR(Take(*static_cast<Line*>(events[i].data.ptr)));
    }
    report_.took = (asks_ < options_.asks_max ? until_ : absl::Now()) - began_;
    return std::move(report_);
  }

 private:
  absl::Status SendNext(Line& line, absl::Time now) {
    if (asks_ >= options_.asks_max || now >= until_) return absl::OkStatus();
    line.first = asks_;
    asks_ += options_.batch;
    batch_.clear();
    for (uint64_t serial = line.first; serial < asks_; ++serial) batch_.push_back(make_(serial));
    line.sent = now;
    ++in_flight_;
    return line.connection->Send(batch_);
  }

  absl::Status Take(Line& line) {
    ASSIGN_OR_RETURN(const bool whole, line.connection->Receive(allowed_));
    if (!whole) return absl::OkStatus();
    if (allowed_.size() != options_.batch) {
      return absl::InternalError("as many answers as asks were expected");
    }
    const absl::Time now = absl::Now();
    report_.answered += allowed_.size();
    if (now >= began_ && now < until_) {
      report_.measured += allowed_.size();
      if (line.sent >= began_) report_.latencies.Add(now - line.sent);
    }
    for (size_t i = 0; i < allowed_.size(); ++i) see_(line.first + i, allowed_[i]);
    --in_flight_;
    return SendNext(line, now);
  }

  const PeerLoadOptions& options_;
  const MakeAsk& make_;
  const SeeAnswer& see_;
  const int epoll_;
  absl::Time began_;
  absl::Time until_;
  uint64_t asks_ = 0;
  size_t in_flight_ = 0;
  std::vector<Ask> batch_;
  std::vector<bool> allowed_;
  load::LoadReport report_;
};

}  // namespace

absl::StatusOr<load::LoadReport> RunPeerLoad(
    const std::vector<std::unique_ptr<PeerConnection>>& connections, const PeerLoadOptions& options,
    const MakeAsk& make, const SeeAnswer& see) {
  std::vector<Line> lines;
  for (size_t i = 0; i < options.connections; ++i) {
    lines.push_back({.connection = connections.at(i).get(), .first = 0, .sent = {}});
  }
  return Loop(options, make, see).Run(lines);
}

}  // namespace consent::bench
