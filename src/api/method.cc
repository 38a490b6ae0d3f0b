// SPDX-License-Identifier: Apache-2.0

#include "src/api/method.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "consent/v1/contact_service.pb.h"
#include "consent/v1/directory_service.pb.h"
#include "consent/v1/grant_service.pb.h"
#include "consent/v1/journal_service.pb.h"
#include "src/access/table.h"

namespace consent::api {
namespace {

namespace pb = google::protobuf;

struct Numbering {
  Numbering() {
    // The pool knows only what somebody has asked for.
    v1::CheckRequest::descriptor();
    v1::RecordStatementsRequest::descriptor();
    v1::GetLedgerRequest::descriptor();
    v1::GetTileRequest::descriptor();
    for (const access::Row& row : access::Table::Embedded().rows()) {
      std::string name = absl::StrCat("consent.v1.", row.method);
      name[name.find('/')] = '.';
      const pb::MethodDescriptor* const method =
          pb::DescriptorPool::generated_pool()->FindMethodByName(name);
      if (method == nullptr) continue;
      numbers.emplace(method->input_type(), static_cast<int>(names.size()));
      names.push_back(row.method);
    }
  }

  std::vector<std::string> names;
  absl::flat_hash_map<const pb::Descriptor*, int> numbers;
};

const Numbering& Numbers() {
  static const Numbering* const numbering = new Numbering();
  return *numbering;
}

}  // namespace

const std::vector<std::string>& Methods() { return Numbers().names; }

int MethodOf(const pb::Descriptor& request) { return Numbers().numbers.at(&request); }

}  // namespace consent::api
