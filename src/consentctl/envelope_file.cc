// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/envelope_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/zero_copy_stream_impl.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "src/base/status_macros.h"
#include "src/consentctl/failure.h"
#include "src/statement/envelope.h"

namespace consent::ctl {

absl::Status WriteEnvelopes(const std::string& path,
                            const std::vector<v1::SignedStatement>& envelopes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return BadInput(absl::StrCat("cannot make ", path, ": ",
                                 errno == EEXIST ? "it exists already; it is not overwritten"
                                                 : "no access, or no such folder"));
  }
  google::protobuf::io::FileOutputStream out(fd);
  bool written = true;
  for (const v1::SignedStatement& envelope : envelopes) {
    written = written && google::protobuf::util::SerializeDelimitedToZeroCopyStream(envelope, &out);
  }
  written = out.Flush() && written;
  if (!out.Close() || !written) {
    unlink(path.c_str());
    return absl::ResourceExhaustedError(absl::StrCat("cannot write ", path, ": is the disk full?"));
  }
  return absl::OkStatus();
}

absl::StatusOr<EnvelopeReader> EnvelopeReader::Open(const std::string& path) {
  EnvelopeReader reader(path);
  if (path != "-") {
    reader.file_.open(path, std::ios::binary);
    if (!reader.file_) {
      return BadInput(absl::StrCat("cannot read ", path, ": no such file, or no access"));
    }
  }
  return reader;
}

absl::Status EnvelopeReader::Malformed() const {
  return BadInput(absl::StrCat(path_, ": envelope number ", read_ + 1,
                               " cannot be read; expected signed statements, each behind its "
                               "length, as --dry-run --out writes them"));
}

absl::StatusOr<std::vector<v1::SignedStatement>> EnvelopeReader::Next(size_t max) {
  std::istream& in = path_ == "-" ? std::cin : file_;
  std::vector<v1::SignedStatement> envelopes;
  while (envelopes.size() < max && in.peek() != std::istream::traits_type::eof()) {
    uint64_t size = 0;
    for (int shift = 0;; shift += 7) {
      const int byte = in.get();
      if (byte == std::istream::traits_type::eof() || shift > 28) return Malformed();
      size |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) break;
    }
    if (size == 0 || size > statement::kEnvelopeBytesMax) return Malformed();
    std::string bytes(size, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(size));
    if (static_cast<uint64_t>(in.gcount()) != size ||
        !envelopes.emplace_back().ParseFromString(bytes)) {
      return Malformed();
    }
    ++read_;
  }
  if (in.bad()) return BadInput(absl::StrCat("cannot read ", path_, " to its end"));
  return envelopes;
}

}  // namespace consent::ctl
