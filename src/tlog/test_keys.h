// SPDX-License-Identifier: Apache-2.0
//
// Test code only. Keys that are the same in every run, and the specifications' examples.

#ifndef CONSENT_TLOG_TEST_KEYS_H_
#define CONSENT_TLOG_TEST_KEYS_H_

#include <string>
#include <string_view>

#include "src/crypto/private_key.h"
#include "src/crypto/secret.h"
#include "src/tlog/verifier_key.h"

namespace consent::tlog {

// The key whose seed is 32 times `seed`.
inline NoteSigner TestSigner(std::string_view name, char seed, KeyType type = KeyType::kEd25519) {
  const auto secret = *crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, seed));
  return NoteSigner(name, crypto::PrivateKey::FromEd25519Seed(secret), type);
}
inline NoteSigner TestWitness(std::string_view name, char seed) {
  return TestSigner(name, seed, KeyType::kCosignature);
}

// C2SP signed-note: the example of a verifier key, and the note it verifies.
inline constexpr std::string_view kSpecKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
inline constexpr std::string_view kSpecNote =
    "This is an example message.\n"
    "\n"
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
    "RKuwHjG1Yu72IneyaQM=\n";
// The example of the format; its key is not published.
inline constexpr std::string_view kSpecPoem =
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed \u00E8 subito sera.\n"
    "\n"
    "\u2014 quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMou"
    "FSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
// C2SP tlog-cosignature: a checkpoint and a cosignature; keys are not published.
inline constexpr std::string_view kSpecCheckpointText =
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
inline constexpr std::string_view kSpecLogLine =
    "\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q"
    "1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
inline constexpr std::string_view kSpecCosignatureLine =
    "\u2014 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2"
    "oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
// C2SP tlog-witness: the proof of its example.
inline constexpr std::string_view kSpecOld =
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n";

inline std::string SpecCheckpoint() {
  return std::string(kSpecCheckpointText) + "\n" + std::string(kSpecLogLine) +
         std::string(kSpecCosignatureLine);
}

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_TEST_KEYS_H_
