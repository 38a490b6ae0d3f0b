# SPDX-License-Identifier: Apache-2.0
"""Ask a consent ledger before each contact, and tell it what became of it.

    from consent_ledger import Channel, Client, Outcome, Purpose, Request, new_request_id

    with Client("127.0.0.1:7420") as client:
        request = Request(number, "acme", Channel.CALL, Purpose.DIRECT_MARKETING,
                          new_request_id())  # Keep it before you send it.
        answer = client.check_and_consume(request)
        if answer.may_contact:
            client.report_outcome("acme", answer.decision.permit_id, dial(number))

Fails closed: no answer means no contact. See client.py.
"""

from consent_ledger.answer import Answer, Decision, Error, PermitAnswer
from consent_ledger.client import (
    BATCH_ITEMS_MAX,
    BatchHeader,
    BatchItem,
    Client,
    Request,
    new_request_id,
)
from consent_ledger.vocabulary import (
    Basis,
    Channel,
    ErrorCode,
    Outcome,
    Purpose,
    Reason,
    SubjectMatter,
    Verdict,
)

__all__ = [
    "Answer",
    "BATCH_ITEMS_MAX",
    "Basis",
    "BatchHeader",
    "BatchItem",
    "Channel",
    "Client",
    "Decision",
    "Error",
    "ErrorCode",
    "Outcome",
    "PermitAnswer",
    "Purpose",
    "Reason",
    "Request",
    "SubjectMatter",
    "Verdict",
    "new_request_id",
]
