# SPDX-License-Identifier: Apache-2.0
"""What the ledger said to a wish to contact somebody, or why it said nothing.

Answer.may_contact is true only for an ALLOWED answer of check_and_consume or confirm_permit, not
held, well formed, whose time has certainly not run out; it never turns true later.

Time is the ledger's. An answer's time is measured from the moment the request left this process, on
a clock that cannot be set and goes on while the machine sleeps; the way there and back, and the
second to which ledger time is rounded down, are taken off. A permit_ttl of one second thus never
allows a contact. An answer means nothing in another process: repeat the request there.
"""

import dataclasses
import datetime
import time
from typing import Mapping, Optional

from consent_ledger.vocabulary import Basis, ErrorCode, Reason, Verdict

_SECOND_NS = 1_000_000_000
# The longest right to contact, by the wire contract.
_PERMIT_S_MAX = 24 * 3600


def uptime_ns() -> int:
    """Nanoseconds since this machine started, sleep included."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclasses.dataclass(frozen=True)
class Error:
    """Why there is no answer. Whatever it is: no contact."""

    code: ErrorCode = ErrorCode.OK
    reason: str = ""  # The ledger's own (error_reason.proto), such as "UNKNOWN_COMPANY", or empty.
    message: str = ""  # In English, for logs; without contact points.


@dataclasses.dataclass(frozen=True)
class Decision:
    """All of an answer, for display and records. Times are Unix seconds of the ledger's clock."""

    verdict: Verdict = Verdict.UNSPECIFIED
    reason: Reason = Reason.UNSPECIFIED
    basis: Basis = Basis.UNSPECIFIED
    limit: str = ""  # The first full limit, where the reason is LIMIT_REACHED.
    rule: str = ""
    grant_id: str = ""
    remaining: Mapping[str, int] = dataclasses.field(default_factory=dict)
    next_allowed_time: Optional[int] = None
    contact_before: Optional[int] = None  # None when denied or held.
    permit_id: str = ""  # Set when allowed. Opaque.
    journal_origin: str = ""
    entry: Optional[int] = None  # None in answers to check().
    decided_at: int = 0
    subject: bytes = b""  # The consumer as this company may know them, 32 bytes.
    repeated: bool = False  # The request_id had been allowed before: the first answer again.


class Answer:
    """An answer, or the error that stands in its place. Immutable; safe to share."""

    def __init__(
        self,
        decision: Optional[Decision] = None,
        error: Optional[Error] = None,
        company: str = "",
        asked_at_ns: int = 0,
        contact_before_ns: Optional[int] = None,
        receipt: str = "",
        signed_permit: str = "",
    ) -> None:
        """For this package alone; without arguments, an error and no contact."""
        if decision is None:
            if error is None or error.code == ErrorCode.OK:
                error = Error(ErrorCode.UNKNOWN, "", "the ledger was not asked")
            decision, contact_before_ns = Decision(), None
            receipt = signed_permit = ""
        self._decision = decision
        self._error = error or Error()
        self._company = company
        self._asked_at_ns = asked_at_ns
        self._contact_before_ns = contact_before_ns
        self._receipt = receipt
        self._signed_permit = signed_permit

    @property
    def may_contact(self) -> bool:
        """Whether the contact may begin at this very moment. Ask right before it begins."""
        return self._left_ns(uptime_ns()) > 0

    @property
    def seconds_left(self) -> float:
        """How much longer may_contact stays true; 0 when it is false."""
        return self._left_ns(uptime_ns()) / _SECOND_NS

    @property
    def held(self) -> bool:
        """Whether the unit is taken but waits for Client.confirm_permit."""
        decision = self._decision
        return (
            not self.is_error
            and decision.verdict == Verdict.ALLOWED
            and bool(decision.permit_id)
            and decision.contact_before is None
        )

    @property
    def is_error(self) -> bool:
        return self._error.code != ErrorCode.OK

    @property
    def error(self) -> Error:
        return self._error

    @property
    def decision(self) -> Decision:
        """Of an error: empty, its verdict UNSPECIFIED."""
        return self._decision

    @property
    def receipt(self) -> str:
        """If asked for: the proof that the journal holds this answer (docs/formats/receipt.md).
        Personal data. A confirmation keeps that of the held answer. Empty where no checkpoint came
        in time; the answer stands."""
        return self._receipt

    @property
    def signed_permit(self) -> str:
        """If asked for, and the answer gives the right to contact: a JWS that a gateway or the
        called party verifies offline (docs/formats/signed-permit.md). Personal data."""
        return self._signed_permit

    @property
    def company(self) -> str:
        return self._company

    def summary(self) -> str:
        """One line for a log, without personal data."""
        decision = self._decision
        if self.is_error:
            reason = f" {self._error.reason}" if self._error.reason else ""
            return f"ERROR {self._error.code.name}{reason}: {self._error.message}"
        if self.held:
            return "HELD"
        if decision.verdict == Verdict.ALLOWED:
            if not decision.permit_id:
                return "ALLOWED, nothing taken"
            left = self.seconds_left
            return f"ALLOWED for {left:.0f} s" if left > 0 else "ALLOWED, but its time is over"
        limit = f" {decision.limit}" if decision.limit else ""
        after = ""
        if decision.next_allowed_time is not None:
            moment = datetime.datetime.fromtimestamp(
                decision.next_allowed_time, datetime.timezone.utc
            )
            after = f", next {moment:%Y-%m-%dT%H:%M:%SZ}"
        return f"{decision.verdict.name} {decision.reason.name}{limit}{after}"

    def __repr__(self) -> str:
        return f"<Answer {self.summary()}>"

    def __bool__(self) -> bool:
        raise TypeError("an Answer is neither true nor false: ask for may_contact")

    def _left_ns(self, now_ns: int) -> int:
        before = self._contact_before_ns
        # A clock that went back, against its promise: who knows what time it is.
        if self.is_error or before is None or now_ns < self._asked_at_ns:
            return 0
        return max(0, before - now_ns)


@dataclasses.dataclass(frozen=True)
class PermitAnswer:
    """What became of a release or an outcome."""

    done: bool = False  # Recorded, durably. False: nothing was done, for `reason` or `error`.
    # ALREADY_DONE where attempts > 1 most often means that an earlier attempt was recorded and its
    # answer lost; the first outcome stands in any case.
    reason: Reason = Reason.UNSPECIFIED
    error: Error = Error()
    journal_origin: str = ""
    entry: Optional[int] = None
    attempts: int = 0

    def __bool__(self) -> bool:
        raise TypeError("a PermitAnswer is neither true nor false: ask for done")


def answer_of(
    decision: Decision, company: str, asked_at_ns: int, receipt: str = "", signed_permit: str = ""
) -> Answer:
    """An answer that was asked for at `asked_at_ns`, the moment its attempt was sent."""
    before = None
    if (
        decision.verdict == Verdict.ALLOWED
        and decision.permit_id
        and decision.contact_before is not None
    ):
        before = _until_ns(decision.decided_at, decision.contact_before, asked_at_ns)
    return Answer(decision, None, company, asked_at_ns, before, receipt, signed_permit)


def confirmed(
    held: Answer, decision: Decision, answered_at: int, asked_at_ns: int, signed_permit: str = ""
) -> Answer:
    """A held answer whose confirmation was recorded when the ledger's clock showed `answered_at`.
    The attempt to confirm it was sent at `asked_at_ns`; its time is measured from then."""
    before = None
    if decision.contact_before is not None:
        before = _until_ns(answered_at, decision.contact_before, asked_at_ns)
    return Answer(decision, None, held.company, asked_at_ns, before, held.receipt, signed_permit)


def _until_ns(then: int, contact_before: int, asked_at_ns: int) -> Optional[int]:
    """When, by uptime_ns(), the ledger's clock may show contact_before; None if that is nonsense.

    When the request left, the ledger's clock showed less than `then` + 1 s.
    """
    span_s = contact_before - then
    if then <= 0 or not 0 < span_s <= _PERMIT_S_MAX:
        return None
    return asked_at_ns + (span_s - 1) * _SECOND_NS
