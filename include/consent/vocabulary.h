// SPDX-License-Identifier: Apache-2.0
//
// The words of a decision, as a dialer or gateway uses them. Numbers are those of the wire
// (proto/consent/v1/vocabulary.proto) and never change their meaning.
//
// A newer ledger may answer with a word that this header does not know yet. Its number is kept;
// Name() calls it "UNKNOWN". Nothing unknown ever lets anybody contact anyone.

#ifndef CONSENT_VOCABULARY_H_
#define CONSENT_VOCABULARY_H_

#include <string_view>

namespace consent {

// The way in which a consumer is contacted.
enum class Channel : int {
  kUnspecified = 0,  // Refused by the ledger: a channel must be named.
  kCall = 1,         // A call by a person.
  kVoicePrerecorded = 2,
  kSms = 3,
  kMms = 4,
  kEmail = 5,
  kMessaging = 6,
  kPost = 7,
};

// What a contact is for.
enum class Purpose : int {
  kUnspecified = 0,  // Refused by the ledger: a purpose must be named.
  kDirectMarketing = 1,
  kPress = 2,
  kSurvey = 3,
  kPolitical = 4,
  kCharity = 5,
  kService = 6,
};

// What became of a contact.
enum class Outcome : int {
  kUnspecified = 0,  // Refused by the ledger.
  kConnected = 1,
  kDelivered = 2,
  kVoicemail = 3,
  kAbandoned = 4,
  kInvalidNumber = 5,
  kNoAnswer = 6,
  kBusy = 7,
  kFailed = 8,
  kNotSent = 9,    // It never left: the unit is given back. Only before contact_before.
  kDeclined = 10,  // "Not interested." Grants stay.
  kOpposed = 11,   // "Never again": blocks the company on calls.
  kStop = 12,      // A stop keyword: blocks the company on SMS, MMS and messaging.
};

enum class Verdict : int {
  kUnspecified = 0,  // There was no answer: an error.
  kAllowed = 1,
  kDenied = 2,
};

// Why an answer is what it is; docs/reference/scenario.md gives the full meaning.
enum class Reason : int {
  kUnspecified = 0,
  kOk = 1,
  kBlocked = 2,
  kPaused = 3,
  kListed = 4,
  kNoPermission = 5,
  kNotForThisPurpose = 6,
  kRevoked = 7,
  kExpired = 8,
  kNotYetValid = 9,
  kNotOnThisChannel = 10,
  kProhibited = 11,
  kUnknownZone = 12,
  kOutsideHours = 13,
  kSilence = 14,
  kCallerNumber = 15,
  kLimitReached = 16,
  kConsumerLimit = 17,
  kPermitReleased = 18,
  kPermitLapsed = 19,
  kPermitUsed = 20,
  kPermitExpired = 21,
  kNoSuchPermit = 22,
  kAlreadyDone = 23,
  kNotConfirmed = 24,
  kUnscreened = 33,
  kNotDelegated = 34,
};

// Why a contact is lawful.
enum class Basis : int {
  kUnspecified = 0,
  kConsent = 1,
  kContract = 2,
  kSimilarProducts = 3,
  kExempt = 4,
  kService = 5,
  kCallback = 6,
};

// What a contact is about, where the law asks.
enum class SubjectMatter : int {
  kUnspecified = 0,
  kHomeRenovation = 1,
};

// Why there is no answer: the canonical codes of gRPC.
enum class ErrorCode : int {
  kNone = 0,  // There is an answer.
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

// Names as docs and logs spell them: "CALL", "LIMIT_REACHED", "UNAVAILABLE"; "UNSPECIFIED" for 0
// ("OK" for ErrorCode::kNone) and "UNKNOWN" for numbers that have no name here.
std::string_view Name(Channel channel);
std::string_view Name(Purpose purpose);
std::string_view Name(Outcome outcome);
std::string_view Name(Verdict verdict);
std::string_view Name(Reason reason);
std::string_view Name(Basis basis);
std::string_view Name(SubjectMatter matter);
std::string_view Name(ErrorCode code);

}  // namespace consent

#endif  // CONSENT_VOCABULARY_H_
