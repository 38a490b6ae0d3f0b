// SPDX-License-Identifier: Apache-2.0
//
// Small files that must be whole and must last: written under another name, synced, renamed, and
// their folder synced. After a crash a reader finds the old content or the new one, never a part.
//
// Errors name the path and what the system said. Threads: safe for different paths.

#ifndef CONSENT_BASE_DURABLE_FILE_H_
#define CONSENT_BASE_DURABLE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace consent {

// Replaces the file's content, or makes the file (readable by its owner and group). On OK it is
// durable. After an error the old content is still there; FailedPrecondition.
absl::Status WriteDurably(const std::string& path, std::string_view content);

// Adds to the end of the file, or makes it. On OK it is durable. A crash may leave a part of
// `content` at the end: lines should be read as far as they are whole.
absl::Status AppendDurably(const std::string& path, std::string_view content);

// The file's content. NotFound when there is no such file; FailedPrecondition when it cannot be
// read or is longer than `bytes_max`.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t bytes_max);

}  // namespace consent

#endif  // CONSENT_BASE_DURABLE_FILE_H_
