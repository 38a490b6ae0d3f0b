// SPDX-License-Identifier: Apache-2.0
//
// Dialers that stream batches: two messages in flight, and after a lost stream all that was not
// answered once more.

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "tests/fault/answers.h"
#include "tests/fault/clients.h"

namespace consent::fault {
namespace {

constexpr size_t kInFlight = 2;
constexpr int64_t kItemsMax = 12;
constexpr int64_t kDaySeconds = 24 * 60 * 60;

// A message, and whom its items are about.
struct Batch {
  v1::StreamCheckAndConsumeRequest request;
  std::vector<Person*> people;
  std::vector<Before> before;
  int tries = 0;
};

class BatchDialer {
 public:
  BatchDialer(World& world, std::string name, Chance chance)
      : world_(world), name_(std::move(name)), chance_(chance) {}

  void Run() {
    while (!world_.over || !waiting_.empty()) {
      const std::shared_ptr<grpc::Channel> channel = world_.AwaitServer();
      if (channel == nullptr) return world_.Fault("stream: no server came back");
      if (!Stream(channel)) world_.Lost(channel);
    }
  }

 private:
  std::unique_ptr<Batch> NewBatch() {
    auto batch = std::make_unique<Batch>();
    v1::BatchHeader& header = *batch->request.mutable_header();
    header.set_company(load::kCompany);
    header.set_channel(v1::CHANNEL_SMS);
    header.set_purpose(v1::PURPOSE_DIRECT_MARKETING);
    header.mutable_permit_ttl()->set_seconds(kDaySeconds);
    for (int64_t items = Pick(chance_, 1, kItemsMax); items > 0; --items) {
      Person* const person =
          Pick(chance_, 1, 3) == 1 ? world_.PickAnybody(chance_) : world_.PickActive(chance_);
      if (person == nullptr) return nullptr;
      v1::BatchItem& item = *batch->request.add_items();
      item.set_contact_point(load::ContactPointOf(person->number));
      item.set_request_id(absl::StrCat(name_, "-", ++serial_));
      batch->people.push_back(person);
      batch->before.emplace_back(*person);
    }
    return batch;
  }

  // False when the stream broke. Batches without an answer stay in waiting_.
  bool Stream(const std::shared_ptr<grpc::Channel>& channel) {
    const auto stub = v1::ContactService::NewStub(channel);
    grpc::ClientContext context;
    const auto stream = stub->StreamCheckAndConsume(&context);
    size_t written = 0;
    v1::StreamCheckAndConsumeResponse answer;
    while (!world_.over || !waiting_.empty()) {
      if (waiting_.size() < kInFlight && !world_.over && !world_.paused) {
        if (auto batch = NewBatch(); batch != nullptr) waiting_.push_back(std::move(batch));
      }
      while (written < waiting_.size()) {
        ++waiting_[written]->tries;
        if (!stream->Write(waiting_[written]->request)) return Broken(*stream);
        ++written;
      }
      if (written > 0) {
        if (!stream->Read(&answer)) return Broken(*stream);
        if (answer.has_error()) {
          world_.Fault(absl::StrCat("stream: ", answer.error().message()));
        } else {
          Take(*waiting_.front(), answer);
        }
        waiting_.pop_front();
        --written;
      }
      absl::SleepFor(absl::Milliseconds(Pick(chance_, 0, 20)));
    }
    stream->WritesDone();
    return stream->Finish().ok();
  }

  template <class ClientStream>
  bool Broken(ClientStream& stream) {
    const grpc::Status status = stream.Finish();
    if (!IsLost(status)) {
      world_.Fault(
          absl::StrCat("stream: error ", status.error_code(), ": ", status.error_message()));
    }
    ++world_.repetitions;
    return false;
  }

  void Take(const Batch& batch, const v1::StreamCheckAndConsumeResponse& answer) {
    if (answer.results_size() != batch.request.items_size()) {
      return world_.Fault("stream: answers are missing");
    }
    for (int i = 0; i < answer.results_size(); ++i) {
      if (!answer.results(i).has_decision()) {
        world_.Fault(absl::StrCat("stream: ", answer.results(i).error().message()));
        continue;
      }
      const v1::BatchHeader& header = batch.request.header();
      Allowed allowed;
      allowed.request.set_contact_point(batch.request.items(i).contact_point());
      allowed.request.set_request_id(batch.request.items(i).request_id());
      allowed.request.set_company(header.company());
      allowed.request.set_channel(header.channel());
      allowed.request.set_purpose(header.purpose());
      *allowed.request.mutable_permit_ttl() = header.permit_ttl();
      Person& person = *batch.people[i];
      if (!TakeAnswer(world_, person, batch.before[i], answer.results(i).decision(), batch.tries,
                      allowed)) {
        continue;
      }
      absl::MutexLock lock(&person.mutex);
      person.allowed.push_back(std::move(allowed));
    }
  }

  World& world_;
  const std::string name_;
  Chance chance_;
  uint64_t serial_ = 0;
  std::deque<std::unique_ptr<Batch>> waiting_;  // Written, or to be written again.
};

}  // namespace

void DialInBatches(World& world, const std::string& name, Chance chance) {
  BatchDialer(world, name, chance).Run();
}

}  // namespace consent::fault
