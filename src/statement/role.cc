// SPDX-License-Identifier: Apache-2.0

#include "src/statement/role.h"

#include <array>

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

constexpr std::array<Row, 8> kRows = {{
    {Body::kKeyBinding, "key_binding", false, true, false},
    {Body::kGrant, "grant", true, false, false},
    {Body::kClaim, "claim", false, true, true},
    {Body::kRevocation, "revocation", true, true, true},
    {Body::kBlock, "block", true, true, false},
    {Body::kUnblock, "unblock", true, true, false},
    {Body::kViewRequest, "view_request", true, false, false},
    {Body::kEraseRequest, "erase_request", true, false, false},
}};

const Row* Find(Body body) {
  for (const Row& row : kRows) {
    if (row.body == body) return &row;
  }
  return nullptr;
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
      return message.block().company();
    case Body::kUnblock:
      return message.unblock().company();
    case Body::kKeyBinding:
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
