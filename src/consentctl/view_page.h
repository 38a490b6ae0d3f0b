// SPDX-License-Identifier: Apache-2.0
//
// A consumer's view, as JSON for programs and as a page for people.

#ifndef CONSENT_CONSENTCTL_VIEW_PAGE_H_
#define CONSENT_CONSENTCTL_VIEW_PAGE_H_

#include <string>
#include <vector>

#include "consent/v1/grant_service.pb.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/session.h"

namespace consent::ctl {

Json ViewJson(const v1::ConsumerView& view);
void WriteView(const Session& session, const v1::ConsumerView& view);

// The names of a list of enumerators.
template <typename Enum, typename List>
std::vector<std::string> Names(const List& values) {
  std::vector<std::string> names;
  for (const int value : values) names.push_back(NameOf(static_cast<Enum>(value)));
  return names;
}

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_VIEW_PAGE_H_
