// SPDX-License-Identifier: Apache-2.0
//
// The dossier as a page: for people who print it, with its data inside for programs that check it.

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "src/consentctl/dossier.h"

namespace consent::ctl {
namespace {

constexpr std::string_view kDataBegin = "<script type=\"application/json\" id=\"dossier\">\n";
constexpr std::string_view kDataEnd = "\n</script>\n";

constexpr char kStyle[] = R"(
body { font: 11pt/1.45 Georgia, serif; color: #111; background: #fff; max-width: 48em;
       margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35em .8em .35em 0;
         border-bottom: 1px solid #bbb; }
.entry { page-break-inside: avoid; }
.time { white-space: nowrap; } .small { font-size: .85em; color: #333; word-break: break-all; }
ul { margin: .2em 0; padding-left: 1.2em; }
@media print { body { margin: 0; max-width: none; } }
)";

std::string Escaped(std::string_view text) {
  return absl::StrReplaceAll(
      absl::string_view(text.data(), text.size()),
      {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string TimeText(int64_t unix_seconds) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromUnixSeconds(unix_seconds),
                          absl::UTCTimeZone());
}

void Row(std::string& page, std::string_view name, std::string_view value) {
  absl::StrAppend(&page, "<tr><th scope=\"row\">", Escaped(name), "</th><td>", Escaped(value),
                  "</td></tr>\n");
}

void AppendEntries(std::string& page, const Findings& findings, bool about_parties) {
  absl::StrAppend(&page,
                  "<table>\n<tr><th>Time</th><th>What the journal holds</th>"
                  "<th>Entry</th></tr>\n");
  for (const Finding& finding : findings.entries) {
    if (finding.about_parties != about_parties) continue;
    absl::StrAppend(&page, "<tr class=\"entry\"><td class=\"time\">",
                    TimeText(finding.unix_seconds), "</td><td>", Escaped(finding.title));
    if (!finding.details.empty()) {
      absl::StrAppend(&page, "<ul class=\"small\">");
      for (const std::string& detail : finding.details) {
        absl::StrAppend(&page, "<li>", Escaped(detail), "</li>");
      }
      absl::StrAppend(&page, "</ul>");
    }
    absl::StrAppend(&page, "</td><td class=\"small\">", finding.position, " of ",
                    Escaped(finding.journal_origin), "</td></tr>\n");
  }
  absl::StrAppend(&page, "</table>\n");
}

std::string Bounds(const Dossier& dossier) {
  if (dossier.from.empty() && dossier.until.empty()) return "at any time";
  return absl::StrCat(dossier.from.empty() ? "from the beginning" : "from " + dossier.from,
                      dossier.until.empty() ? "" : " until " + dossier.until);
}

}  // namespace

std::string ToPage(const Dossier& dossier, const Findings& findings) {
  std::string page = absl::StrCat(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<title>Dossier: contacts and permissions</title>\n<style>",
      kStyle, "</style>\n</head>\n<body>\n<h1>Dossier: contacts and permissions</h1>\n<table>\n");
  Row(page, "Contact point", dossier.contact_point);
  Row(page, "Company", dossier.company.empty() ? "all" : dossier.company);
  if (!dossier.caller_number.empty()) Row(page, "Number shown", dossier.caller_number);
  Row(page, "Time", Bounds(dossier));
  Row(page, "Ledger", dossier.ledger);
  Row(page, "Made at", dossier.made_at);
  Row(page, "Looked through", absl::StrCat(dossier.journal_size, " entries of its journal"));
  absl::StrAppend(&page, "</table>\n<h2>Result</h2>\n<p>", findings.allowed,
                  " contacts were allowed and ", findings.denied, " denied.",
                  dossier.known ? ""
                                : " The ledger knows no holder of this contact point: nobody has "
                                  "given any permission for it.",
                  "</p>\n<p>A contact that does not appear here as allowed was not allowed by this "
                  "ledger. That the ledger left none out is not shown by this file: the consumer's "
                  "key of the year shows it (<code>consentctl trace</code>).</p>\n"
                  "<h2>What was said, asked and answered</h2>\n");
  AppendEntries(page, findings, /*about_parties=*/false);
  absl::StrAppend(&page, "<h2>Who the parties are</h2>\n");
  AppendEntries(page, findings, /*about_parties=*/true);
  absl::StrAppend(
      &page,
      "<h2>How to check this</h2>\n<p>Every line above rests on a receipt inside this file: an "
      "entry of the ledger's append-only journal, the hashes that lead from it to a checkpoint, "
      "and the checkpoint's signature. Ask the ledger's operator, or somebody else who has it, for "
      "the public key; do not take it from this file alone. Then:</p>\n<pre>consentctl dossier "
      "verify FILE --key KEY</pre>\n<p>The keys that this file was made with:</p>\n<ul "
      "class=\"small\">\n");
  for (const std::string& key : dossier.verifier_keys) {
    absl::StrAppend(&page, "<li>", Escaped(key), "</li>\n");
  }
  // "<" only inside strings: escaped, so that nothing in the data can end the element.
  const std::string data = absl::StrReplaceAll(ToJson(dossier).dump(), {{"<", "\\u003c"}});
  absl::StrAppend(&page, "</ul>\n", std::string(kDataBegin), data, std::string(kDataEnd),
                  "</body>\n</html>\n");
  return page;
}

absl::StatusOr<Dossier> FromPage(std::string_view page) {
  const size_t begin = page.find(kDataBegin);
  const size_t end = begin == page.npos ? begin : page.find(kDataEnd, begin);
  if (end == page.npos)
    return absl::InvalidArgumentError("expected a dossier, found no data in it");
  page = page.substr(0, end).substr(begin + kDataBegin.size());
  const Json json = Json::parse(page, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return absl::InvalidArgumentError("the dossier's data are not JSON");
  return DossierFromJson(json);
}

}  // namespace consent::ctl
