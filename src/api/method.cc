// SPDX-License-Identifier: Apache-2.0

#include "src/api/method.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "consent/v1/contact_service.pb.h"
#include "consent/v1/directory_service.pb.h"
#include "consent/v1/grant_service.pb.h"
#include "consent/v1/journal_service.pb.h"

namespace consent::api {
namespace {

namespace pb = google::protobuf;

struct Numbering {
  Numbering() {
    for (const pb::Descriptor* of :
         {v1::CheckRequest::descriptor(), v1::RecordStatementsRequest::descriptor(),
          v1::GetLedgerRequest::descriptor(), v1::GetTileRequest::descriptor()}) {
      const pb::FileDescriptor* const file = of->file();
      for (int s = 0; s < file->service_count(); ++s) {
        const pb::ServiceDescriptor* const service = file->service(s);
        for (int m = 0; m < service->method_count(); ++m) {
          numbers.emplace(service->method(m)->input_type(), static_cast<int>(names.size()));
          names.push_back(absl::StrCat(service->name(), "/", service->method(m)->name()));
        }
      }
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
