// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/directory_entry.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "src/consentctl/output.h"

namespace consent::ctl {
namespace {

// "key_id" as tables write it: "Key id".
std::string Heading(const std::string& name) {
  std::string heading = absl::StrReplaceAll(name, {{"_", " "}});
  heading[0] = absl::ascii_toupper(static_cast<unsigned char>(heading[0]));
  return heading;
}

}  // namespace

int ShowDirectoryEntry(const Session& session,
                       const std::vector<std::pair<std::string, std::string>>& what,
                       const v1::DirectoryEntry& entry) {
  Json json = Json::object();
  Table table;
  for (const auto& [name, value] : what) {
    if (value.empty()) continue;
    json[name] = value;
    table.Add({Heading(name), value});
  }
  json["journal_origin"] = entry.journal_origin();
  json["entry"] = entry.entry();
  json["repeated"] = entry.repeated();
  table.Add({"Entry", absl::StrCat(entry.entry(), " of ", entry.journal_origin(),
                                   entry.repeated() ? " (nothing had to be changed)" : "")});
  if (session.json) {
    session.Print(json);
  } else {
    table.Write(session.out);
  }
  return kExitOk;
}

}  // namespace consent::ctl
