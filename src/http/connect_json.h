// SPDX-License-Identifier: Apache-2.0
//
// JSON for protobuf messages, both ways, by their descriptors (proto3's JSON mapping).
//
// A request's JSON may hold anything, a contact point too, and so may what protobuf says about it.
// Errors made here name fields and never quote values; names that could be something else than a
// name are not quoted either.
//
// Threads: safe from any thread.

#ifndef CONSENT_HTTP_CONNECT_JSON_H_
#define CONSENT_HTTP_CONNECT_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace consent::http {

// The binary form of the message that `json` describes. Names may be written as in the .proto file
// or in lowerCamelCase. InvalidArgument for what is no JSON object, for fields that the message
// does not have, values of another kind, and nesting deeper than 100. `type` is of the generated
// pool.
absl::StatusOr<std::string> JsonToBytes(const google::protobuf::Descriptor& type,
                                        std::string_view json);

// The JSON of a message in its binary form; fields with their default value are left out. Internal
// when the bytes are no such message.
absl::StatusOr<std::string> BytesToJson(const google::protobuf::Descriptor& type,
                                        std::string_view bytes);

// The text as a JSON string, with its quotation marks. Bytes that are no UTF-8 become '?'.
std::string Quoted(std::string_view text);

}  // namespace consent::http

#endif  // CONSENT_HTTP_CONNECT_JSON_H_
