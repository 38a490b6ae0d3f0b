// SPDX-License-Identifier: Apache-2.0
//
// Signs any bytes as a payload, so that the fuzzer gets past the signature, and proposes what
// opens in every role. A proposal must be something that the core's codec keeps, and valid.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "google/protobuf/stubs/logging.h"
#include "src/base/codec.h"
#include "src/base/fault.h"
#include "src/consent/event.h"
#include "src/statement/proposal.h"
#include "src/statement/sample.h"

namespace {

using consent::core::Signer;

template <class Said>
void CheckKept(const absl::Status& valid, const Said& said) {
  if (!valid.ok()) std::abort();
  const auto copy = consent::Decode<Said>(consent::Encode(said));
  if (!copy.ok() || *copy != said) std::abort();
}

struct CheckBody {
  void operator()(const consent::core::Granted& body) const {
    CheckKept(ValidateGrant(body.grant), body.grant);
  }
  void operator()(const consent::core::Preferred& body) const {
    CheckKept(ValidatePreferences(body.preferences), body.preferences);
  }
  void operator()(const consent::core::ContractClaimed& body) const {
    CheckKept(ValidateContract(body.contract), body.contract);
  }
  void operator()(const consent::core::CallbackAsked& body) const {
    CheckKept(ValidateCallback(body.callback), body.callback);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace consent::statement;         // NOLINT: a fuzz target is one function.
  const google::protobuf::LogSilencer quiet;  // Invalid UTF-8 is expected here.
  static const auto* key = new consent::crypto::PrivateKey(SampleKey());
  // What does not parse is refused before the signature; sign only the rest.
  const std::string payload(reinterpret_cast<const char*>(data), size);
  if (!consent::v1::Statement().ParseFromString(payload)) return 0;
  const auto opened = Open(SignPayload(payload, *key), kSampleAudience);
  if (!opened.ok()) {
    if (consent::ReasonOf(opened.status()).empty()) std::abort();
    return 0;
  }
  for (const Signer role : {Signer::kConsumer, Signer::kRegistrar, Signer::kCompany}) {
    const auto body = Propose(*opened, role, SampleSubject(), kSampleArrival);
    if (!body.ok()) {
      if (consent::ReasonOf(body.status()).empty()) std::abort();
      continue;
    }
    if (!MaySign(role, opened->message.body_case())) std::abort();
    std::visit(CheckBody(), *body);
  }
  return 0;
}
