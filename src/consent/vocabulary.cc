// SPDX-License-Identifier: Apache-2.0

#include "src/consent/vocabulary.h"

#include <array>
#include <cstddef>

namespace consent::core {
namespace {

using std::string_view;

// Names by number; the unspecified one is "".
constexpr std::array<string_view, kChannelMax + 1> kChannels = {
    "", "CALL", "VOICE_PRERECORDED", "SMS", "MMS", "EMAIL", "MESSAGING", "POST"};
constexpr std::array<string_view, kPurposeMax + 1> kPurposes = {
    "", "DIRECT_MARKETING", "PRESS", "SURVEY", "POLITICAL", "CHARITY", "SERVICE"};
constexpr std::array<string_view, kOutcomeMax + 1> kOutcomes = {
    "",          "CONNECTED", "DELIVERED", "VOICEMAIL", "ABANDONED", "INVALID_NUMBER",
    "NO_ANSWER", "BUSY",      "FAILED",    "NOT_SENT",  "DECLINED",  "OPPOSED",
    "STOP"};
constexpr std::array<string_view, kReasonMax + 1> kReasons = {"",
                                                              "OK",
                                                              "BLOCKED",
                                                              "PAUSED",
                                                              "LISTED",
                                                              "NO_PERMISSION",
                                                              "NOT_FOR_THIS_PURPOSE",
                                                              "REVOKED",
                                                              "EXPIRED",
                                                              "NOT_YET_VALID",
                                                              "NOT_ON_THIS_CHANNEL",
                                                              "PROHIBITED",
                                                              "UNKNOWN_ZONE",
                                                              "OUTSIDE_HOURS",
                                                              "SILENCE",
                                                              "CALLER_NUMBER",
                                                              "LIMIT_REACHED",
                                                              "CONSUMER_LIMIT",
                                                              "PERMIT_RELEASED",
                                                              "PERMIT_LAPSED",
                                                              "PERMIT_USED",
                                                              "PERMIT_EXPIRED",
                                                              "NO_SUCH_PERMIT",
                                                              "ALREADY_DONE",
                                                              "NOT_CONFIRMED",
                                                              "REQUEST_ID_REUSED",
                                                              "OUTRANKED",
                                                              "STATEMENT_TOO_OLD",
                                                              "STATEMENT_FROM_FUTURE",
                                                              "NARROWED_SINCE",
                                                              "GRANT_ID_REUSED",
                                                              "KEY_NOT_BOUND",
                                                              "ALREADY_BOUND",
                                                              "UNSCREENED",
                                                              "NOT_DELEGATED"};
constexpr std::array<string_view, kBasisMax + 1> kBases = {
    "", "CONSENT", "CONTRACT", "SIMILAR_PRODUCTS", "EXEMPT", "SERVICE", "CALLBACK"};
constexpr std::array<string_view, kSignerMax + 1> kSigners = {"", "CONSUMER", "REGISTRAR",
                                                              "COMPANY"};
constexpr std::array<string_view, kMatterMax + 1> kMatters = {"", "HOME_RENOVATION"};
constexpr std::array<string_view, kRelationMax + 1> kRelations = {"", "CONTRACT", "PURCHASE",
                                                                  "INQUIRY"};
constexpr std::array<string_view, kHolderClassMax + 1> kHolderClasses = {
    "", "ADULT", "MINOR", "PROTECTED", "SHARED_LINE", "PROFESSIONAL"};

// A number beyond the table, from some later version, has no name here.
template <typename Enum, size_t N>
string_view NameIn(const std::array<string_view, N>& names, Enum e) {
  const auto number = static_cast<size_t>(e);
  return number < N ? names[number] : string_view();
}

template <typename Enum, size_t N>
std::optional<Enum> ParseIn(const std::array<string_view, N>& names, string_view name) {
  for (size_t number = 1; number < N; ++number) {
    if (names[number] == name) return static_cast<Enum>(number);
  }
  return std::nullopt;
}

}  // namespace

string_view Name(Channel channel) { return NameIn(kChannels, channel); }
string_view Name(Purpose purpose) { return NameIn(kPurposes, purpose); }
string_view Name(Outcome outcome) { return NameIn(kOutcomes, outcome); }
string_view Name(Reason reason) { return NameIn(kReasons, reason); }
string_view Name(Basis basis) { return NameIn(kBases, basis); }
string_view Name(Signer signer) { return NameIn(kSigners, signer); }
string_view Name(Matter matter) { return NameIn(kMatters, matter); }
string_view Name(Relation relation) { return NameIn(kRelations, relation); }
string_view Name(HolderClass holder) { return NameIn(kHolderClasses, holder); }

std::optional<Channel> ParseChannel(string_view name) { return ParseIn<Channel>(kChannels, name); }
std::optional<Purpose> ParsePurpose(string_view name) { return ParseIn<Purpose>(kPurposes, name); }
std::optional<Outcome> ParseOutcome(string_view name) { return ParseIn<Outcome>(kOutcomes, name); }
std::optional<Signer> ParseSigner(string_view name) { return ParseIn<Signer>(kSigners, name); }
std::optional<Basis> ParseBasis(string_view name) { return ParseIn<Basis>(kBases, name); }
std::optional<Matter> ParseMatter(string_view name) { return ParseIn<Matter>(kMatters, name); }
std::optional<Relation> ParseRelation(string_view name) {
  return ParseIn<Relation>(kRelations, name);
}
std::optional<HolderClass> ParseHolderClass(string_view name) {
  return ParseIn<HolderClass>(kHolderClasses, name);
}

}  // namespace consent::core
