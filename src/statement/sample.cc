// SPDX-License-Identifier: Apache-2.0

#include "src/statement/sample.h"

#include <utility>

#include "src/crypto/hash.h"
#include "src/crypto/secret.h"
#include "src/statement/dsse.h"
#include "src/statement/role.h"

namespace consent::statement {
namespace {

constexpr std::string_view kContactPoint = "tel:+33639980001";

// Made for these tests; it opens nothing.
constexpr std::string_view kP256Pem = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAWexHWWCug6QTaHe
bQbzVWOYzfS4eH87cAb3CjaST5KhRANCAAROe824wc3CeEpuoSVoSypuJ99QHHSn
n+PXQN2TwKCgrumcfM/qKgXRwT1+oFNUIDsyTJMdRLlR/gE/eOdEaBek
-----END PRIVATE KEY-----
)";

v1::Statement Sample(char id) {
  v1::Statement message;
  message.set_statement_id(std::string(16, id));
  message.set_audience(std::string(kSampleAudience));
  message.mutable_signed_at()->set_seconds(kSampleSigned.unix_seconds);
  message.mutable_signed_at()->set_nanos(250'000'000);
  message.set_contact_point(std::string(kContactPoint));
  return message;
}

// "1 call and 4 SMS a year, on weekday mornings".
void FillGrant(v1::Grant& grant) {
  grant.set_grant_id("g1");
  grant.set_company("acme");
  grant.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
  grant.add_purposes(v1::PURPOSE_SURVEY);
  grant.mutable_valid_from()->set_seconds(kSampleSigned.unix_seconds);
  grant.mutable_valid_until()->set_seconds(kSampleSigned.unix_seconds + 2 * 365 * 86400);

  v1::Limit& calls = *grant.add_limits();
  calls.set_limit_id("calls");
  calls.add_channels(v1::CHANNEL_CALL);
  calls.set_max(1);
  calls.set_max_attempts(3);
  calls.mutable_window()->set_period(v1::PERIOD_YEAR);
  calls.mutable_window()->set_count(1);
  calls.mutable_window()->set_alignment(v1::ALIGNMENT_CALENDAR);

  v1::Limit& texts = *grant.add_limits();
  texts.set_limit_id("texts");
  texts.add_channels(v1::CHANNEL_SMS);
  texts.add_channels(v1::CHANNEL_MMS);
  texts.set_max(4);
  texts.mutable_window()->set_period(v1::PERIOD_YEAR);
  texts.mutable_window()->set_alignment(v1::ALIGNMENT_ROLLING);

  v1::Hours& hours = *grant.add_hours();
  for (int day = v1::WEEKDAY_MONDAY; day <= v1::WEEKDAY_FRIDAY; ++day) {
    hours.add_days(static_cast<v1::Weekday>(day));
  }
  hours.set_from_minute(10 * 60);
  hours.set_to_minute(13 * 60);
}

void FillEvidence(std::string_view text, v1::Evidence& evidence) {
  evidence.mutable_collected_at()->set_seconds(kSampleSigned.unix_seconds - 30 * 86400);
  evidence.set_text_sha256(crypto::Sha256({text}).str());
  evidence.set_method("web form");
  evidence.set_collected_by("Acme, Saint-\xC3\x89tienne");
  evidence.set_recording_sha256(crypto::Sha256({"a recording"}).str());
}

}  // namespace

std::string SampleSeed(char byte) { return std::string(crypto::Secret::kSize, byte); }

crypto::PrivateKey SampleKey(char byte) {
  return crypto::PrivateKey::FromEd25519Seed(*crypto::Secret::FromBytes(SampleSeed(byte)));
}

crypto::PrivateKey SampleP256Key() { return *crypto::PrivateKey::FromPem(kP256Pem); }

v1::Statement SampleKeyBinding() {
  v1::Statement message = Sample('\x01');
  v1::KeyBinding& binding = *message.mutable_key_binding();
  binding.set_public_key(SampleKey('c').public_key().spki());
  binding.set_replaces_key_id(SampleKey('o').public_key().id().str());
  binding.set_time_zone("Europe/Paris");
  binding.set_same_consumer_as("mailto:someone@example.org");
  return message;
}

v1::Statement SampleGrant() {
  v1::Statement message = Sample('\x02');
  FillGrant(*message.mutable_grant());
  return message;
}

v1::Statement SampleClaim() {
  v1::Statement message = Sample('\x03');
  FillGrant(*message.mutable_claim()->mutable_grant());
  FillEvidence("May Acme call you once a year?", *message.mutable_claim()->mutable_evidence());
  return message;
}

v1::Statement SampleRevocation() {
  v1::Statement message = Sample('\x04');
  message.mutable_revocation()->set_company("acme");
  message.mutable_revocation()->set_grant_id("g1");
  return message;
}

v1::Statement SampleBlock() {
  v1::Statement message = Sample('\x05');
  message.mutable_block()->set_company("*");
  message.mutable_block()->add_channels(v1::CHANNEL_CALL);
  message.mutable_block()->add_channels(v1::CHANNEL_VOICE_PRERECORDED);
  return message;
}

v1::Statement SampleUnblock() {
  v1::Statement message = Sample('\x06');
  message.mutable_unblock()->set_company("acme");
  return message;
}

v1::Statement SampleViewRequest() {
  v1::Statement message = Sample('\x07');
  message.mutable_view_request()->set_history_from(12);
  message.mutable_view_request()->set_history_max(100);
  return message;
}

v1::Statement SampleEraseRequest() {
  v1::Statement message = Sample('\x08');
  message.mutable_erase_request();
  return message;
}

// "One call a year from everybody, no Sundays, nothing this spring."
v1::Statement SamplePreferences() {
  v1::Statement message = Sample('\x09');
  v1::Preferences& preferences = *message.mutable_preferences();
  v1::Limit& calls = *preferences.add_limits();
  calls.set_limit_id("calls");
  calls.add_channels(v1::CHANNEL_CALL);
  calls.set_max(1);
  calls.set_max_attempts(2);
  calls.mutable_window()->set_period(v1::PERIOD_YEAR);
  calls.mutable_window()->set_count(1);
  calls.mutable_window()->set_alignment(v1::ALIGNMENT_CALENDAR);
  v1::Hours& quiet = *preferences.add_quiet();
  quiet.add_days(v1::WEEKDAY_SUNDAY);
  quiet.set_from_minute(0);
  quiet.set_to_minute(24 * 60);
  preferences.mutable_pause_until()->set_seconds(kSampleSigned.unix_seconds + 90 * 86400);
  preferences.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
  preferences.add_purposes(v1::PURPOSE_SURVEY);
  return message;
}

v1::Statement SampleContractClaim() {
  v1::Statement message = Sample('\x0a');
  v1::Contract& contract = *message.mutable_contract_claim()->mutable_contract();
  contract.set_company("acme");
  contract.set_contract_id("A-2026-17");
  contract.set_relation(v1::RELATION_CONTRACT);
  contract.set_object("\xC3\x89lectricit\xC3\xA9, 9 kVA");
  contract.mutable_valid_from()->set_seconds(kSampleSigned.unix_seconds - 30 * 86400);
  contract.mutable_valid_until()->set_seconds(kSampleSigned.unix_seconds + 365 * 86400);
  contract.set_similar_products(true);
  FillEvidence("The contract", *message.mutable_contract_claim()->mutable_evidence());
  return message;
}

v1::Statement SampleContest() {
  v1::Statement message = Sample('\x0b');
  message.mutable_contest()->set_company("acme");
  message.mutable_contest()->set_contract_id("A-2026-17");
  return message;
}

v1::Statement SampleCallbackRequest() {
  v1::Statement message = Sample('\x0c');
  v1::CallbackRequest& request = *message.mutable_callback_request();
  request.set_company("acme");
  request.set_callback_id("c1");
  request.add_channels(v1::CHANNEL_CALL);
  request.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
  request.mutable_valid_from()->set_seconds(kSampleSigned.unix_seconds + 3600);
  request.mutable_valid_until()->set_seconds(kSampleSigned.unix_seconds + 86400);
  return message;
}

v1::Statement SampleHolderChange() {
  v1::Statement message = Sample('\x0d');
  message.mutable_holder_change()->set_new_holder(true);
  message.mutable_holder_change()->set_holder_class(v1::HOLDER_CLASS_MINOR);
  return message;
}

v1::SignedStatement SignPayload(std::string payload, const crypto::PrivateKey& key) {
  v1::SignedStatement sealed;
  sealed.set_payload_type(std::string(kPayloadType));
  v1::Signature& signature = *sealed.add_signatures();
  signature.set_public_key(key.public_key().spki());
  signature.set_signature(key.Sign(PreAuthEncoding(kPayloadType, payload)));
  sealed.set_payload(std::move(payload));
  return sealed;
}

v1::SignedStatement SignSample(const v1::Statement& message, const crypto::PrivateKey& key) {
  return SignPayload(message.SerializeAsString(), key);
}

core::Signer RoleFor(const v1::Statement& message) {
  for (const core::Signer role :
       {core::Signer::kConsumer, core::Signer::kRegistrar, core::Signer::kCompany}) {
    if (MaySign(role, message.body_case())) return role;
  }
  return core::Signer::kUnspecified;
}

core::Subject SampleSubject() {
  return {.contact_id = *ContactId::FromBytes(std::string(ContactId::kSize, '\x11')),
          .place = {.zones = {"Europe/London"}, .regions = {"GB"}}};
}

}  // namespace consent::statement
