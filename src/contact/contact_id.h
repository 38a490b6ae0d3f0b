// SPDX-License-Identifier: Apache-2.0
//
// Pepper: turns a contact point into the names under which the ledger keeps it.
//
//   ContactId  = version || first 31 of HMAC-SHA256(pepper, uri)         names it inside the ledger
//   SubjectId  = HMAC-SHA256(pepper, 0x01 || company || 0x00 || uri)     names it to one company
//   check      = first 16 of HMAC-SHA256(pepper, 0x02 || "check")        tells one from another
//
// There are few enough phone numbers to try them all, so a plain hash would hide nothing: the
// pepper is what keeps the store from being a phone book. Nobody but the ledger has it, and losing
// it loses every objection.
//
// Peppers: all that a ledger has. The newest names what is new; what lies under an older one is
// found by its older id, and gets the newest when something is next recorded about it. The id says
// its version, so what is left under a pepper can be told.
//
// The three messages never meet: a uri begins with a lower-case letter, never with 0x01 or 0x02,
// and it holds no zero byte, so the last zero byte is the one before it.
//
// Threads: const functions are safe from any thread. Cost: 0.2 us a name and pepper. Nothing fails.

#ifndef CONSENT_CONTACT_CONTACT_ID_H_
#define CONSENT_CONTACT_CONTACT_ID_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/ids.h"
#include "src/contact/contact_point.h"
#include "src/crypto/hmac.h"

namespace consent::contact {

// A contact point as one company sees it: stable for that company, meaningless to any other.
using SubjectId = FixedBytes<struct SubjectIdTag, 32>;

// The ids of one contact point.
struct ContactName {
  ContactName() = default;
  // Under one pepper alone.
  ContactName(const ContactId& id) : newest(id) {}  // NOLINT(google-explicit-constructor)

  ContactId newest;
  std::vector<ContactId> older;  // Under the older peppers, the newest of them first.

  friend bool operator==(const ContactName&, const ContactName&) = default;
};

// Which pepper it is, without the pepper.
struct PepperCheck {
  uint8_t version = 0;
  std::string check;  // Hexadecimal.
};

class Pepper {
 public:
  // Versions count up from 1, one for each pepper a ledger has had.
  static constexpr uint8_t kFirstVersion = 1;
  static constexpr uint8_t kLastVersion = 255;

  Pepper(uint8_t version, crypto::HmacKey key) : version_(version), key_(std::move(key)) {}

  ContactId Of(const ContactPoint& point) const;

  // The company is its identifier in the directory, byte for byte. The subject exists also for
  // contact points the ledger has never heard of, so asking for it reveals nothing.
  SubjectId SubjectFor(std::string_view company, const ContactPoint& point) const;

  uint8_t version() const { return version_; }
  // Follows from the pepper and does not reveal it.
  PepperCheck Check() const;

 private:
  uint8_t version_;
  crypto::HmacKey key_;
};

// The version of the pepper that made this id, or whose id this is the fingerprint of.
inline uint8_t VersionOf(const ContactId& id) { return id.bytes[0]; }

class Peppers {
 public:
  // The newest first; at least one, and no two of one version.
  explicit Peppers(std::vector<Pepper> peppers) : peppers_(std::move(peppers)) {}
  explicit Peppers(Pepper only) { peppers_.push_back(std::move(only)); }

  ContactName NameOf(const ContactPoint& point) const;
  // Under the oldest pepper: so companies know people again until it is taken away.
  SubjectId SubjectFor(std::string_view company, const ContactPoint& point) const {
    return peppers_.back().SubjectFor(company, point);
  }
  // Of all of them, the newest first.
  std::vector<PepperCheck> Checks() const;

 private:
  std::vector<Pepper> peppers_;
};

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_CONTACT_ID_H_
