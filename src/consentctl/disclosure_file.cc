// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/disclosure_file.h"

#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "src/consentctl/failure.h"

namespace consent::ctl {

void AppendDisclosure(std::string_view disclosure, std::string& bytes) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(disclosure.size() >> shift));
  }
  bytes.append(disclosure);
}

bool DisclosureFiles::Next(std::string& disclosure) {
  const auto fail = [this] {
    status_ = BadInput(
        absl::StrCat(option_, ": file ", opened_, " cannot be read, or ends amid a disclosure"));
    return false;
  };
  while (status_.ok()) {
    if (!file_.is_open()) {
      if (opened_ == paths_.size()) return false;
      file_.open(paths_[opened_++], std::ios::binary);
      if (!file_) return fail();
    }
    std::array<char, 4> length;
    file_.read(length.data(), length.size());
    if (file_.gcount() == 0 && file_.eof()) {
      file_.close();
      file_.clear();
      continue;
    }
    uint32_t size = 0;
    for (const char c : length) size = size << 8 | static_cast<unsigned char>(c);
    if (file_.gcount() != 4 || size > kDisclosureBytesMax) return fail();
    disclosure.resize(size);
    file_.read(disclosure.data(), size);
    if (static_cast<uint32_t>(file_.gcount()) != size) return fail();
    return true;
  }
  return false;
}

}  // namespace consent::ctl
