// SPDX-License-Identifier: Apache-2.0

#include "tests/flood/attackers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "src/http/unary_call.h"
#include "tests/load/population.h"

namespace consent::flood {
namespace {

constexpr size_t kSocketsMax = 300;
constexpr int kStreams = 4;  // Of one thread.
constexpr int kUnread = 40;  // Streams that nobody reads, of one thread.

// A connected socket; closes itself.
class Plain {
 public:
  explicit Plain(const std::string& address) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    bind(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to));
    to.sin_port = htons(static_cast<uint16_t>(std::atoi(&address[address.rfind(':') + 1])));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to));
  }
  ~Plain() { close(socket_); }
  Plain(const Plain&) = delete;
  void Say(const std::string& bytes) const {
    (void)!send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }

 private:
  const int socket_;
};

// Keeps kSocketsMax open, the newest in place of the oldest.
void KeepConnecting(const Target& target, const std::atomic<bool>& stop, Tally& tally,
                    const std::function<void(const Plain&)>& greet) {
  std::vector<std::unique_ptr<Plain>> open(kSocketsMax);
  for (size_t i = 0; !stop; i = (i + 1) % kSocketsMax) {
    open[i].reset();
    open[i] = std::make_unique<Plain>(target.address);
    greet(*open[i]);
    ++tally.done;
    if (tally.done % 16 == 0) absl::SleepFor(absl::Milliseconds(2));
  }
}

// About numbers nobody has heard of.
v1::StreamCheckAndConsumeRequest FullBatch(uint64_t serial, int items = 1000) {
  v1::StreamCheckAndConsumeRequest batch;
  batch.mutable_header()->set_company(kRudeCompany);
  batch.mutable_header()->set_channel(v1::CHANNEL_CALL);
  batch.mutable_header()->set_purpose(v1::PURPOSE_DIRECT_MARKETING);
  for (int i = 0; i < items; ++i) {
    v1::BatchItem* const item = batch.add_items();
    item->set_contact_point(absl::StrFormat("tel:+33639980%03d", i % 1000));
    item->set_request_id(absl::StrCat("flood ", serial, " ", i));
  }
  return batch;
}

void SilentConnections(const Target& target, const std::atomic<bool>& stop, Tally& tally) {
  KeepConnecting(target, stop, tally, [](const Plain&) {});
}

void HalfHandshakes(const Target& target, const std::atomic<bool>& stop, Tally& tally) {
  KeepConnecting(target, stop, tally, [](const Plain& socket) { socket.Say("PRI * HT"); });
}

void FullBatches(const Target& target, const std::atomic<bool>& stop, Tally& tally) {
  const auto stub = v1::ContactService::NewStub(load::Connect(target.address, target.credentials));
  struct Stream {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReaderWriter<v1::StreamCheckAndConsumeRequest,
                                             v1::StreamCheckAndConsumeResponse>>
        wire;
  };
  std::vector<Stream> streams(kStreams);
  for (Stream& stream : streams) stream.wire = stub->StreamCheckAndConsume(&stream.context);
  static std::atomic<uint64_t> serials{0};
  v1::StreamCheckAndConsumeRequest batch = FullBatch(++serials);
  while (!stop) {
    for (Stream& stream : streams) {
      for (int i = 0; i < 4; ++i, ++tally.done) stream.wire->Write(batch);
    }
    for (Stream& stream : streams) {
      for (int i = 0; i < 4; ++i) {
        v1::StreamCheckAndConsumeResponse answer;
        if (!stream.wire->Read(&answer)) {
          ++tally.failed;
        } else if (answer.error().code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
          ++tally.refused;
        } else if (answer.has_error()) {
          ++tally.failed;
        } else {
          tally.judged += static_cast<uint64_t>(answer.results_size());
        }
      }
    }
  }
  for (Stream& stream : streams) {
    stream.context.TryCancel();
    stream.wire->Finish();
  }
}

void NeverReading(const Target& target, const std::atomic<bool>& stop, Tally& tally) {
  const auto stub = v1::ContactService::NewStub(load::Connect(target.address, target.credentials));
  grpc::CompletionQueue queue;
  struct Stream {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientAsyncReaderWriter<v1::StreamCheckAndConsumeRequest,
                                                  v1::StreamCheckAndConsumeResponse>>
        wire;
    grpc::Status status;
    bool ended = false;  // By the server.
  };
  const v1::StreamCheckAndConsumeRequest batch = FullBatch(0);
  std::vector<std::unique_ptr<Stream>> streams;
  for (int i = 0; i < kUnread; ++i) {
    streams.push_back(std::make_unique<Stream>());
    streams.back()->wire =
        stub->AsyncStreamCheckAndConsume(&streams.back()->context, &queue, streams.back().get());
  }
  size_t waiting = streams.size();
  // Each writes its next message as soon as the last one has gone; none reads.
  while (waiting > 0) {
    void* tag = nullptr;
    bool ok = false;
    const auto next = queue.AsyncNext(
        &tag, &ok, std::chrono::system_clock::now() + std::chrono::milliseconds(20));
    if (stop) {
      for (const auto& stream : streams) {
        if (!stream->ended) stream->context.TryCancel();
      }
    }
    if (next != grpc::CompletionQueue::GOT_EVENT) continue;
    if (ok && !stop) {
      ++tally.done;
      static_cast<Stream*>(tag)->wire->Write(batch, tag);
    } else {
      --waiting;
      static_cast<Stream*>(tag)->ended = !stop;
    }
  }
  while (!stop) absl::SleepFor(absl::Milliseconds(5));
  for (const auto& stream : streams) {
    if (!stream->ended) stream->context.TryCancel();
    stream->wire->Finish(&stream->status, nullptr);
  }
  queue.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue.Next(&tag, &ok)) {
  }
  for (const auto& stream : streams) {
    if (stream->status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) ++tally.refused;
  }
}

void MonstrousMessages(const Target& target, const std::atomic<bool>& stop, Tally& tally) {
  constexpr char kBatch[] = "/consent.v1.ContactService/BatchCheckAndConsume";
  const std::string long_one(5 << 20, 'x');
  const std::string deep(10'000, '\x1b');  // A group in a group in a group.
  std::string many = FullBatch(0, 0).SerializeAsString();
  for (int i = 0; i < 2'000'000; ++i) many += std::string("\x12\x00", 2);  // `items`, empty.
  const std::pair<const std::string&, grpc::StatusCode> monsters[] = {
      {long_one, grpc::StatusCode::RESOURCE_EXHAUSTED},
      {deep, grpc::StatusCode::INVALID_ARGUMENT},
      {many, grpc::StatusCode::INVALID_ARGUMENT}};
  while (!stop) {
    for (const auto& [body, refusal] : monsters) {
      std::string answer;
      const grpc::Status status = http::CallUnary(load::Connect(target.address, target.credentials),
                                                  kBatch, body, {}, absl::Seconds(10), answer);
      ++tally.done;
      ++(status.error_code() == refusal ? tally.refused : tally.failed);
    }
  }
}

}  // namespace

Attack FindAttack(std::string_view name) {
  if (name == "silence") return SilentConnections;
  if (name == "handshakes") return HalfHandshakes;
  if (name == "batches") return FullBatches;
  if (name == "unread") return NeverReading;
  if (name == "monsters") return MonstrousMessages;
  return nullptr;
}

}  // namespace consent::flood
