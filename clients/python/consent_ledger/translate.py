# SPDX-License-Identifier: Apache-2.0
"""Between the package's own types and the messages of the wire.

Nothing is believed because it came from a ledger: what makes no sense becomes an error, never a
right to contact.
"""

import dataclasses
from typing import TYPE_CHECKING, Optional, Sequence, Tuple

import grpc
from google.protobuf import duration_pb2, message, timestamp_pb2
from google.rpc import error_details_pb2, status_pb2

from consent.v1 import contact_service_pb2 as wire
from consent_ledger.answer import Answer, Decision, Error, answer_of, confirmed
from consent_ledger.vocabulary import Basis, ErrorCode, Reason, Verdict

if TYPE_CHECKING:
    from consent_ledger.client import BatchHeader, BatchItem, Request


def nonsense(what: str) -> Error:
    return Error(ErrorCode.INTERNAL, "", f"the ledger's answer makes no sense: {what}")


def _duration(seconds: int) -> Optional[duration_pb2.Duration]:
    return duration_pb2.Duration(seconds=seconds) if seconds != 0 else None


def consume_request(request: "Request") -> wire.CheckAndConsumeRequest:
    return wire.CheckAndConsumeRequest(
        contact_point=request.contact_point,
        company=request.company,
        channel=int(request.channel),
        purpose=int(request.purpose),
        request_id=request.request_id,
        permit_ttl=_duration(request.permit_ttl_s),
        hold=_duration(request.hold_s),
        caller_number=request.caller_number,
        processor=request.processor,
        agent=request.agent,
        agent_country=request.agent_country,
        contract=request.contract,
        subject_matter=int(request.subject_matter),
        want_next_allowed_time=request.want_next_allowed_time,
        want_receipt=request.want_receipt,
        want_signed_permit=request.want_signed_permit,
    )


def check_request(request: "Request") -> wire.CheckRequest:
    return wire.CheckRequest(
        contact_point=request.contact_point,
        company=request.company,
        channel=int(request.channel),
        purpose=int(request.purpose),
        permit_ttl=_duration(request.permit_ttl_s),
        caller_number=request.caller_number,
        processor=request.processor,
        agent=request.agent,
        agent_country=request.agent_country,
        contract=request.contract,
        subject_matter=int(request.subject_matter),
        want_next_allowed_time=request.want_next_allowed_time,
    )


def batch_request(
    header: "BatchHeader", items: Sequence["BatchItem"]
) -> wire.BatchCheckAndConsumeRequest:
    return wire.BatchCheckAndConsumeRequest(
        header=wire.BatchHeader(
            company=header.company,
            channel=int(header.channel),
            purpose=int(header.purpose),
            permit_ttl=_duration(header.permit_ttl_s),
            hold=_duration(header.hold_s),
            caller_number=header.caller_number,
            processor=header.processor,
            agent=header.agent,
            agent_country=header.agent_country,
            contract=header.contract,
            subject_matter=int(header.subject_matter),
            want_next_allowed_time=header.want_next_allowed_time,
        ),
        items=[
            wire.BatchItem(contact_point=item.contact_point, request_id=item.request_id)
            for item in items
        ],
    )


def _seconds(time: timestamp_pb2.Timestamp, present: bool) -> Optional[int]:
    return time.seconds if present else None


def to_answer(
    decision: wire.Decision,
    company: str,
    asked_at_ns: int,
    receipt: str = "",
    signed_permit: str = "",
) -> Answer:
    """An error where there is no verdict that is known, or a reason that contradicts it."""
    if decision.verdict not in (Verdict.ALLOWED, Verdict.DENIED):
        return Answer(error=nonsense("it is neither ALLOWED nor DENIED"))
    if (decision.verdict == Verdict.ALLOWED) != (decision.reason == Reason.OK):
        return Answer(error=nonsense("its reason contradicts it"))
    return answer_of(
        Decision(
            verdict=Verdict(decision.verdict),
            reason=Reason(decision.reason),
            basis=Basis(decision.basis),
            limit=decision.limit,
            rule=decision.rule,
            grant_id=decision.grant_id,
            remaining={r.limit: r.count for r in decision.remaining},
            next_allowed_time=_seconds(
                decision.next_allowed_time, decision.HasField("next_allowed_time")
            ),
            contact_before=_seconds(decision.contact_before, decision.HasField("contact_before")),
            permit_id=decision.permit_id,
            journal_origin=decision.journal_origin,
            entry=decision.entry if decision.journal_origin else None,
            decided_at=decision.decided_at.seconds,
            subject=decision.subject,
            repeated=decision.repeated,
        ),
        company,
        asked_at_ns,
        receipt,
        signed_permit,
    )


def batch_answer(result: wire.BatchResult, company: str, asked_at_ns: int) -> Answer:
    if result.HasField("decision"):
        return to_answer(result.decision, company, asked_at_ns)
    if result.HasField("error"):
        return Answer(error=_of_status(result.error)[0])
    return Answer(error=nonsense("an item has neither a decision nor an error"))


def to_confirmation(
    held: Answer, response: wire.ConfirmPermitResponse, asked_at_ns: int
) -> Answer:
    """The held answer, confirmed or refused; the attempt to confirm it was sent at `asked_at_ns`."""
    answer = response.answer
    entry = answer.entry if answer.journal_origin else None
    if not answer.done:
        denied = Decision(
            verdict=Verdict.DENIED,
            reason=Reason(answer.reason),
            grant_id=held.decision.grant_id,
            permit_id=held.decision.permit_id,
            journal_origin=answer.journal_origin,
            entry=entry,
            decided_at=held.decision.decided_at,
            subject=held.decision.subject,
        )
        return Answer(denied, company=held.company)
    if not answer.HasField("contact_before"):
        return Answer(error=nonsense("it is confirmed, but not until when"))
    if not answer.HasField("answered_at"):
        return Answer(error=nonsense("it is confirmed, but not when"))
    decision = dataclasses.replace(
        held.decision,
        contact_before=answer.contact_before.seconds,
        journal_origin=answer.journal_origin,
        entry=entry,
    )
    return confirmed(held, decision, answer.answered_at.seconds, asked_at_ns, response.signed_permit)


def to_error(failure: grpc.RpcError) -> Tuple[Error, float]:
    """What a failed call says, and how many seconds the ledger asks to wait."""
    status = status_pb2.Status()
    for key, value in failure.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            try:
                status.ParseFromString(value)
            except message.DecodeError:
                status.Clear()
    # The code and message of the call itself stand, whatever the details say.
    status.code = failure.code().value[0]
    status.message = failure.details() or ""
    return _of_status(status)


def _of_status(status: status_pb2.Status) -> Tuple[Error, float]:
    code = ErrorCode(status.code)
    if code == ErrorCode.OK:
        code = ErrorCode.UNKNOWN  # An error without a code would look like an answer.
    reason, pause_s = "", 0.0
    for detail in status.details:
        info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(retry):
            pause_s = max(0.0, retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9)
    return Error(code, reason, status.message), pause_s
