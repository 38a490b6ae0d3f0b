// SPDX-License-Identifier: Apache-2.0
//
// Authority: certificates for one test, made by the openssl program. Test code only.

#ifndef CONSENT_ACCESS_AUTHORITY_H_
#define CONSENT_ACCESS_AUTHORITY_H_

#include <string>

namespace consent::tests {

// Texts and files, in PEM.
struct Pair {
  std::string certificate;
  std::string key;
};

// Runs a shell command in `folder`; ends the process where it fails and must not.
int Shell(const std::string& folder, const std::string& command);
std::string ReadText(const std::string& path);
// In place, or whole by a rename.
void WriteText(const std::string& path, const std::string& text);

class Authority {
 public:
  // Makes NAME.pem and NAME.key in `folder`.
  Authority(std::string folder, std::string name);

  // A certificate, valid for `days`; below 0: expired. `names` as openssl has alternative names:
  // "URI:consent:company:acme", "DNS:localhost,IP:127.0.0.1".
  Pair Issue(const std::string& names, int days = 2) const;

  const std::string& certificate() const { return certificate_; }

 private:
  const std::string folder_;
  const std::string name_;
  std::string certificate_;
};

}  // namespace consent::tests

#endif  // CONSENT_ACCESS_AUTHORITY_H_
