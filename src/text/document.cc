// SPDX-License-Identifier: Apache-2.0

#include "src/text/document.h"

#include <algorithm>
#include <new>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/exceptions.h"
#include "yaml-cpp/parser.h"

namespace consent::text {
namespace {

// Thrown by TreeBuilder to stop the parser, which knows no other way, and caught below.
struct Refusal {
  int line;
  std::string message;
};

// yaml-cpp counts lines from 0, and gives -1 where it knows none.
int LineOf(const YAML::Mark& mark) { return std::max(mark.line, 0) + 1; }

class TreeBuilder : public YAML::EventHandler {
 public:
  Node Take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Place(mark, "?", anchor, Node::Kind::kNull);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refusal{LineOf(mark), "expected a value, found an alias (*name): write the value out"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node& node = Place(mark, tag, anchor, Node::Kind::kText);
    node.quoted = tag == "!";
    node.text = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Node::Kind::kList);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Node::Kind::kMapping);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  Node& Place(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              Node::Kind kind) {
    const int line = LineOf(mark);
    if (anchor != YAML::NullAnchor) {
      throw Refusal{line, "expected a value, found an anchor (&name): write the value out"};
    }
    // The parser says "?" of a plain value and "!" of a quoted one where the text names no tag.
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw Refusal{line, "expected a value, found a tag before it"};
    }
    if (++nodes_ > kNodesMax) {
      throw Refusal{line, absl::StrCat("expected at most ", kNodesMax, " values, found more")};
    }
    // A pointer in open_ stays good: only the innermost open node gains items.
    Node& node = open_.empty() ? root_ : open_.back()->items.emplace_back();
    node.kind = kind;
    node.line = line;
    return node;
  }
  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    Node& node = Place(mark, tag, anchor, kind);
    if (open_.size() >= kDepthMax) {
      throw Refusal{node.line, absl::StrCat("expected at most ", kDepthMax,
                                            " levels of lists and mappings, found more")};
    }
    open_.push_back(&node);
  }

  Node root_;
  std::vector<Node*> open_;
  size_t nodes_ = 0;
};

bool MayBeContactPoint(std::string_view text) {
  if (text.find('@') != std::string_view::npos) return true;
  size_t digits = 0;
  for (const char c : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      ++digits;
    } else if (std::string_view("+-./() :").find(c) == std::string_view::npos) {
      digits = 0;
    }
    if (digits >= 7) break;
  }
  // Dates, the one other thing here with as many digits, begin with a year and a hyphen.
  const bool date = text.size() > 4 && text[4] == '-' &&
                    text.substr(0, 4).find_first_not_of("0123456789") == std::string_view::npos;
  return digits >= 7 && !date;
}

}  // namespace

std::vector<FileError> Errors::InOrder() const {
  std::vector<FileError> sorted = list_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const FileError& a, const FileError& b) { return a.line < b.line; });
  return sorted;
}

std::optional<Node> ParseDocument(std::string_view text, Errors& errors) {
  if (text.size() > kFileBytesMax) {
    errors.Add(0, absl::StrCat("expected at most ", kFileBytesMax, " bytes, found more"));
    return std::nullopt;
  }
  // yaml-cpp takes a quotation mark that is never closed for closed by the last line's end. Without
  // that end it says so.
  const size_t last = text.find_last_not_of(" \t\r\n");
  std::istringstream in{std::string(text.substr(0, last + 1))};
  try {
    YAML::Parser parser(in);
    TreeBuilder builder;
    if (!parser.HandleNextDocument(builder)) {
      errors.Add(1, "expected a document, found an empty file");
      return std::nullopt;
    }
    TreeBuilder second;
    if (parser.HandleNextDocument(second)) {
      errors.Add(std::max(second.Take().line, 1), "expected one document, found a second one");
      return std::nullopt;
    }
    return builder.Take();
  } catch (const Refusal& refusal) {
    errors.Add(refusal.line, refusal.message);
  } catch (const YAML::Exception& fault) {
    errors.Add(LineOf(fault.mark),
               absl::StrCat("expected YAML or JSON, found: ", absl::CHexEscape(fault.msg)));
  } catch (const std::bad_alloc&) {
    errors.Add(0, "expected a document that fits in memory, found a larger one");
  }
  return std::nullopt;
}

std::string Describe(std::string_view text) {
  constexpr size_t kShownMax = 60;
  if (MayBeContactPoint(text)) {
    return absl::StrCat("a text of ", text.size(), " characters (not shown: it may be a number)");
  }
  const std::string shown = absl::CHexEscape(std::string(text.substr(0, kShownMax)));
  return absl::StrCat("\"", shown, "\"", text.size() > kShownMax ? " and more" : "");
}

std::string Describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kText:
      return Describe(node.text);
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMapping:
      return "a mapping";
  }
  return "";
}

}  // namespace consent::text
