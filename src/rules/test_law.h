// SPDX-License-Identifier: Apache-2.0
//
// LawWorld: a consumer under the embedded packs, asked through the core as the ledger asks it. Test
// code only.

#ifndef CONSENT_RULES_TEST_LAW_H_
#define CONSENT_RULES_TEST_LAW_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "src/consent/test_world.h"

namespace consent::rules {

// Packs in force, and where the consumer is.
struct Under {
  std::vector<std::string> packs = {"fr"};
  std::vector<std::string> regions = {"FR"};
  std::vector<std::string> zones = {"Europe/Paris"};
};

class LawWorld {
 public:
  explicit LawWorld(const Under& under = {});

  LawWorld& At(std::string_view rfc3339);

  // The consumer's own grant to acme for `purposes`, without limits to speak of, on every channel.
  core::Grant Grant(std::initializer_list<core::Purpose> purposes = {
                        core::Purpose::kDirectMarketing}) const;
  void Give(core::Grant grant);
  void Give() { Give(Grant()); }
  // acme claims a relation that began at the clock's time, under the id "c1".
  void Claim(core::Relation relation, bool similar_products = false);
  // The consumer denies it.
  void Contest();
  void Revoke();
  // The consumer asks acme to call within the next day.
  void AskForCall();
  void List(std::string list, std::string_view listed_at);
  void Import(std::string list);  // Now.
  void SetSectors(std::initializer_list<core::Purpose> sectors);
  void SetHolder(core::HolderClass holder) { world_.record.holder = holder; }

  // A call by acme, of a number that is shown and registered nowhere, about nothing in particular.
  core::Request Call() const;
  core::Request On(core::Channel channel,
                   core::Purpose purpose = core::Purpose::kDirectMarketing) const;
  core::Request AboutContract() const;

  // "OK CONSENT", "OK CONTRACT fr.contract", "SILENCE fr.silence", "NO_PERMISSION": the reason, the
  // basis and the rule cited. Takes nothing.
  std::string Check(const core::Request& request) const;
  std::string Check() const { return Check(Call()); }
  // When the next such contact would be allowed, on the clock of the first zone.
  std::string Next(const core::Request& request) const;
  std::string Next() const { return Next(Call()); }
  // Takes one contact and reports what became of it; as Check.
  std::string Contact(core::Request request, core::Outcome outcome);

 private:
  core::Moment Now() const;

  core::World world_;
  std::vector<absl::TimeZone> zones_;
  int requests_ = 0;
};

}  // namespace consent::rules

#endif  // CONSENT_RULES_TEST_LAW_H_
