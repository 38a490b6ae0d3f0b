// SPDX-License-Identifier: Apache-2.0

#include "tests/access/authority.h"

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"

namespace consent::tests {
namespace {

constexpr char kNewKey[] = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

void MustRun(const std::string& folder, const std::string& command) {
  if (Shell(folder, command) == 0) return;
  std::fprintf(stderr, "failed: %s\n", command.c_str());
  std::abort();
}

}  // namespace

int Shell(const std::string& folder, const std::string& command) {
  const int status = std::system(absl::StrCat("cd ", folder, " && ", command).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string ReadText(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void WriteText(const std::string& path, const std::string& text) {
  std::ofstream(path + ".new") << text;
  std::filesystem::permissions(
      path + ".new", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::rename(path + ".new", path);
}

Authority::Authority(std::string folder, std::string name)
    : folder_(std::move(folder)), name_(std::move(name)) {
  MustRun(folder_, absl::StrCat("openssl req -x509 ", kNewKey, " -keyout ", name_, ".key -out ",
                                name_, ".pem -days 2 -subj /CN=", name_, " 2>/dev/null"));
  certificate_ = ReadText(absl::StrCat(folder_, "/", name_, ".pem"));
}

Pair Authority::Issue(const std::string& names, int days) const {
  MustRun(folder_, absl::StrCat("openssl req -new ", kNewKey,
                                " -keyout leaf.key -out leaf.csr -subj /CN=leaf -addext "
                                "subjectAltName=",
                                names,
                                " 2>/dev/null && openssl x509 -req -in "
                                "leaf.csr -copy_extensions copy -CA ",
                                name_, ".pem -CAkey ", name_, ".key -CAcreateserial -days ", days,
                                " -out leaf.pem 2>/dev/null"));
  return {.certificate = ReadText(folder_ + "/leaf.pem"), .key = ReadText(folder_ + "/leaf.key")};
}

}  // namespace consent::tests
