// SPDX-License-Identifier: Apache-2.0

#include "consent/vocabulary.h"

namespace consent {

std::string_view Name(Channel channel) {
  switch (channel) {
    case Channel::kUnspecified:
      return "UNSPECIFIED";
    case Channel::kCall:
      return "CALL";
    case Channel::kVoicePrerecorded:
      return "VOICE_PRERECORDED";
    case Channel::kSms:
      return "SMS";
    case Channel::kMms:
      return "MMS";
    case Channel::kEmail:
      return "EMAIL";
    case Channel::kMessaging:
      return "MESSAGING";
    case Channel::kPost:
      return "POST";
  }
  return "UNKNOWN";
}

std::string_view Name(Purpose purpose) {
  switch (purpose) {
    case Purpose::kUnspecified:
      return "UNSPECIFIED";
    case Purpose::kDirectMarketing:
      return "DIRECT_MARKETING";
    case Purpose::kPress:
      return "PRESS";
    case Purpose::kSurvey:
      return "SURVEY";
    case Purpose::kPolitical:
      return "POLITICAL";
    case Purpose::kCharity:
      return "CHARITY";
    case Purpose::kService:
      return "SERVICE";
  }
  return "UNKNOWN";
}

std::string_view Name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kUnspecified:
      return "UNSPECIFIED";
    case Outcome::kConnected:
      return "CONNECTED";
    case Outcome::kDelivered:
      return "DELIVERED";
    case Outcome::kVoicemail:
      return "VOICEMAIL";
    case Outcome::kAbandoned:
      return "ABANDONED";
    case Outcome::kInvalidNumber:
      return "INVALID_NUMBER";
    case Outcome::kNoAnswer:
      return "NO_ANSWER";
    case Outcome::kBusy:
      return "BUSY";
    case Outcome::kFailed:
      return "FAILED";
    case Outcome::kNotSent:
      return "NOT_SENT";
    case Outcome::kDeclined:
      return "DECLINED";
    case Outcome::kOpposed:
      return "OPPOSED";
    case Outcome::kStop:
      return "STOP";
  }
  return "UNKNOWN";
}

std::string_view Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kUnspecified:
      return "UNSPECIFIED";
    case Verdict::kAllowed:
      return "ALLOWED";
    case Verdict::kDenied:
      return "DENIED";
  }
  return "UNKNOWN";
}

std::string_view Name(Reason reason) {
  switch (reason) {
    case Reason::kUnspecified:
      return "UNSPECIFIED";
    case Reason::kOk:
      return "OK";
    case Reason::kBlocked:
      return "BLOCKED";
    case Reason::kPaused:
      return "PAUSED";
    case Reason::kListed:
      return "LISTED";
    case Reason::kNoPermission:
      return "NO_PERMISSION";
    case Reason::kNotForThisPurpose:
      return "NOT_FOR_THIS_PURPOSE";
    case Reason::kRevoked:
      return "REVOKED";
    case Reason::kExpired:
      return "EXPIRED";
    case Reason::kNotYetValid:
      return "NOT_YET_VALID";
    case Reason::kNotOnThisChannel:
      return "NOT_ON_THIS_CHANNEL";
    case Reason::kProhibited:
      return "PROHIBITED";
    case Reason::kUnknownZone:
      return "UNKNOWN_ZONE";
    case Reason::kOutsideHours:
      return "OUTSIDE_HOURS";
    case Reason::kSilence:
      return "SILENCE";
    case Reason::kCallerNumber:
      return "CALLER_NUMBER";
    case Reason::kLimitReached:
      return "LIMIT_REACHED";
    case Reason::kConsumerLimit:
      return "CONSUMER_LIMIT";
    case Reason::kPermitReleased:
      return "PERMIT_RELEASED";
    case Reason::kPermitLapsed:
      return "PERMIT_LAPSED";
    case Reason::kPermitUsed:
      return "PERMIT_USED";
    case Reason::kPermitExpired:
      return "PERMIT_EXPIRED";
    case Reason::kNoSuchPermit:
      return "NO_SUCH_PERMIT";
    case Reason::kAlreadyDone:
      return "ALREADY_DONE";
    case Reason::kNotConfirmed:
      return "NOT_CONFIRMED";
    case Reason::kUnscreened:
      return "UNSCREENED";
    case Reason::kNotDelegated:
      return "NOT_DELEGATED";
  }
  return "UNKNOWN";
}

std::string_view Name(Basis basis) {
  switch (basis) {
    case Basis::kUnspecified:
      return "UNSPECIFIED";
    case Basis::kConsent:
      return "CONSENT";
    case Basis::kContract:
      return "CONTRACT";
    case Basis::kSimilarProducts:
      return "SIMILAR_PRODUCTS";
    case Basis::kExempt:
      return "EXEMPT";
    case Basis::kService:
      return "SERVICE";
    case Basis::kCallback:
      return "CALLBACK";
  }
  return "UNKNOWN";
}

std::string_view Name(SubjectMatter matter) {
  switch (matter) {
    case SubjectMatter::kUnspecified:
      return "UNSPECIFIED";
    case SubjectMatter::kHomeRenovation:
      return "HOME_RENOVATION";
  }
  return "UNKNOWN";
}

std::string_view Name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNone:
      return "OK";
    case ErrorCode::kCancelled:
      return "CANCELLED";
    case ErrorCode::kUnknown:
      return "UNKNOWN";
    case ErrorCode::kInvalidArgument:
      return "INVALID_ARGUMENT";
    case ErrorCode::kDeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case ErrorCode::kNotFound:
      return "NOT_FOUND";
    case ErrorCode::kAlreadyExists:
      return "ALREADY_EXISTS";
    case ErrorCode::kPermissionDenied:
      return "PERMISSION_DENIED";
    case ErrorCode::kResourceExhausted:
      return "RESOURCE_EXHAUSTED";
    case ErrorCode::kFailedPrecondition:
      return "FAILED_PRECONDITION";
    case ErrorCode::kAborted:
      return "ABORTED";
    case ErrorCode::kOutOfRange:
      return "OUT_OF_RANGE";
    case ErrorCode::kUnimplemented:
      return "UNIMPLEMENTED";
    case ErrorCode::kInternal:
      return "INTERNAL";
    case ErrorCode::kUnavailable:
      return "UNAVAILABLE";
    case ErrorCode::kDataLoss:
      return "DATA_LOSS";
    case ErrorCode::kUnauthenticated:
      return "UNAUTHENTICATED";
  }
  return "UNKNOWN";
}

}  // namespace consent
