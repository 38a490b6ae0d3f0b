// SPDX-License-Identifier: Apache-2.0
//
// Samples for tests and fuzz targets: keys that never change, statements that are accepted, and a
// way to sign bytes that no tool would sign.

#ifndef CONSENT_STATEMENT_SAMPLE_H_
#define CONSENT_STATEMENT_SAMPLE_H_

#include <string>
#include <string_view>

#include "consent/v1/statement.pb.h"
#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/consent/vocabulary.h"
#include "src/crypto/private_key.h"

namespace consent::statement {

inline constexpr std::string_view kSampleAudience = "ledger.example/test";
// 2026-03-01T09:00:00Z, when samples are signed, and five seconds later, when they arrive.
inline constexpr Instant kSampleSigned{1772355600};
inline constexpr Instant kSampleArrival{1772355605};

// The Ed25519 key whose seed is 32 times `byte`, and that seed.
std::string SampleSeed(char byte);
crypto::PrivateKey SampleKey(char byte = 'c');
// A P-256 key.
crypto::PrivateKey SampleP256Key();

// A statement of each kind, complete and well formed.
v1::Statement SampleKeyBinding();
v1::Statement SampleGrant();
v1::Statement SampleClaim();
v1::Statement SampleRevocation();
v1::Statement SampleBlock();
v1::Statement SampleUnblock();
v1::Statement SamplePreferences();
v1::Statement SampleContractClaim();  // As others than the consumer sign it.
v1::Statement SampleContest();
v1::Statement SampleCallbackRequest();  // As the consumer signs it.
v1::Statement SampleHolderChange();
v1::Statement SampleViewRequest();
v1::Statement SampleEraseRequest();

// An envelope around `payload` as it is, with a valid signature.
v1::SignedStatement SignPayload(std::string payload, const crypto::PrivateKey& key);
v1::SignedStatement SignSample(const v1::Statement& message,
                               const crypto::PrivateKey& key = SampleKey());

// A role that may sign the statement.
core::Signer RoleFor(const v1::Statement& message);

// Whom the samples are about, as a caller of Propose says it.
core::Subject SampleSubject();

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_SAMPLE_H_
