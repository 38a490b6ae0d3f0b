// SPDX-License-Identifier: Apache-2.0
//
// consent_people: makes up a town of consumers for a demonstration.
//
//   consent_people --origin ORIGIN --registrar-key FILE --company ID --people N
//                  --numbers FILE --statements FILE
//
// Writes one contact point a line, from ranges reserved for fiction, and the statements that the
// people behind them have signed, ready for `consentctl send`. What each person wants depends on
// their place in the list alone (kMix), so two runs make the same town with other keys.

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "consent/v1/statement.pb.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"
#include "src/crypto/key_file.h"
#include "src/crypto/private_key.h"
#include "src/statement/envelope.h"

namespace consent::demo {
namespace {

using google::protobuf::util::SerializeDelimitedToOstream;

constexpr int kPeopleMax = 60'000;

enum class Wish {
  kUnheardOf,       // Never said anything: no statement at all.
  kOneCallFourSms,  // Signed it themselves: 1 call and 4 SMS a year.
  kClaim,           // Agreed on a form; the registrar says so: 2 calls a quarter.
  kSmsOnly,
  kRevoked,
  kBlockedAll,
  kExpired,
  kPressOnly,
};

// One of twenty people each.
constexpr Wish kMix[] = {
    Wish::kUnheardOf,      Wish::kUnheardOf,      Wish::kUnheardOf,      Wish::kUnheardOf,
    Wish::kUnheardOf,      Wish::kUnheardOf,      Wish::kOneCallFourSms, Wish::kOneCallFourSms,
    Wish::kOneCallFourSms, Wish::kOneCallFourSms, Wish::kClaim,          Wish::kClaim,
    Wish::kClaim,          Wish::kSmsOnly,        Wish::kSmsOnly,        Wish::kRevoked,
    Wish::kBlockedAll,     Wish::kExpired,        Wish::kPressOnly,      Wish::kOneCallFourSms};

// Ten thousand numbers behind each: none of them can be anybody's.
constexpr std::string_view kPrefixes[] = {"+3319900", "+3326191", "+3335301",
                                          "+3346571", "+3353649", "+3363998"};

std::string NumberOf(int person) {
  const std::string_view prefix = kPrefixes[person / 10'000];
  return absl::StrFormat("%s%04d", absl::string_view(prefix.data(), prefix.size()),
                         person % 10'000);
}

class Town {
 public:
  Town(std::string origin, std::string company, const crypto::PrivateKey& registrar,
       std::ostream& statements)
      : origin_(std::move(origin)),
        company_(std::move(company)),
        registrar_(registrar),
        statements_(statements),
        now_(absl::Now()) {}

  absl::Status Add(const std::string& number, Wish wish) {
    if (wish == Wish::kUnheardOf) return absl::OkStatus();
    if (wish == Wish::kClaim) return AddClaim(number);
    const crypto::PrivateKey key = crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
    v1::Statement binding = Begin(number);
    binding.mutable_key_binding()->set_public_key(key.public_key().spki());
    RETURN_IF_ERROR(Write(binding, registrar_));
    v1::Statement granted = Begin(number);
    FillGrant(wish, granted.mutable_grant());
    RETURN_IF_ERROR(Write(granted, key));
    if (wish == Wish::kRevoked) {
      v1::Statement revoked = Begin(number);
      revoked.mutable_revocation()->set_company(company_);
      return Write(revoked, key);
    }
    if (wish == Wish::kBlockedAll) {
      v1::Statement blocked = Begin(number);
      blocked.mutable_block()->set_company("*");
      return Write(blocked, key);
    }
    return absl::OkStatus();
  }

 private:
  v1::Statement Begin(const std::string& number) {
    v1::Statement statement;
    statement.set_statement_id(statement::NewStatementId());
    statement.set_audience(origin_);
    now_ += absl::Milliseconds(1);  // A later statement is signed later.
    SetTime(now_, statement.mutable_signed_at());
    statement.set_contact_point("tel:" + number);
    return statement;
  }

  static void SetTime(absl::Time time, google::protobuf::Timestamp* out) {
    const int64_t ms = absl::ToUnixMillis(time);
    out->set_seconds(ms / 1000);
    out->set_nanos(static_cast<int32_t>(ms % 1000) * 1'000'000);
  }

  static void AddLimit(v1::Channel channel, int64_t max, v1::Period period, int count,
                       v1::Grant* grant) {
    v1::Limit* const limit = grant->add_limits();
    limit->set_limit_id(channel == v1::CHANNEL_CALL ? "calls" : "sms");
    limit->add_channels(channel);
    limit->set_max(max);
    limit->mutable_window()->set_period(period);
    limit->mutable_window()->set_count(count);
    limit->mutable_window()->set_alignment(v1::ALIGNMENT_CALENDAR);
  }

  void FillGrant(Wish wish, v1::Grant* grant) const {
    grant->set_grant_id("g1");
    grant->set_company(company_);
    grant->add_purposes(wish == Wish::kPressOnly ? v1::PURPOSE_PRESS
                                                 : v1::PURPOSE_DIRECT_MARKETING);
    if (wish == Wish::kClaim) {
      AddLimit(v1::CHANNEL_CALL, 2, v1::PERIOD_MONTH, 3, grant);
    } else {
      if (wish != Wish::kSmsOnly) AddLimit(v1::CHANNEL_CALL, 1, v1::PERIOD_YEAR, 1, grant);
      AddLimit(v1::CHANNEL_SMS, 4, v1::PERIOD_YEAR, 1, grant);
    }
    if (wish == Wish::kExpired) {
      const int64_t yesterday = absl::ToUnixSeconds(now_ - absl::Hours(24));
      grant->mutable_valid_from()->set_seconds(yesterday - 24 * 60 * 60);
      grant->mutable_valid_until()->set_seconds(yesterday);
    }
  }

  absl::Status AddClaim(const std::string& number) {
    v1::Statement claim = Begin(number);
    FillGrant(Wish::kClaim, claim.mutable_claim()->mutable_grant());
    v1::Evidence* const evidence = claim.mutable_claim()->mutable_evidence();
    evidence->mutable_collected_at()->set_seconds(absl::ToUnixSeconds(now_ - absl::Hours(48)));
    evidence->set_text_sha256(
        crypto::Sha256({"I agree to be called by this company, twice a quarter."}).str());
    evidence->set_method("paper form");
    evidence->set_collected_by("shop of the demonstration");
    return Write(claim, registrar_);
  }

  absl::Status Write(const v1::Statement& statement, const crypto::PrivateKey& key) {
    ASSIGN_OR_RETURN(const v1::SignedStatement sealed, statement::Sign(statement, key));
    if (SerializeDelimitedToOstream(sealed, &statements_)) return absl::OkStatus();
    return absl::UnavailableError("cannot write the statements: is the disk full?");
  }

  const std::string origin_;
  const std::string company_;
  const crypto::PrivateKey& registrar_;
  std::ostream& statements_;
  absl::Time now_;
};

struct Options {
  std::string origin;
  std::string registrar_key;
  std::string company;
  int people = 50'000;
  std::string numbers;
  std::string statements;
};

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const crypto::PrivateKey registrar, crypto::ReadKeyFile(options.registrar_key));
  std::ofstream numbers(options.numbers);
  std::ofstream statements(options.statements, std::ios::binary);
  Town town(options.origin, options.company, registrar, statements);
  for (int person = 0; person < options.people; ++person) {
    const std::string number = NumberOf(person);
    numbers << number << "\n";
    RETURN_IF_ERROR(town.Add(number, kMix[person % std::size(kMix)]));
  }
  numbers.close();
  statements.close();
  if (numbers && statements) return absl::OkStatus();
  return absl::UnavailableError("cannot write the files: is the disk full?");
}

}  // namespace
}  // namespace consent::demo

int main(int argc, char** argv) {
  consent::demo::Options options;
  CLI::App app("Makes up consumers and what they have signed.", "consent_people");
  app.add_option("--origin", options.origin, "Origin of the ledger")->required();
  app.add_option("--registrar-key", options.registrar_key, "Private key file")->required();
  app.add_option("--company", options.company, "Whom the people grant")->required();
  app.add_option("--people", options.people, "How many")
      ->check(CLI::Range(1, consent::demo::kPeopleMax))
      ->capture_default_str();
  app.add_option("--numbers", options.numbers, "Where the numbers go")->required();
  app.add_option("--statements", options.statements, "Where the statements go")->required();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = consent::demo::Run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "consent_people: %s\n", std::string(status.message()).c_str());
  return 1;
}
