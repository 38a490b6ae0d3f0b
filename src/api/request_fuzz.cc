// SPDX-License-Identifier: Apache-2.0
//
// Parses any bytes as each request and decodes it. What is accepted is in range, and no refusal
// repeats the contact point.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "google/protobuf/stubs/logging.h"
#include "src/api/decode.h"
#include "src/base/fault.h"
#include "src/ledger/test_ledger.h"
#include "src/store/memory_store.h"

namespace consent::api {
namespace {

struct World {
  store::MemoryStore store;
  ManualClock clock{ledger::kTestStartMs};
  ledger::TestLedger ledger{store, clock};
  crypto::TokenKey permit_key{*crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, 'p')),
                              "permit"};
  Context context{*ledger, ledger.peppers(), permit_key, clock};
};

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckRefusal(const absl::Status& status) { Require(!ReasonOf(status).empty()); }

bool Says(const absl::Status& status, const std::string& text) {
  return std::string_view(status.message().data(), status.message().size()).find(text) !=
         std::string_view::npos;
}

// `decode` refuses or accepts a request or item.
template <class Request, class Decoding>
void CheckContact(Request asked, const Decoding& decode) {
  const absl::StatusOr<DecodedContact> decoded = decode(asked);
  if (!decoded.ok()) {
    CheckRefusal(decoded.status());
    const std::string contact_point = asked.contact_point();
    // Short texts may stand in any message by chance; and the fuzzer knows the messages: their own
    // words are said to another contact point too.
    if (contact_point.size() < 12 || !Says(decoded.status(), contact_point)) return;
    asked.set_contact_point(std::string(contact_point.rbegin(), contact_point.rend()));
    return Require(Says(decode(asked).status(), contact_point));
  }
  const core::Request& request = decoded->command.request;
  Require(request.company.size() <= core::kIdBytesMax && !request.company.empty());
  Require(request.request_id.size() <= core::kIdBytesMax);
  Require(static_cast<int>(request.channel) >= 1 &&
          static_cast<int>(request.channel) <= core::kChannelMax);
  Require(static_cast<int>(request.purpose) >= 1 &&
          static_cast<int>(request.purpose) <= core::kPurposeMax);
  Require(request.permit_ttl.count >= 1 && request.permit_ttl <= core::kPermitTtlMax);
  Require(request.hold.count >= 0 && request.hold <= core::kHoldMax);
  Require(request.caller_number.empty() || request.caller_number[0] == '+' ||
          kTexts.Has(request.channel));
  Require(request.processor.size() <= core::kIdBytesMax);
  Require(request.agent.size() <= core::kIdBytesMax);
  Require(request.contract.size() <= core::kIdBytesMax);
  Require(request.agent_country.empty() || request.agent_country.size() == 2);
  Require(static_cast<int>(request.matter) <= core::kMatterMax);
}

}  // namespace
}  // namespace consent::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace consent;  // NOLINT: a program of one function.
  static auto* const world = [] {
    google::protobuf::SetLogHandler(nullptr);  // It says of every bad UTF-8 that it is one.
    return new api::World();
  }();
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (v1::CheckAndConsumeRequest request; request.ParseFromString(bytes)) {
    api::CheckContact(request,
                      [](const auto& asked) { return api::Decode(world->context, asked); });
  }
  if (v1::CheckRequest request; request.ParseFromString(bytes)) {
    api::CheckContact(request,
                      [](const auto& asked) { return api::Decode(world->context, asked); });
  }
  if (v1::BatchCheckAndConsumeRequest request; request.ParseFromString(bytes)) {
    const auto header = api::Decode(request.header());
    for (int i = 0; header.ok() && i < request.items_size(); ++i) {
      api::CheckContact(request.items(i), [&](const auto& asked) {
        return api::Decode(world->context, *header, core::NextAllowed::kNever, asked);
      });
    }
  }
  if (v1::ReportOutcomeRequest request; request.ParseFromString(bytes)) {
    (void)api::Decode(world->context, request);
  }
  if (v1::SignedStatement request; request.ParseFromString(bytes)) {
    const auto decoded = api::Decode(world->context, request);
    if (!decoded.ok()) api::CheckRefusal(decoded.status());
  }
  return 0;
}
