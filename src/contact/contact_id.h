// SPDX-License-Identifier: Apache-2.0
//
// Pepper: turns a contact point into the names under which the ledger keeps it.
//
//   ContactId  = HMAC-SHA256(pepper, uri)                                names it inside the ledger
//   SubjectId  = HMAC-SHA256(pepper, 0x01 || company || 0x00 || uri)     names it to one company
//
// There are few enough phone numbers to try them all, so a plain hash would hide nothing: the
// pepper is what keeps the store from being a phone book. Nobody but the ledger has it, and losing
// it loses every objection. It is versioned; a store says which version its ids were made with.
//
// The two messages never meet: a uri begins with a lower-case letter, never with 0x01, and it
// holds no zero byte, so the last zero byte is the one before it.
//
// Threads: const functions are safe from any thread. Cost: 0.2 us each. Nothing fails.

#ifndef CONSENT_CONTACT_CONTACT_ID_H_
#define CONSENT_CONTACT_CONTACT_ID_H_

#include <cstdint>
#include <string_view>
#include <utility>

#include "src/base/ids.h"
#include "src/contact/contact_point.h"
#include "src/crypto/hmac.h"

namespace consent::contact {

// A contact point as one company sees it: stable for that company, meaningless to any other.
using SubjectId = FixedBytes<struct SubjectIdTag, 32>;

class Pepper {
 public:
  static constexpr uint32_t kFirstVersion = 1;

  // Versions count up from 1, one for each pepper a ledger has had.
  Pepper(uint32_t version, crypto::HmacKey key) : version_(version), key_(std::move(key)) {}

  ContactId Of(const ContactPoint& point) const;

  // The company is its identifier in the directory, byte for byte. The subject exists also for
  // contact points the ledger has never heard of, so asking for it reveals nothing.
  SubjectId SubjectFor(std::string_view company, const ContactPoint& point) const;

  uint32_t version() const { return version_; }

 private:
  uint32_t version_;
  crypto::HmacKey key_;
};

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_CONTACT_ID_H_
