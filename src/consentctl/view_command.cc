// SPDX-License-Identifier: Apache-2.0
//
// view: what the ledger knows of a consumer, for that consumer.

#include <memory>
#include <optional>
#include <string>

#include "src/base/status_macros.h"
#include "src/consentctl/session.h"
#include "src/consentctl/view_page.h"
#include "src/consentctl/view_question.h"

namespace consent::ctl {
namespace {

struct ViewOptions {
  std::string contact;
  std::string key;
  std::string audience;
  int history = 20;
  std::optional<uint64_t> from;  // None: the last entries, however many come before them.
};

absl::StatusOr<int> View(const Session& session, const ViewOptions& options) {
  ASSIGN_OR_RETURN(const ViewQuestion question,
                   ViewQuestion::Make(session, options.contact, options.key, options.audience));
  ASSIGN_OR_RETURN(const v1::ConsumerView view, options.from.has_value()
                                                    ? question.Ask(*options.from, options.history)
                                                    : question.AskForLast(options.history));
  if (session.json) {
    session.Print(ViewJson(view));
  } else {
    WriteView(session, view);
  }
  return kExitOk;
}

}  // namespace

void AddViewCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<ViewOptions>();
  CLI::App* const command = AddCommand(
      app, session, "view", "Show a consumer what the ledger knows of them, with their own key",
      [&session, options] { return View(session, *options); });
  command->add_option("CONTACT", options->contact, "One of the consumer's contact points")
      ->required();
  command->add_option("--key", options->key, "PEM file with the consumer's private key")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--audience", options->audience,
                   "Origin of the ledger it is for; without it the server is asked")
      ->type_name("ORIGIN");
  command
      ->add_option("--history", options->history,
                   "So many entries, default 20: the last ones, unless --from")
      ->type_name("N")
      ->check(CLI::Range(0, 1000));
  command->add_option("--from", options->from, "The history from this entry of the journal on")
      ->type_name("N");
}

}  // namespace consent::ctl
