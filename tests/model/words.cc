// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include "tests/model/law_pieces.h"
#include "tests/model/pieces.h"

namespace consent::model {
namespace {

using core::Alignment;
using core::Channel;
using core::Period;
using core::Purpose;
using core::Relation;
using core::Whose;

constexpr const char* kGroup = "holding";

core::PurposeSet AnyPurposes(Dice& dice, const std::vector<Purpose>& among) {
  core::PurposeSet set;
  for (const Purpose purpose : dice.Some(among)) set.Add(purpose);
  return set;
}

}  // namespace

core::Preferences AnyPreferences(Dice& dice, const Cast& cast) {
  core::Preferences preferences;
  if (dice.One(3)) preferences.purposes = AnyPurposes(dice, cast.purposes);
  for (int64_t i = dice.Below(3); i > 0; --i) {
    core::Limit limit = AnyLimit(dice, cast.channels);
    limit.id = i == 1 ? "all" : "more";
    limit.max += dice.Below(3);
    if (limit.window.period == Period::kLifetime) limit.window = {Period::kWeek, {}, 1};
    if (limit.window.alignment != Alignment::kRolling) {
      limit.window.alignment = Alignment::kCalendar;
    }
    preferences.limits.push_back(limit);
  }
  if (dice.One(4)) preferences.quiet = AnyHours(dice);
  if (dice.One(4)) {
    preferences.pause_until =
        cast.now + Seconds{dice.Below(dice.Pick<int64_t>({kMinute, kDay, 20 * kDay}))};
  }
  return preferences;
}

core::Contract AnyContract(Dice& dice, const Cast& cast) {
  core::Contract contract;
  contract.id = dice.Pick({kContracts[0], kContracts[0], kContracts[1]});
  contract.company = cast.company;
  contract.object = "a line";
  contract.relation = dice.Pick(
      {Relation::kContract, Relation::kContract, Relation::kPurchase, Relation::kInquiry});
  contract.valid_from = cast.now - Seconds{dice.One(2) ? 0 : dice.Below(400 * kDay)};
  if (dice.One(8)) contract.valid_from = cast.now + Seconds{dice.Below(kDay)};
  if (dice.One(3)) {
    contract.valid_until =
        contract.valid_from + Seconds{1 + dice.Below(dice.Pick<int64_t>({kDay, 900 * kDay}))};
  }
  contract.similar_products = dice.One(2);
  contract.collected_at = cast.now - Seconds{dice.One(2) ? 0 : dice.Below(3 * kDay)};
  if (dice.One(6)) contract.signed_by = core::Signer::kConsumer;
  return contract;
}

core::Callback AnyCallback(Dice& dice, const Cast& cast) {
  core::Callback callback;
  callback.id = dice.Pick({"b1", "b2"});
  callback.company = cast.company;
  callback.channels = AnyChannels(dice, cast.channels);
  callback.purposes = AnyPurposes(dice, cast.purposes);
  callback.valid_from = dice.One(3) ? cast.now + Seconds{dice.Below(kHour)} : cast.now;
  callback.valid_until =
      callback.valid_from + Seconds{1 + dice.Below(dice.Pick<int64_t>({kHour, 3 * kDay}))};
  if (dice.One(4)) {
    callback.signed_by = dice.One(2) ? core::Signer::kRegistrar : core::Signer::kCompany;
    callback.collected_at = cast.now - Seconds{dice.One(2) ? 0 : dice.Below(kDay)};
  }
  return callback;
}

Act AnyWord(Dice& dice, const Cast& cast) {
  const std::string processor = dice.Pick({kProcessors[0], kProcessors[1]});
  const std::string list = dice.Pick({kLists[0], kLists[0], kLists[1]});
  switch (dice.Below(24)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return AnyPreferences(dice, cast);
    case 5:
    case 6:
    case 7:
    case 8:
      return AnyContract(dice, cast);
    case 9:
    case 10:
      return Contest{cast.company, dice.Pick({"", kContracts[0], kContracts[1]})};
    case 11:
    case 12:
    case 13:
      return AnyCallback(dice, cast);
    case 14:
      return Holder{dice.One(4), static_cast<core::HolderClass>(
                                     dice.One(2) ? 2 : dice.Below(core::kHolderClassMax + 1))};
    case 15: {
      const Instant listed_at =
          cast.now - Seconds{dice.One(2) ? 0 : dice.Below(dice.Pick({kDay, 400 * kDay}))};
      return List{list, dice.One(3) ? "*" : cast.company, listed_at, dice.One(2)};
    }
    case 16:
    case 17:
      return Copy{list};
    case 18:
      return Delegate{
          cast.company, processor, cast.now + Seconds{dice.One(3) ? dice.Below(kHour) : 0},
          dice.One(2) ? kNever
                      : cast.now + Seconds{kHour + 1 + dice.Below(dice.One(2) ? 60 : 3 * kDay)}};
    case 19:
      return Undelegate{cast.company, processor};
    case 20:
    case 21:
      return Number{cast.company, dice.Pick({kNumbers[0], kNumbers[1], kNumbers[2]}), dice.One(3)};
    default: {
      Block block;
      block.whose = dice.Pick({Whose::kCompany, Whose::kGroup, Whose::kProcessor});
      block.company = block.whose == Whose::kCompany     ? cast.company
                      : block.whose == Whose::kProcessor ? processor
                                                         : kGroup;
      if (dice.One(3)) return Unblock{block.company, block.whose};
      block.channels = AnyChannels(dice, cast.channels);
      block.purposes = AnyPurposes(dice, cast.purposes);
      return block;
    }
  }
}

Act AnyNo(Dice& dice, const Cast& cast) {
  const std::string processor =
      cast.processor.empty() ? std::string(kProcessors[0]) : cast.processor;
  if (!cast.processor.empty() && dice.One(2)) return Undelegate{"acme", processor};
  const bool on_contract = cast.basis == core::Basis::kContract ||
                           cast.basis == core::Basis::kSimilarProducts ||
                           cast.basis == core::Basis::kService;
  if (on_contract && dice.One(2)) return Contest{"acme", ""};
  switch (dice.Below(7)) {
    case 0:
      return Block{kGroup, AnyChannels(dice, cast.channels), Whose::kGroup};
    case 1:
      return Block{processor, AnyChannels(dice, cast.channels), Whose::kProcessor};
    case 2:
      return Contest{cast.company, ""};
    case 3:
      return List{kLists[1], "*", cast.now};
    case 4:
      return Number{cast.company, dice.Pick({kNumbers[0], kNumbers[2]})};
    case 5:
      return Holder{false, core::HolderClass::kMinor};
    default: {
      core::Preferences preferences = AnyPreferences(dice, cast);
      if (dice.One(2)) {
        preferences.pause_until = cast.now + Seconds{1 + dice.Below(kHour)};
      } else {
        preferences.quiet = AnyHours(dice);
        preferences.quiet.push_back({127, 60, 1380});
      }
      return preferences;
    }
  }
}

std::map<std::string, Company> AnyCompanies(Dice& dice, const Cast& cast) {
  std::map<std::string, Company> companies;
  for (const char* const name : {"acme", "beta"}) {
    Company& company = companies[name];
    if (dice.One(2)) company.group = kGroup;
    if (dice.One(3)) company.sectors = AnyPurposes(dice, cast.purposes);
  }
  return companies;
}

void Dress(Dice& dice, core::Request& request) {
  if (dice.One(8)) request.matter = core::Matter::kHomeRenovation;
  if (dice.One(2)) request.contract = dice.Pick({kContracts[0], kContracts[0], kContracts[1]});
  if (dice.One(10)) request.processor = dice.Pick({kProcessors[0], kProcessors[0], kProcessors[1]});
  if (!dice.One(3)) request.caller_number = dice.Pick({kNumbers[0], kNumbers[1], kNumbers[2]});
}

}  // namespace consent::model
