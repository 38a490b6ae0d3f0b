// SPDX-License-Identifier: Apache-2.0
//
// Signs any bytes as a payload, so that the fuzzer gets past the signature, and proposes what
// opens in every role. A proposal must be an event that the core's codec keeps, and its grant
// valid.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "google/protobuf/stubs/logging.h"
#include "src/base/codec.h"
#include "src/base/fault.h"
#include "src/consent/grant.h"
#include "src/statement/proposal.h"
#include "src/statement/sample.h"

namespace {

using consent::core::Granted;
using consent::core::Signer;

void CheckGrant(const Granted& granted) {
  if (!consent::core::ValidateGrant(granted.grant).ok()) std::abort();
  const auto copy = consent::Decode<consent::core::Grant>(consent::Encode(granted.grant));
  if (!copy.ok() || *copy != granted.grant) std::abort();
}

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
    if (const auto* granted = std::get_if<Granted>(&*body)) CheckGrant(*granted);
  }
  return 0;
}
