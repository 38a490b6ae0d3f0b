// SPDX-License-Identifier: Apache-2.0
//
// Methods: those of the access table, which has them all, numbered, so that what is counted of them
// can lie in arrays. A method is known by the message that it takes: each takes one of its own.

#ifndef CONSENT_API_METHOD_H_
#define CONSENT_API_METHOD_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace consent::api {

// "ContactService/Check", in the order of the access table.
const std::vector<std::string>& Methods();

// The number of the method that takes such messages. Of a method that is in the table.
int MethodOf(const google::protobuf::Descriptor& request);

// The same, looked up once for each type.
template <class Request>
int MethodTaking() {
  static const int method = MethodOf(*Request::descriptor());
  return method;
}

}  // namespace consent::api

#endif  // CONSENT_API_METHOD_H_
