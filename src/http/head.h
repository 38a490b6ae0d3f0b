// SPDX-License-Identifier: Apache-2.0
//
// Head: what a request's head says that the library does not tell. It leaves out header lines that
// it cannot read, and those without a value; so somebody who said something would be judged as if
// they had said nothing.
//
// RFC 9112: a name of tokens, a colon right after it, the value, and CRLF at the end of the line.
//
// Threads: one at a time.

#ifndef CONSENT_HTTP_HEAD_H_
#define CONSENT_HTTP_HEAD_H_

#include <string>
#include <string_view>

namespace consent::http {

class Head {
 public:
  // Sees what the library reads, in pieces of whatever length; what follows the head does not
  // count.
  void See(std::string_view bytes);

  // Whether a line is none that a header can be.
  bool malformed() const { return malformed_; }
  // Whether `authorization` was said, with nothing behind it.
  bool authorization_is_empty() const { return authorization_is_empty_; }

 private:
  // Of a line so much is kept: enough to tell what it is. Its end is seen in any case.
  static constexpr size_t kLineKept = 256;

  void EndLine();

  std::string line_;
  char last_ = 0;
  bool first_ = true;  // The request's own line, which the library judges.
  bool over_ = false;
  bool malformed_ = false;
  bool authorization_is_empty_ = false;
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_HEAD_H_
