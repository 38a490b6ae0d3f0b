// SPDX-License-Identifier: Apache-2.0

#include "src/journal/test_events.h"

#include "src/journal/event_parts.h"
#include "src/journal/opening.h"

namespace consent::journal {
namespace {

template <class T>
T Filled(uint8_t byte) {
  T value;
  value.bytes.fill(byte);
  return value;
}

core::Subject Somebody() {
  return {.contact_id = Filled<ContactId>(0xc1),
          .place = {.zones = {"Europe/Paris"}, .regions = {"FR"}}};
}

core::SignedBytes Signed(core::Signer signer) {
  return {.id = Filled<StatementId>(0x51),
          .signed_at_ms = kTestTime.unix_seconds * 1000 - 250,
          .signer = signer,
          .key = Filled<KeyId>(0x4b),
          .envelope = "an envelope as received"};
}

core::Grant SomeGrant() {
  core::Grant grant;
  grant.id = "g1";
  grant.company = "acme";
  grant.purposes.Add(core::Purpose::kDirectMarketing);
  grant.purposes.Add(core::Purpose::kSurvey);
  grant.valid_from = kTestTime;
  grant.valid_until = kTestTime + Seconds{86400 * 365};
  core::Limit limit;
  limit.id = "calls";
  limit.channels.Add(core::Channel::kCall);
  limit.max = 1;
  limit.max_attempts = 3;
  limit.window = {core::Period::kYear, core::Alignment::kCalendar, 1};
  grant.limits.push_back(limit);
  grant.hours.push_back({0x1f, 600, 780});
  grant.outside_legal_hours.push_back({0x20, 600, 720});
  grant.guardian = true;
  grant.signed_by = core::Signer::kConsumer;
  return grant;
}

core::Decided SomeDecision() {
  core::Decided decided;
  decided.request = {.company = "acme",
                     .request_id = "r1",
                     .channel = core::Channel::kCall,
                     .purpose = core::Purpose::kDirectMarketing,
                     .permit_ttl = {300},
                     .hold = {60},
                     .caller_number = "+33199001234",
                     .matter = core::Matter::kHomeRenovation,
                     .contract = "c1",
                     .processor = "callco",
                     .agent = "agent 7",
                     .agent_country = "FR"};
  decided.answer = {.verdict = core::Verdict::kDenied,
                    .reason = core::Reason::kNoPermission,
                    .basis = core::Basis::kConsent,
                    .limit = "calls",
                    .rule = "fr.hours",
                    .grant = "g1",
                    .remaining = {{"calls", 0}, {"all", 4}},
                    .next_allowed = kTestTime + Seconds{86400},
                    .contact_before = kTestTime + Seconds{300}};
  decided.true_reason = core::Reason::kBlocked;
  decided.true_limit = "preferences/all";
  decided.true_rule = "fr.attempts";
  decided.hidden_remaining = {{"preferences/all", 0}};
  decided.true_next_allowed = kTestTime + Seconds{90000};
  decided.attempts_apart = true;
  decided.subject = Somebody();
  return decided;
}

core::Listing SomeListing() {
  return {.list = "bloctel", .company = "*", .listed_at = kTestTime - Seconds{86400}};
}

core::Preferences SomePreferences() {
  core::Preferences preferences;
  preferences.limits = SomeGrant().limits;
  preferences.quiet.push_back({0x40, 0, 1440});
  preferences.pause_until = kTestTime + Seconds{86400};
  return preferences;
}

core::Contract SomeContract() {
  core::Contract contract;
  contract.id = "c1";
  contract.company = "acme";
  contract.relation = core::Relation::kPurchase;
  contract.object = "a heat pump";
  contract.valid_from = kTestTime;
  contract.valid_until = kTestTime + Seconds{86400};
  contract.similar_products = true;
  contract.signed_by = core::Signer::kCompany;
  contract.collected_at = kTestTime - Seconds{60};
  return contract;
}

core::Callback SomeCallback() {
  core::Callback callback;
  callback.id = "cb1";
  callback.company = "acme";
  callback.channels.Add(core::Channel::kCall);
  callback.purposes.Add(core::Purpose::kDirectMarketing);
  callback.valid_from = kTestTime;
  callback.valid_until = kTestTime + Seconds{3600};
  callback.signed_by = core::Signer::kCompany;
  callback.collected_at = kTestTime - Seconds{60};
  return callback;
}

}  // namespace

crypto::Secret TestSecret() {
  std::string bytes;
  for (int i = 0; i < 32; ++i) bytes.push_back(static_cast<char>(i));
  return *crypto::Secret::FromBytes(bytes);
}

Handle TestHandle() { return Filled<Handle>(0xa5); }

std::vector<core::EventBody> TestEvents() {
  core::ChannelSet calls;
  calls.Add(core::Channel::kCall);
  calls.Add(core::Channel::kVoicePrerecorded);
  return {
      core::Bound{.subject = Somebody(),
                  .key = Filled<KeyId>(0x4b),
                  .replaces = Filled<KeyId>(0x4a),
                  .statement = Signed(core::Signer::kRegistrar)},
      core::Granted{.grant = SomeGrant(),
                    .subject = Somebody(),
                    .statement = Signed(core::Signer::kConsumer)},
      core::Revoked{.company = "acme",
                    .grant = "g1",
                    .subject = Somebody(),
                    .statement = Signed(core::Signer::kConsumer)},
      core::Blocked{.company = "*",
                    .channels = calls,
                    .whose = core::Whose::kCompany,
                    .purposes = core::PurposeSet::All(),
                    .subject = Somebody(),
                    .statement = Signed(core::Signer::kConsumer)},
      core::Unblocked{.company = "*",
                      .whose = core::Whose::kCompany,
                      .subject = Somebody(),
                      .statement = Signed(core::Signer::kConsumer)},
      SomeDecision(),
      core::Confirmed{.company = "acme",
                      .permit = {200},
                      .reason = core::Reason::kOk,
                      .contact_before = kTestTime + Seconds{300},
                      .true_reason = core::Reason::kOk},
      core::Released{.company = "acme", .permit = {200}},
      core::OutcomeReported{
          .company = "acme", .permit = {200}, .outcome = core::Outcome::kConnected},
      core::Erased{.fingerprints = {Filled<ContactId>(0xf1), Filled<ContactId>(0xf2)},
                   .blocks = {{"*", calls, KeyId{}}},
                   .listings = {SomeListing()},
                   .handles = {Filled<Handle>(0xa4)},
                   .signed_at_ms = kTestTime.unix_seconds * 1000 - 250,
                   .request = Filled<StatementId>(0x52)},
      core::Preferred{.preferences = SomePreferences(),
                      .subject = Somebody(),
                      .statement = Signed(core::Signer::kConsumer)},
      core::ContractClaimed{.contract = SomeContract(),
                            .subject = Somebody(),
                            .statement = Signed(core::Signer::kCompany)},
      core::Contested{.company = "acme",
                      .contract = "c1",
                      .subject = Somebody(),
                      .statement = Signed(core::Signer::kConsumer)},
      core::CallbackAsked{.callback = SomeCallback(),
                          .subject = Somebody(),
                          .statement = Signed(core::Signer::kCompany)},
      core::Listed{.listing = SomeListing(), .removed = true, .subject = Somebody()},
      core::HolderChanged{.new_holder = true,
                          .holder = core::HolderClass::kMinor,
                          .subject = Somebody(),
                          .statement = Signed(core::Signer::kRegistrar)},
  };
}

std::vector<core::Renamed> TestRenamed() {
  return {{Filled<ContactId>(0xf1), Filled<ContactId>(0xf2)},
          {Filled<ContactId>(0xc1), Filled<ContactId>(0xc2)}};
}

core::Recovered TestRecovered() {
  return {.old_origin = "ledger.example/1",
          .generation = 1,
          .kept_size = {258},
          .kept_root = Filled<Digest>(0xd1),
          .promised_size = {300},
          .promised_root = Filled<Digest>(0xd2),
          .lost_from = kTestTime - Seconds{3600}};
}

Entry TestEntry(const core::EventBody& body, const std::vector<core::Renamed>& renamed) {
  const Sealer sealer(TestSecret());
  Entry entry;
  entry.kind = static_cast<uint8_t>(KindOf(body));
  entry.position = kTestPosition;
  entry.at = kTestTime;
  entry.channel = ChannelOf(body);
  entry.reason = ReasonAnswered(body);
  entry.directory_size = {5};
  entry.tag = TagOf(sealer.YearKey(2026), 3);
  entry.commitment =
      Commit(sealer.SaltsAt(kTestPosition), ToParts(body, kTestContactPoint, renamed));
  entry.company = CompanyOf(body);
  return entry;
}

}  // namespace consent::journal
