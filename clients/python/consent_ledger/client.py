# SPDX-License-Identifier: Apache-2.0
"""Client: asks a consent ledger before each contact, and tells it what became of it.

Fails closed. Every method returns an answer within its deadline, and none raises for what the ledger
or the network does, or for a request that cannot be sent: no answer is an Answer too, one whose
may_contact is false.

Repeats. Calls that fail with UNAVAILABLE or DEADLINE_EXCEEDED, or because the ledger is overloaded,
are sent again with the same request_id, after a random pause that doubles each time, until
retries_max or the deadline is reached. The same request_id never takes a second unit: write it down
before the first try, repeat the same request until there is an answer, in another process too, and
take a new id for a new contact only.

Threads: one Client serves all threads. After a fork, make a new one in the child. With tls_ca the
connection speaks TLS; without, it is in clear, which is for a ledger in development mode on this
machine.
"""

import dataclasses
import random
import re
import secrets
import time
from typing import Callable, List, Optional, Sequence, Tuple

import grpc

from consent.v1 import contact_service_pb2 as wire
from consent.v1 import contact_service_pb2_grpc as wire_grpc
from consent_ledger import translate
from consent_ledger.answer import Answer, Error, PermitAnswer, uptime_ns
from consent_ledger.vocabulary import Channel, ErrorCode, Outcome, Purpose, Reason, SubjectMatter

BATCH_ITEMS_MAX = 1000
DEADLINE_MS_MAX = 60_000
RETRIES_MAX = 100

# The pause after the first attempt, and the longest one.
_PAUSE_S_MIN = 0.1
_PAUSE_S_MAX = 1.0

# After a lost connection gRPC itself would wait longer than most deadlines last.
_CHANNEL_OPTIONS = (
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 5000),  # How long one try to connect may take.
    ("grpc.max_reconnect_backoff_ms", 500),
    ("grpc.dns_min_time_between_resolutions_ms", 100),  # Looked up again before each try.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_retries", 0),
    ("grpc.service_config_disable_resolution", 1),
)


@dataclasses.dataclass(frozen=True)
class Request:
    """One wish to contact one consumer once. Limits: include/consent/client.h."""

    contact_point: str  # "tel:+33639980001", "+33639980001", "mailto:someone@example.org"
    company: str
    channel: Channel
    purpose: Purpose
    request_id: str = ""  # Unique for company and consumer; check() does without.
    permit_ttl_s: int = 0  # 1 to 86,400; 0: the ledger's default of 300.
    hold_s: int = 0  # 1 to 86,400; 0: not held.
    want_next_allowed_time: bool = False
    # What the called party will see, as "+33199001234"; for texts also a short code or a name.
    caller_number: str = ""
    # Whether the answer brings a receipt. It then waits for a signed checkpoint: at most a second
    # and what the witnesses take; give such calls a deadline_ms of 4000 or more.
    want_receipt: bool = False
    want_signed_permit: bool = False  # Whether an ALLOWED answer, not held, brings one.
    processor: str = ""  # Who makes the contact for the company; "": the company itself.
    agent: str = ""  # Who speaks or writes, and where they sit (ISO 3166-1): only recorded.
    agent_country: str = ""
    contract: str = ""  # The contract that the contact is about.
    subject_matter: SubjectMatter = SubjectMatter.UNSPECIFIED


@dataclasses.dataclass(frozen=True)
class BatchHeader:
    """What the items of a batch share."""

    company: str
    channel: Channel
    purpose: Purpose
    permit_ttl_s: int = 0
    hold_s: int = 0
    want_next_allowed_time: bool = False
    caller_number: str = ""
    processor: str = ""
    agent: str = ""
    agent_country: str = ""
    contract: str = ""
    subject_matter: SubjectMatter = SubjectMatter.UNSPECIFIED


@dataclasses.dataclass(frozen=True)
class BatchItem:
    contact_point: str
    request_id: str


def new_request_id() -> str:
    """A request id that nobody has used: 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


class Client:
    """Connects with the first call. With an address that leads nowhere every answer is an error."""

    def __init__(
        self,
        address: str,
        *,
        deadline_ms: int = 2000,
        retries_max: int = 3,
        tls_ca: str = "",
        tls_cert: str = "",
        tls_key: str = "",
        token_file: str = "",
        traceparent: Optional[Callable[[], str]] = None,
    ) -> None:
        """`deadline_ms` is for one call with all its repeats; while repeats are left, one attempt
        takes at most half of the time that remains. `tls_ca` is a PEM file of who vouches for the
        ledger; `tls_cert` and `tls_key`, or the bearer token in `token_file`, say who calls. The
        token is read for each call. `traceparent` is asked, for each call, which trace it belongs
        to (W3C Trace Context); what is malformed is not sent. ValueError for options out of their range, or that do not go
        together; OSError for files that cannot be read."""
        if not isinstance(address, str) or not address:
            raise ValueError("address: expected HOST:PORT")
        if not 1 <= deadline_ms <= DEADLINE_MS_MAX:
            raise ValueError(f"deadline_ms: expected 1 to {DEADLINE_MS_MAX}, found {deadline_ms}")
        if not 0 <= retries_max <= RETRIES_MAX:
            raise ValueError(f"retries_max: expected 0 to {RETRIES_MAX}, found {retries_max}")
        self._deadline_ns = deadline_ms * 1_000_000
        self._attempts_max = retries_max + 1
        self._traceparent = traceparent
        credentials = _credentials(tls_ca, tls_cert, tls_key, token_file)
        if credentials is None:
            self._channel = grpc.insecure_channel(address, options=_CHANNEL_OPTIONS)
        else:
            self._channel = grpc.secure_channel(address, credentials, options=_CHANNEL_OPTIONS)
        self._stub = wire_grpc.ContactServiceStub(self._channel)

    def close(self) -> None:
        """Ends the connection. Calls after this answer with an error."""
        self._channel.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check_and_consume(self, request: Request) -> Answer:
        """Takes one unit of quota, or says why not. What it answers is durable."""
        response, error, sent_at_ns, _ = self._call(
            self._stub.CheckAndConsume, lambda: translate.consume_request(request)
        )
        if response is None:
            return Answer(error=error)
        return translate.to_answer(
            response.decision,
            request.company,
            sent_at_ns,
            response.receipt,
            response.signed_permit,
        )

    def check_and_consume_batch(
        self, header: BatchHeader, items: Sequence[BatchItem]
    ) -> List[Answer]:
        """One answer for each item, always as many and in their order. If the call as a whole fails,
        every answer is that error. More than BATCH_ITEMS_MAX items are not sent."""
        if not items:
            return []
        if len(items) > BATCH_ITEMS_MAX:
            message = f"items: expected at most {BATCH_ITEMS_MAX}, found {len(items)}"
            return [Answer(error=Error(ErrorCode.INVALID_ARGUMENT, "", message))] * len(items)
        response, error, sent_at_ns, _ = self._call(
            self._stub.BatchCheckAndConsume, lambda: translate.batch_request(header, items)
        )
        # Answers that cannot be told apart are nobody's.
        if response is not None and len(response.results) != len(items):
            response, error = None, translate.nonsense("not one result for each item")
        if response is None:
            return [Answer(error=error)] * len(items)
        return [translate.batch_answer(r, header.company, sent_at_ns) for r in response.results]

    def check(self, request: Request) -> Answer:
        """What check_and_consume would answer now. Takes and records nothing, so may_contact is
        false whatever it says: look at decision.verdict."""
        response, error, sent_at_ns, _ = self._call(
            self._stub.Check, lambda: translate.check_request(request)
        )
        if response is None:
            return Answer(error=error)
        # A permit in it would be a mistake, and would look like a right to contact.
        response.decision.ClearField("permit_id")
        return translate.to_answer(response.decision, request.company, sent_at_ns)

    def confirm_permit(self, held: Answer, *, want_signed_permit: bool = False) -> Answer:
        """Starts the time of a held permit, after judging again all but the limits; a refusal gives
        the unit back. The result is the held answer with may_contact. Where it is DENIED,
        ALREADY_DONE, the answer of an earlier attempt was lost: repeat check_and_consume with the
        same request_id, which then answers with the running permit."""
        if not held.held:
            message = f"expected a held answer, found {held.summary()}"
            return Answer(error=Error(ErrorCode.FAILED_PRECONDITION, "", message))
        request = wire.ConfirmPermitRequest(
            company=held.company,
            permit_id=held.decision.permit_id,
            want_signed_permit=want_signed_permit,
        )
        response, error, sent_at_ns, _ = self._call(self._stub.ConfirmPermit, lambda: request)
        if response is None:
            return Answer(error=error)
        return translate.to_confirmation(held, response, sent_at_ns)

    def release_permit(self, company: str, permit_id: str) -> PermitAnswer:
        """Gives a held unit back."""
        return self._settle(
            self._stub.ReleasePermit,
            lambda: wire.ReleasePermitRequest(company=company, permit_id=permit_id),
        )

    def report_outcome(self, company: str, permit_id: str, outcome: Outcome) -> PermitAnswer:
        """Says what became of a contact. The first outcome stands; a second is ALREADY_DONE. Repeat
        it, in another process too, until there is an answer."""
        return self._settle(
            self._stub.ReportOutcome,
            lambda: wire.ReportOutcomeRequest(
                company=company, permit_id=permit_id, outcome=int(outcome)
            ),
        )

    def _settle(self, method: Callable, make_request: Callable) -> PermitAnswer:
        response, error, _, attempts = self._call(method, make_request)
        if response is None:
            return PermitAnswer(error=error, attempts=attempts)
        answer = response.answer
        return PermitAnswer(
            done=answer.done,
            reason=Reason(answer.reason),
            journal_origin=answer.journal_origin,
            entry=answer.entry if answer.journal_origin else None,
            attempts=attempts,
        )

    def _call(
        self, method: Callable, make_request: Callable
    ) -> Tuple[Optional[object], Error, int, int]:
        """One call with its repeats: the response or None, the last error, when the last attempt
        was sent, and how many there were."""
        deadline_ns = uptime_ns() + self._deadline_ns
        try:
            request = make_request()
        except (TypeError, ValueError, OverflowError):
            # Without the exception's own words: they may quote a contact point.
            message = "a field of the request has a type or value that cannot be sent"
            return None, Error(ErrorCode.INVALID_ARGUMENT, "", message), 0, 0
        trace = self._traceparent() if self._traceparent is not None else ""
        metadata = (("traceparent", trace),) if _TRACEPARENT.fullmatch(trace or "") else ()
        for attempt in range(1, self._attempts_max + 1):
            last = attempt == self._attempts_max
            sent_at_ns = uptime_ns()
            left_ns = deadline_ns - sent_at_ns
            try:
                timeout_s = (left_ns if last else left_ns / 2) / 1e9
                response = method(request, timeout=timeout_s, metadata=metadata)
                return response, Error(), sent_at_ns, attempt
            except grpc.RpcError as failure:
                error, asked_pause_s = translate.to_error(failure)
            except ValueError:  # gRPC's way to say that close() was called.
                error, asked_pause_s = Error(ErrorCode.CANCELLED, "", "this client is closed"), 0.0
            pause_s = max(_pause_s(attempt), asked_pause_s)
            if last or not _may_pass(error) or uptime_ns() + pause_s * 1e9 >= deadline_ns:
                break
            time.sleep(pause_s)
        return None, error, sent_at_ns, attempt


def _read(path: str) -> Optional[bytes]:
    if not path:
        return None
    with open(path, "rb") as file:
        return file.read()


class _FileToken(grpc.AuthMetadataPlugin):
    """The bearer token in a file, as it is at each call."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self, _: object, callback: Callable) -> None:
        try:
            token = (_read(self._path) or b"").decode("ascii").strip()
            callback((("authorization", f"Bearer {token}"),), None)
        except (OSError, UnicodeDecodeError):
            # Without the exception's own words: they may quote the token.
            callback((), PermissionError("token_file: expected a file with a token"))


def _credentials(
    tls_ca: str, tls_cert: str, tls_key: str, token_file: str
) -> Optional[grpc.ChannelCredentials]:
    if bool(tls_cert) != bool(tls_key):
        raise ValueError("tls_cert, tls_key: expected both or none")
    if not tls_ca:
        if tls_cert or token_file:
            raise ValueError("tls_ca: expected where tls_cert or token_file says who calls")
        return None
    channel = grpc.ssl_channel_credentials(_read(tls_ca), _read(tls_key), _read(tls_cert))
    if not token_file:
        return channel
    token = grpc.metadata_call_credentials(_FileToken(token_file))
    return grpc.composite_channel_credentials(channel, token)


_TRACEPARENT = re.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

# Of RESOURCE_EXHAUSTED: what time alone mends.
_FOR_NOW = ("OVERLOADED", "RATE_LIMITED", "TOO_MANY_CALLS", "TOO_MANY_STRANGERS",
            "TOO_MANY_BAD_CREDENTIALS")


def _may_pass(error: Error) -> bool:
    return error.code in (ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED) or (
        error.code == ErrorCode.RESOURCE_EXHAUSTED and error.reason in _FOR_NOW
    )


def _pause_s(attempt: int) -> float:
    """Between half and all of the pause that doubles: who failed together comes back apart."""
    whole = min(_PAUSE_S_MIN * 2 ** (attempt - 1), _PAUSE_S_MAX)
    return random.uniform(whole / 2, whole)
