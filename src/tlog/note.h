// SPDX-License-Identifier: Apache-2.0
//
// Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature.
//
//   text of one line or more
//
//   — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnag...
//
// Parsing a note says nothing about who signed it: the text may be used only after VerifyNote, with
// keys that were known before. Signatures of other keys are carried and never judged, so that keys
// can change and witnesses can add theirs.
//
// Threads: plain values.

#ifndef CONSENT_TLOG_NOTE_H_
#define CONSENT_TLOG_NOTE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/tlog/verifier_key.h"

namespace consent::tlog {

inline constexpr size_t kNoteBytesMax = size_t{1} << 20;
inline constexpr size_t kSignaturesMax = 64;

// A signature line: — NAME base64(ID, bytes).
struct Signature {
  std::string name;
  uint32_t id = 0;
  std::string bytes;  // At least one.

  // The line, newline included.
  std::string ToLine() const;

  // Whether name and id are those of this key.
  bool Names(const VerifierKey& key) const { return name == key.name && id == key.id; }

  friend bool operator==(const Signature&, const Signature&) = default;
};

struct Note {
  std::string text;                   // Ends with a newline; the signatures are over all of it.
  std::vector<Signature> signatures;  // 1 to kSignaturesMax.

  std::string ToString() const;

  friend bool operator==(const Note&, const Note&) = default;
};

// The note that these bytes are. InvalidArgument, saying what is wrong and in which signature, for
// more than kNoteBytesMax bytes or kSignaturesMax signatures, bytes that are not UTF-8, control
// characters, and whatever else Note::ToString would not have written.
absl::StatusOr<Note> ParseNote(std::string_view bytes);

// One signature line, with its newline or without; errors as ParseNote.
absl::StatusOr<Signature> ParseSignatureLine(std::string_view line);

// Those of `keys` that signed the note, each once, in the order of its signatures; never none.
// Pointers are into `keys`. As the specification has it: signatures of other keys are ignored, and
// a bad one of a known key condemns the whole note.
//   PermissionDenied   a key's signature does not verify (or has an impossible form)
//   Unauthenticated    no known key signed it
//   InvalidArgument    two different keys share a name and an id
// Keys without a verifying key (ML-DSA-44) count as unknown.
absl::StatusOr<std::vector<const VerifierKey*>> VerifyNote(const Note& note,
                                                           absl::Span<const VerifierKey> keys);

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_NOTE_H_
