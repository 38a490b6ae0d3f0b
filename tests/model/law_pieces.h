// SPDX-License-Identifier: Apache-2.0
//
// What random law is made of, and what random people and companies say where there is law.

#ifndef CONSENT_MODEL_LAW_PIECES_H_
#define CONSENT_MODEL_LAW_PIECES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/contract.h"
#include "src/consent/law.h"
#include "src/consent/preferences.h"
#include "tests/model/dice.h"
#include "tests/model/scenario.h"

namespace consent::model {

// Lists, of which law speaks of the first only; processors; numbers, of which law allows the first
// two.
inline constexpr const char* kLists[] = {"old", "red"};
inline constexpr const char* kProcessors[] = {"centre", "station"};
inline constexpr const char* kNumbers[] = {"+33199000001", "+33199000002", "+33639980002"};
inline constexpr const char* kContracts[] = {"c1", "c2"};

// Law for what is said and asked around `now`: some rules of each kind, of which each binds some of
// what may be asked.
core::Law AnyLaw(Dice& dice, Instant now, const absl::TimeZone& zone);

// What the people and companies of a scenario have at hand.
struct Cast {
  Instant now;
  std::vector<core::Channel> channels;
  std::vector<core::Purpose> purposes;
  std::string company;  // Who it is about, if it is about one.
  // Of the last contact that was allowed: through whom (empty: nobody), and on what.
  std::string processor;
  core::Basis basis = core::Basis::kUnspecified;
};

// Companies that belong to groups and sectors.
std::map<std::string, Company> AnyCompanies(Dice& dice, const Cast& cast);
// Caps across companies, quiet hours, or a pause; seldom all of them.
core::Preferences AnyPreferences(Dice& dice, const Cast& cast);
core::Contract AnyContract(Dice& dice, const Cast& cast);
core::Callback AnyCallback(Dice& dice, const Cast& cast);
// Any of these, or a contest, a listing, a new holder, a block of a group or processor, or what the
// directory learns.
Act AnyWord(Dice& dice, const Cast& cast);
// What forbids, most likely, what was allowed a moment ago.
Act AnyNo(Dice& dice, const Cast& cast);
// What law may ask of a request.
void Dress(Dice& dice, core::Request& request);

}  // namespace consent::model

#endif  // CONSENT_MODEL_LAW_PIECES_H_
