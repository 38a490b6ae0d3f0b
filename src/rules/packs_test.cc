// SPDX-License-Identifier: Apache-2.0
//
// What every rule of the embedded packs must say, with its source: written from the law, not from
// the files. The page that lists them for people is held against them too.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/status_matchers.h"
#include "src/rules/describe.h"
#include "src/rules/embedded.h"

namespace consent::rules {
namespace {

using ::testing::HasSubstr;

constexpr char kSold[] = "DIRECT_MARKETING, PRESS";
constexpr char kCalls[] = "CALL, VOICE_PRERECORDED";
constexpr char kPhone[] = "CALL, VOICE_PRERECORDED, SMS, MMS";
constexpr char kMessages[] = "SMS, MMS, EMAIL, MESSAGING";
constexpr char kElectronic[] = "VOICE_PRERECORDED, SMS, MMS, EMAIL, MESSAGING";
constexpr char kUnasked[] = "all bases but CALLBACK";

enum class Figures { kVerified, kUnverified };

struct Row {
  std::string id;
  std::string scope;
  std::string body;
  std::string source;  // The part that a reader looks up.
  Figures figures = Figures::kVerified;
};

template <typename... Parts>
std::string Of(const Parts&... parts) {
  const std::vector<std::string> all = {parts...};
  return absl::StrJoin(all, "; ");
}

std::vector<Row> France() {
  const std::string prospecting = Of(kCalls, kSold, kUnasked, "from 2023-03-01");
  return {
      {"fr.optin.2026", Of("CALL", kSold, "from 2026-08-11"), "needs consent", "L223-1"},
      {"fr.sms_email", Of(kElectronic, kSold), "needs consent", "L34-5"},
      {"fr.contract", Of("CALL", kSold), "CONTRACT: CONTRACT; lifts fr.optin.2026", "L223-1"},
      {"fr.press", "CALL; PRESS", "EXEMPT; lifts fr.optin.2026", "L223-5"},
      {"fr.political", "CALL; POLITICAL, CHARITY", "EXEMPT; lifts nothing", "GDPR, art. 21",
       Figures::kUnverified},
      {"fr.similar_products", Of(kMessages, kSold),
       "SIMILAR_PRODUCTS: CONTRACT, PURCHASE for 3 YEAR; lifts fr.sms_email", "L34-5",
       Figures::kUnverified},
      {"fr.service", "SERVICE", "SERVICE: CONTRACT; lifts nothing", "GDPR, art. 6(1)(b)",
       Figures::kUnverified},
      {"fr.callback", "CALL", "CALLBACK; at most 3 attempts; lifts fr.optin.2026", "Practice",
       Figures::kUnverified},
      {"fr.minor", "any contact", "a guardian's word for MINOR", "GDPR, art. 8",
       Figures::kUnverified},
      {"fr.bloctel", Of(kCalls, "DIRECT_MARKETING"), "list bloctel; lasts 3 YEAR", "R223-1"},
      {"fr.renovation",
       Of("CALL, VOICE_PRERECORDED, SMS, MMS, EMAIL, MESSAGING", kSold, "all bases but CONTRACT",
          "HOME_RENOVATION", "from 2025-07-01"),
       "prohibited", "Law 2025-594"},
      {"fr.hours", prospecting,
       "MON-FRI 10:00-13:00, MON-FRI 14:00-20:00; not on 01-01, Easter+1, 05-01, 05-08, Easter+39, "
       "Easter+50, 07-14, 08-15, 11-01, 11-11, 12-25, 04-27 (Indian/Mayotte), "
       "05-22 (America/Martinique), 05-27 (America/Guadeloupe), 05-28 (America/Marigot), "
       "06-10 (America/Cayenne), 10-09 (America/St_Barthelemy), 12-20 (Indian/Reunion); "
       "a grant may name other hours",
       "D223-9"},
      {"fr.hours.pacific", Of(kCalls, kSold, kUnasked, "in WF PF NC"),
       "MON-SUN 00:00-24:00; not on 03-05 (Pacific/Tahiti Pacific/Marquesas Pacific/Gambier), "
       "Easter-2 (Pacific/Tahiti Pacific/Marquesas Pacific/Gambier), "
       "06-29 (Pacific/Tahiti Pacific/Marquesas Pacific/Gambier Pacific/Wallis), "
       "11-20 (Pacific/Tahiti Pacific/Marquesas Pacific/Gambier), 09-24 (Pacific/Noumea), "
       "04-28 (Pacific/Wallis), 07-29 (Pacific/Wallis); a grant may name other hours",
       "Labour codes", Figures::kUnverified},
      {"fr.sms_hours", Of("SMS, MMS", "DIRECT_MARKETING", kUnasked), "MON-SAT 08:00-20:00",
       "charter", Figures::kUnverified},
      {"fr.attempts", prospecting, "at most 4 attempts, ROLLING 30 DAY", "D223-9"},
      {"fr.silence", prospecting, "60 full days after a refusal", "D223-9"},
      {"fr.caller", Of(kCalls, kSold), "a number must be shown", "L221-17"},
      {"fr.numbers", "VOICE_PRERECORDED",
       "numbers of +33 begin with +33162, +33163, +33270, +33271, +33377, +33378, +33424, +33425, "
       "+33568, +33569, +33948, +33949",
       "ARCEP decision 2022-1583"},
      {"fr.numbers.590", "VOICE_PRERECORDED", "numbers of +590 begin with +5909475",
       "ARCEP decision 2022-1583"},
      {"fr.numbers.594", "VOICE_PRERECORDED", "numbers of +594 begin with +5949476",
       "ARCEP decision 2022-1583"},
      {"fr.numbers.596", "VOICE_PRERECORDED", "numbers of +596 begin with +5969477",
       "ARCEP decision 2022-1583"},
      {"fr.numbers.262", "VOICE_PRERECORDED", "numbers of +262 begin with +2629478, +2629479",
       "ARCEP decision 2022-1583"},
  };
}

std::vector<Row> UnitedStates() {
  const std::string florida = "in US-FL; from 2021-07-01";
  const std::string oklahoma = "in US-OK; from 2022-11-01";
  return {
      {"us.robocalls", Of("VOICE_PRERECORDED, SMS, MMS", kSold), "needs consent", "64.1200(a)",
       Figures::kUnverified},
      {"us.ebr", Of("CALL", kSold),
       "SIMILAR_PRODUCTS: PURCHASE for 18 MONTH, INQUIRY for 3 MONTH; lifts nothing",
       "64.1200(f)(5)"},
      {"us.service", "SERVICE", "SERVICE: CONTRACT; lifts nothing", "64.1200",
       Figures::kUnverified},
      {"us.dnc", Of(kPhone, kSold), "list us-dnc; stale after 31 days", "16 CFR 310.4(b)"},
      {"us.hours", Of(kPhone, kSold, kUnasked), "MON-SUN 08:00-21:00; a grant may name other hours",
       "64.1200(c)(1)"},
      {"us.fl.hours", Of(kPhone, kSold, kUnasked, florida), "MON-SUN 08:00-20:00", "501.616(6)(a)"},
      {"us.ok.hours", Of(kPhone, kSold, kUnasked, oklahoma), "MON-SUN 08:00-20:00", "15-775C.4"},
      {"us.fl.attempts", Of(kCalls, kSold, kUnasked, florida), "at most 3 attempts, ROLLING 1 DAY",
       "501.616(6)(b)"},
      {"us.ok.attempts", Of(kCalls, kSold, kUnasked, oklahoma), "at most 3 attempts, ROLLING 1 DAY",
       "15-775C.4"},
  };
}

std::vector<Row> Others() {
  const std::string campaigning = "DIRECT_MARKETING, PRESS, POLITICAL, CHARITY";
  return {
      {"gb.pecr", Of(kElectronic, campaigning), "needs consent", "reg. 19 and 22",
       Figures::kUnverified},
      {"gb.similar_products", Of(kMessages, kSold), "SIMILAR_PRODUCTS: CONTRACT; lifts gb.pecr",
       "reg. 22(3)", Figures::kUnverified},
      {"gb.service", "SERVICE", "SERVICE: CONTRACT; lifts nothing", "UK GDPR",
       Figures::kUnverified},
      {"gb.tps", Of("CALL", campaigning), "list gb-tps; binds after 28 days", "reg. 21",
       Figures::kUnverified},
      {"in.consent", Of(kPhone, "DIRECT_MARKETING, PRESS, SURVEY, SERVICE"), "needs consent",
       "Regulations 2018", Figures::kUnverified},
      {"in.transaction", Of(kPhone, "SERVICE"),
       "SERVICE: CONTRACT, PURCHASE for 7 DAY, INQUIRY for 7 DAY; lifts in.consent",
       "amended in 2025", Figures::kUnverified},
      {"ca.casl", Of(kMessages, kSold), "needs consent", "s. 6", Figures::kUnverified},
      {"ca.casl.implied", Of(kMessages, kSold),
       "SIMILAR_PRODUCTS: PURCHASE for 2 YEAR, INQUIRY for 6 MONTH; lifts ca.casl", "s. 10(10)",
       Figures::kUnverified},
      {"ca.service", "SERVICE", "SERVICE: CONTRACT; lifts nothing", "s. 6(6)",
       Figures::kUnverified},
      {"eu.eprivacy", Of(kElectronic, kSold), "needs consent", "2002/58/EC, art. 13(1)"},
      {"eu.similar_products", Of(kMessages, kSold), "SIMILAR_PRODUCTS: CONTRACT; lifts eu.eprivacy",
       "2002/58/EC, art. 13(2)", Figures::kUnverified},
      {"eu.service", "SERVICE", "SERVICE: CONTRACT; lifts nothing", "2016/679",
       Figures::kUnverified},
  };
}

std::vector<Row> AllRows() {
  std::vector<Row> rows = France();
  for (const std::vector<Row>& more : {UnitedStates(), Others()}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

std::vector<Pack> AllPacks() {
  std::vector<Pack> packs;
  for (const EmbeddedPack& embedded : EmbeddedPacks()) {
    absl::StatusOr<Pack> pack = FindPack(embedded.id);
    EXPECT_OK(pack.status());
    if (pack.ok()) packs.push_back(*std::move(pack));
  }
  return packs;
}

TEST(PacksTest, EveryRuleSaysWhatItsSourceSays) {
  const std::vector<Pack> packs = AllPacks();
  for (const Row& row : AllRows()) {
    SCOPED_TRACE(row.id);
    int found = 0;
    for (const Pack& pack : packs) {
      for (const PackRule& rule : pack.rules) {
        if (rule.rule.id != row.id) continue;
        ++found;
        EXPECT_EQ(DescribeScope(pack, rule.rule.scope), row.scope);
        EXPECT_EQ(DescribeBody(rule.rule), row.body);
        EXPECT_THAT(rule.source, HasSubstr(row.source));
        EXPECT_EQ(rule.verified, row.figures == Figures::kVerified);
      }
    }
    EXPECT_EQ(found, 1);
  }
}

TEST(PacksTest, NoRuleIsWithoutARow) {
  const std::vector<Row> rows = AllRows();
  for (const Pack& pack : AllPacks()) {
    for (const PackRule& rule : pack.rules) {
      EXPECT_EQ(std::count_if(rows.begin(), rows.end(),
                              [&](const Row& row) { return row.id == rule.rule.id; }),
                1)
          << rule.rule.id;
    }
  }
}

TEST(PacksTest, EveryPackIsForItsRegions) {
  for (const Pack& pack : AllPacks()) {
    if (pack.id == "fr") {
      EXPECT_EQ(absl::StrJoin(pack.regions, " "), "FR GP MQ GF RE YT PM BL MF WF PF NC");
      EXPECT_EQ(pack.time_zone.name(), "Europe/Paris");
    } else if (pack.id == "eu") {
      EXPECT_EQ(pack.regions.size(), 27u + 7u);  // Member states, and parts with their own codes.
    } else {
      EXPECT_EQ(absl::AsciiStrToLower(absl::StrJoin(pack.regions, " ")), pack.id);
    }
  }
}

std::string ReadPage() {
  std::ifstream in("docs/reference/rule-packs.md");
  std::stringstream page;
  page << in.rdbuf();
  return page.str();
}

TEST(PacksTest, TheExampleOfThePageIsAPack) {
  const std::string page = ReadPage();
  const std::string opening = "<!-- pack: example -->\n```yaml\n";
  const size_t begin = page.find(opening);
  ASSERT_NE(begin, std::string::npos);
  const size_t end = page.find("```", begin + opening.size());
  const PackFile file = ParsePack(
      std::string_view(page).substr(begin + opening.size(), end - begin - opening.size()));
  for (const text::FileError& error : file.errors) {
    ADD_FAILURE() << error.line << ": " << error.message;
  }
  EXPECT_EQ(file.pack.rules.size(), 3u);
}

// One line for each rule, as the page has it.
std::string Line(const Pack& pack, const PackRule& rule) {
  return absl::StrCat("| `", rule.rule.id, "` | ", rule.says, " | ",
                      DescribeScope(pack, rule.rule.scope), " | ", DescribeBody(rule.rule), " | ",
                      rule.source, rule.verified ? "" : " *(not verified)*", " |");
}

TEST(PacksTest, ThePageListsEveryRuleAsItIs) {
  const std::string page = ReadPage();
  std::vector<std::string> missing;
  size_t rules = 0;
  for (const Pack& pack : AllPacks()) {
    for (const PackRule& rule : pack.rules) {
      ++rules;
      const std::string line = Line(pack, rule);
      if (page.find(line + "\n") == std::string::npos) missing.push_back(line);
    }
  }
  EXPECT_TRUE(missing.empty()) << "lines that the page lacks:\n" << absl::StrJoin(missing, "\n");
  // And none that is not in a pack.
  size_t lines = 0;
  for (const EmbeddedPack& pack : EmbeddedPacks()) {
    const std::string beginning = absl::StrCat("\n| `", std::string(pack.id), ".");
    for (size_t at = page.find(beginning); at != std::string::npos;
         at = page.find(beginning, at + 1)) {
      ++lines;
    }
  }
  EXPECT_EQ(lines, rules);
}

}  // namespace
}  // namespace consent::rules
