// SPDX-License-Identifier: Apache-2.0
//
// A YAML or JSON text as a tree of nodes that remember their lines. Nothing here knows what the
// text is about.
//
// What is refused, so that a small text stays a small tree: anchors, aliases and merge by alias
// (a few lines of them can stand for billions of values), explicit tags, a second document, more
// than `kDepthMax` levels, more than `kNodesMax` values. JSON is read as the YAML that it is.

#ifndef CONSENT_TEXT_DOCUMENT_H_
#define CONSENT_TEXT_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace consent::text {

inline constexpr size_t kFileBytesMax = 16u << 20;
inline constexpr size_t kDepthMax = 32;
inline constexpr size_t kNodesMax = 4'000'000;
// Faults reported of one file; what comes after them is not looked for.
inline constexpr size_t kErrorsMax = 20;

// One fault of a file: what was expected and what was found, in one sentence.
struct FileError {
  int line = 0;  // From 1; 0 when the fault is not of one line.
  std::string message;

  friend bool operator==(const FileError&, const FileError&) = default;
};

// Collects faults. The first kErrorsMax added are kept, and the rest only known to exist.
class Errors {
 public:
  void Add(int line, std::string message) {
    if (list_.size() < kErrorsMax) {
      list_.push_back({line, std::move(message)});
    } else {
      more_ = true;
    }
  }
  bool empty() const { return list_.empty(); }
  // Whether faults were added beyond those kept.
  bool more() const { return more_; }
  // The faults kept, by line; those of one line in the order in which they were found.
  std::vector<FileError> InOrder() const;

 private:
  std::vector<FileError> list_;
  bool more_ = false;
};

// One value of a document.
struct Node {
  enum class Kind : uint8_t { kNull, kText, kList, kMapping };
  Kind kind = Kind::kNull;
  bool quoted = false;  // A text between quotation marks: not a number.
  int line = 0;
  std::string text;
  std::vector<Node> items;  // Of a list its values; of a mapping key, value, key, value ...
};

// The one document that `text` holds. nullopt when there is none; then `errors` holds one more.
// A text of more than kFileBytesMax is not read at all.
std::optional<Node> ParseDocument(std::string_view text, Errors& errors);

// What a node is, for a message: `"some text"`, "a list", "a mapping", "nothing". A text that may
// be a contact point is not repeated, a long one is cut.
std::string Describe(const Node& node);
std::string Describe(std::string_view text);

}  // namespace consent::text

#endif  // CONSENT_TEXT_DOCUMENT_H_
