// SPDX-License-Identifier: Apache-2.0
//
// The golden vectors of docs/formats/statement.md, tests/golden/statement/*.json: the same samples
// must give the same bytes for ever, in every language. CONSENT_GOLDEN_UPDATE=1 rewrites the files;
// tests/golden/statement/check.py reads them without any code of ours.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/crypto/hash.h"
#include "src/statement/dsse.h"
#include "src/statement/envelope.h"
#include "src/statement/role.h"
#include "src/statement/sample.h"

namespace consent::statement {
namespace {

// Tests run in the root of the tree.
constexpr char kFolder[] = "tests/golden/statement/";

std::string Hex(std::string_view bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The hexadecimal text of one field of a vector; "" when there is no such field.
std::string FieldIn(const std::string& vector, const std::string& name) {
  const std::string key = absl::StrCat("\"", name, "\": \"");
  const size_t begin = vector.find(key);
  if (begin == std::string::npos) return "";
  const size_t from = begin + key.size();
  return absl::HexStringToBytes(vector.substr(from, vector.find('"', from) - from));
}

std::string StatementJson(const v1::Statement& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json, options).ok());
  while (json.ends_with('\n')) json.pop_back();
  return absl::StrReplaceAll(json, {{"\n", "\n "}});
}

std::string Describe(const v1::Statement& message, const v1::SignedStatement& sealed,
                     const Opened& opened) {
  const bool is_ed25519 = opened.key.algorithm() == crypto::Algorithm::kEd25519;
  const std::string pae = PreAuthEncoding(kPayloadType, sealed.payload());
  return absl::StrCat(
      "{\n \"algorithm\": \"", std::string(crypto::AlgorithmName(opened.key.algorithm())),
      is_ed25519 ? absl::StrCat("\",\n \"seed\": \"", Hex(SampleSeed('c'))) : "",
      "\",\n \"public_key\": \"", Hex(opened.key.spki()),  //
      "\",\n \"key_id\": \"", Hex(opened.key.id().view()),
      "\",\n \"statement\": ", StatementJson(message),  //
      ",\n \"payload_type\": \"", sealed.payload_type(), "\",\n \"payload\": \"",
      Hex(sealed.payload()), "\",\n \"pae_sha256\": \"", Hex(crypto::Sha256({pae}).view()),
      "\",\n \"signature\": \"", Hex(sealed.signatures(0).signature()), "\",\n \"envelope\": \"",
      Hex(opened.envelope),  //
      "\",\n \"id\": \"", Hex(opened.id.view()), "\"\n}\n");
}

void CheckVector(const v1::Statement& message, const crypto::PrivateKey& key) {
  const bool is_ed25519 = key.algorithm() == crypto::Algorithm::kEd25519;
  const std::string path = absl::StrCat(kFolder, is_ed25519 ? "ed25519_" : "p256_",
                                        std::string(BodyName(message.body_case())), ".json");
  const bool update = std::getenv("CONSENT_GOLDEN_UPDATE") != nullptr;
  const std::string kept = ReadFile(path);
  ASSERT_OK_AND_ASSIGN(v1::SignedStatement sealed, Sign(message, key));
  if (!is_ed25519) {
    // ECDSA signs differently every time: the signature kept must go on being accepted.
    v1::SignedStatement same = sealed;
    same.mutable_signatures(0)->set_signature(FieldIn(kept, "signature"));
    if (!update || Open(same, kSampleAudience).ok()) sealed = same;
  }
  ASSERT_OK_AND_ASSIGN(const Opened opened, Open(sealed, kSampleAudience));
  const std::string made = Describe(message, sealed, opened);
  if (update) {
    std::ofstream(path, std::ios::binary) << made;
    return;
  }
  EXPECT_EQ(kept, made) << path << " differs; CONSENT_GOLDEN_UPDATE=1 rewrites it";

  v1::SignedStatement from_file;
  ASSERT_TRUE(from_file.ParseFromString(FieldIn(kept, "envelope")));
  ASSERT_OK_AND_ASSIGN(const Opened again, Open(from_file, kSampleAudience));
  EXPECT_EQ(again.id, opened.id);
}

TEST(GoldenTest, Ed25519StatementsKeepTheirBytes) {
  for (const v1::Statement& message :
       {SampleKeyBinding(), SampleGrant(), SampleClaim(), SampleRevocation(), SampleBlock(),
        SampleUnblock(), SampleViewRequest(), SampleEraseRequest(), SamplePreferences(),
        SampleContractClaim(), SampleContest(), SampleCallbackRequest(), SampleHolderChange()}) {
    CheckVector(message, SampleKey());
  }
}

TEST(GoldenTest, EcdsaStatementsKeepBeingAccepted) {
  CheckVector(SampleGrant(), SampleP256Key());
  CheckVector(SampleRevocation(), SampleP256Key());
}

}  // namespace
}  // namespace consent::statement
