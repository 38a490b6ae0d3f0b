// SPDX-License-Identifier: Apache-2.0

#include "src/statement/role.h"

#include <array>
#include <string>

namespace consent::statement {
namespace {

using Body = v1::Statement::BodyCase;

struct Row {
  Body body;
  std::string_view name;
  bool consumer;
  bool registrar;
  bool company;
};

constexpr std::array<Row, 13> kRows = {{
    {Body::kKeyBinding, "key_binding", false, true, false},
    {Body::kGrant, "grant", true, false, false},
    {Body::kClaim, "claim", false, true, true},
    {Body::kRevocation, "revocation", true, true, true},
    {Body::kBlock, "block", true, true, false},
    {Body::kUnblock, "unblock", true, true, false},
    {Body::kViewRequest, "view_request", true, false, false},
    {Body::kEraseRequest, "erase_request", true, false, false},
    {Body::kPreferences, "preferences", true, false, false},
    {Body::kContractClaim, "contract_claim", true, true, true},
    {Body::kContest, "contest", true, true, false},
    {Body::kCallbackRequest, "callback_request", true, true, true},
    {Body::kHolderChange, "holder_change", false, true, false},
}};

const Row* Find(Body body) {
  for (const Row& row : kRows) {
    if (row.body == body) return &row;
  }
  return nullptr;
}

// The name in a block where it is a company's, else "".
std::string_view CompanyIn(v1::BlockTarget whose, const std::string& name) {
  const bool company = whose == v1::BLOCK_TARGET_UNSPECIFIED || whose == v1::BLOCK_TARGET_COMPANY;
  return company ? std::string_view(name) : std::string_view();
}

}  // namespace

bool MaySign(core::Signer signer, Body body) {
  const Row* row = Find(body);
  if (row == nullptr) return false;
  switch (signer) {
    case core::Signer::kConsumer:
      return row->consumer;
    case core::Signer::kRegistrar:
      return row->registrar;
    case core::Signer::kCompany:
      return row->company;
    case core::Signer::kUnspecified:
      return false;
  }
  return false;
}

std::string_view CompanyOf(const v1::Statement& message) {
  switch (message.body_case()) {
    case Body::kGrant:
      return message.grant().company();
    case Body::kClaim:
      return message.claim().grant().company();
    case Body::kRevocation:
      return message.revocation().company();
    case Body::kBlock:
      return CompanyIn(message.block().whose(), message.block().company());
    case Body::kUnblock:
      return CompanyIn(message.unblock().whose(), message.unblock().company());
    case Body::kContractClaim:
      return message.contract_claim().contract().company();
    case Body::kContest:
      return message.contest().company();
    case Body::kCallbackRequest:
      return message.callback_request().company();
    case Body::kKeyBinding:
    case Body::kPreferences:
    case Body::kHolderChange:
    case Body::kViewRequest:
    case Body::kEraseRequest:
    case Body::BODY_NOT_SET:
      return {};
  }
  return {};
}

std::string_view BodyName(Body body) {
  const Row* row = Find(body);
  return row == nullptr ? std::string_view() : row->name;
}

}  // namespace consent::statement
