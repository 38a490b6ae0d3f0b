// SPDX-License-Identifier: Apache-2.0
//
// The words a decision is made of: channels, purposes, outcomes, reasons. Numbers are those of the
// wire contract (proto/consent/v1) and of the journal; they never change their meaning.

#ifndef CONSENT_CONSENT_VOCABULARY_H_
#define CONSENT_CONSENT_VOCABULARY_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace consent::core {

enum class Channel : uint8_t {
  kUnspecified = 0,
  kCall = 1,
  kVoicePrerecorded = 2,
  kSms = 3,
  kMms = 4,
  kEmail = 5,
  kMessaging = 6,
  kPost = 7,
};
inline constexpr int kChannelMax = 7;

enum class Purpose : uint8_t {
  kUnspecified = 0,
  kDirectMarketing = 1,
  kPress = 2,
  kSurvey = 3,
  kPolitical = 4,
  kCharity = 5,
  kService = 6,
};
inline constexpr int kPurposeMax = 6;

// A set of enumerators, one bit each: bit n stands for the enumerator of number n.
template <typename Enum, int kMax>
struct EnumSet {
  uint16_t bits = 0;

  constexpr bool Has(Enum e) const { return (bits >> static_cast<int>(e)) & 1; }
  constexpr void Add(Enum e) { bits |= static_cast<uint16_t>(1u << static_cast<int>(e)); }
  constexpr bool empty() const { return bits == 0; }
  constexpr bool Intersects(EnumSet other) const { return (bits & other.bits) != 0; }
  friend constexpr EnumSet operator|(EnumSet a, EnumSet b) {
    return {static_cast<uint16_t>(a.bits | b.bits)};
  }
  friend constexpr auto operator<=>(EnumSet, EnumSet) = default;

  // Every enumerator but the unspecified one.
  static constexpr EnumSet All() { return {static_cast<uint16_t>((1u << (kMax + 1)) - 2)}; }
  constexpr bool valid() const { return (bits & ~All().bits) == 0; }

  template <class A>
  void Fields(A& a) {
    a(bits);
    if constexpr (A::kReading) {
      if (!valid()) a.Fail();
    }
  }
};
using ChannelSet = EnumSet<Channel, kChannelMax>;
using PurposeSet = EnumSet<Purpose, kPurposeMax>;

// What became of an allowed contact.
enum class Outcome : uint8_t {
  kUnspecified = 0,
  kConnected = 1,
  kDelivered = 2,
  kVoicemail = 3,
  kAbandoned = 4,
  kInvalidNumber = 5,
  kNoAnswer = 6,
  kBusy = 7,
  kFailed = 8,
  kNotSent = 9,
  kDeclined = 10,
  kOpposed = 11,
  kStop = 12,
};
inline constexpr int kOutcomeMax = 12;

// Why an answer is what it is. In the order in which `Decide` judges, within each group.
enum class Reason : uint8_t {
  kUnspecified = 0,
  kOk = 1,
  // The consumer's word.
  kBlocked = 2,
  kPaused = 3,
  kListed = 4,
  kNoPermission = 5,
  kNotForThisPurpose = 6,
  kRevoked = 7,
  kExpired = 8,
  kNotYetValid = 9,
  kNotOnThisChannel = 10,
  // The law and the clock.
  kProhibited = 11,
  kUnknownZone = 12,
  kOutsideHours = 13,
  kSilence = 14,
  kCallerNumber = 15,
  kLimitReached = 16,
  kConsumerLimit = 17,
  // A repeated request whose permit cannot be used any more.
  kPermitReleased = 18,
  kPermitLapsed = 19,
  kPermitUsed = 20,
  kPermitExpired = 21,
  // Confirm, release, outcome.
  kNoSuchPermit = 22,
  kAlreadyDone = 23,
  kNotConfirmed = 24,
  // Not answers but faults: the request or the statement is refused and changes nothing.
  kRequestIdReused = 25,
  kOutranked = 26,            // A claim against the consumer's own word.
  kStatementTooOld = 27,      // Signed more than 24 hours before it arrived.
  kStatementFromFuture = 28,  // Signed more than 5 minutes after it arrived.
  kNarrowedSince = 29,        // Signed before the last word that narrowed the same thing.
  kGrantIdReused = 30,
  kKeyNotBound = 31,   // The signing key is not one of this consumer's.
  kAlreadyBound = 32,  // The contact point belongs to another key or consumer.
  // Judged with the group above that names them, and numbered later.
  kUnscreened = 33,    // A list that could bind is too old to tell; judged after LISTED.
  kNotDelegated = 34,  // The processor has no delegation of the company's; judged first of all.
};
inline constexpr int kReasonMax = 34;

// Why a contact is allowed.
enum class Basis : uint8_t {
  kUnspecified = 0,
  kConsent = 1,
  kContract = 2,         // It is about an existing contract.
  kSimilarProducts = 3,  // To a customer who bought the like.
  kExempt = 4,           // The law asks no consent of this sector.
  kService = 5,          // It serves a customer: a delivery notice, a one-time code.
  kCallback = 6,         // The consumer asked for it.
};
inline constexpr int kBasisMax = 6;
using BasisSet = EnumSet<Basis, kBasisMax>;

// What a contact is about, where the law asks.
enum class Matter : uint8_t {
  kUnspecified = 0,  // None of those below.
  kHomeRenovation = 1,
};
inline constexpr int kMatterMax = 1;
using MatterSet = EnumSet<Matter, kMatterMax>;

// What a company had to do with a consumer.
enum class Relation : uint8_t {
  kUnspecified = 0,
  kContract = 1,
  kPurchase = 2,
  kInquiry = 3,
};
inline constexpr int kRelationMax = 3;

// Who holds a contact point.
enum class HolderClass : uint8_t {
  kUnspecified = 0,  // Nobody said: an adult.
  kAdult = 1,
  kMinor = 2,
  kProtected = 3,
  kSharedLine = 4,
  kProfessional = 5,
};
inline constexpr int kHolderClassMax = 5;

// Who signed a grant. Anyone but the consumer makes it a claim.
enum class Signer : uint8_t {
  kUnspecified = 0,
  kConsumer = 1,
  kRegistrar = 2,
  kCompany = 3,
};
inline constexpr int kSignerMax = 3;

// For the `Fields` of structs: reads or writes `value`; a number above `max` is a fault of the
// input.
template <class A, class Enum>
void EnumField(A& a, Enum& value, int max) {
  a(value);
  if constexpr (A::kReading) {
    if (static_cast<int>(value) > max) a.Fail();
  }
}

// Names as in scenarios and on the wire without their prefix: "CALL", "DIRECT_MARKETING", "OK".
// Unspecified is "". An unknown name parses to nullopt.
std::string_view Name(Channel channel);
std::string_view Name(Purpose purpose);
std::string_view Name(Outcome outcome);
std::string_view Name(Reason reason);
std::string_view Name(Basis basis);
std::string_view Name(Signer signer);
std::string_view Name(Matter matter);
std::string_view Name(Relation relation);
std::string_view Name(HolderClass holder);
std::optional<Channel> ParseChannel(std::string_view name);
std::optional<Purpose> ParsePurpose(std::string_view name);
std::optional<Outcome> ParseOutcome(std::string_view name);
std::optional<Signer> ParseSigner(std::string_view name);
std::optional<Basis> ParseBasis(std::string_view name);
std::optional<Matter> ParseMatter(std::string_view name);
std::optional<Relation> ParseRelation(std::string_view name);
std::optional<HolderClass> ParseHolderClass(std::string_view name);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_VOCABULARY_H_
