# SPDX-License-Identifier: Apache-2.0
"""The words of a decision. Numbers are those of the wire (proto/consent/v1/vocabulary.proto).

A number that a newer ledger sends and that has no name here becomes UNKNOWN. Nothing unknown ever
lets anybody contact anyone.
"""

import enum


class _Word(enum.IntEnum):
    @classmethod
    def _missing_(cls, value):
        return cls.UNKNOWN if isinstance(value, int) else None


class Channel(_Word):
    """The way in which a consumer is contacted."""

    UNSPECIFIED = 0
    CALL = 1
    VOICE_PRERECORDED = 2
    SMS = 3
    MMS = 4
    EMAIL = 5
    MESSAGING = 6
    POST = 7
    UNKNOWN = -1


class Purpose(_Word):
    """What a contact is for."""

    UNSPECIFIED = 0
    DIRECT_MARKETING = 1
    PRESS = 2
    SURVEY = 3
    POLITICAL = 4
    CHARITY = 5
    SERVICE = 6
    UNKNOWN = -1


class Outcome(_Word):
    """What became of a contact."""

    UNSPECIFIED = 0
    CONNECTED = 1
    DELIVERED = 2
    VOICEMAIL = 3
    ABANDONED = 4
    INVALID_NUMBER = 5
    NO_ANSWER = 6
    BUSY = 7
    FAILED = 8
    NOT_SENT = 9
    DECLINED = 10
    OPPOSED = 11
    STOP = 12
    UNKNOWN = -1


class Verdict(_Word):
    """Whether the contact may take place; UNSPECIFIED: there was no answer."""

    UNSPECIFIED = 0
    ALLOWED = 1
    DENIED = 2
    UNKNOWN = -1


class Reason(_Word):
    """Why an answer is what it is; docs/reference/scenario.md gives the full meaning."""

    UNSPECIFIED = 0
    OK = 1
    BLOCKED = 2
    PAUSED = 3
    LISTED = 4
    NO_PERMISSION = 5
    NOT_FOR_THIS_PURPOSE = 6
    REVOKED = 7
    EXPIRED = 8
    NOT_YET_VALID = 9
    NOT_ON_THIS_CHANNEL = 10
    PROHIBITED = 11
    UNKNOWN_ZONE = 12
    OUTSIDE_HOURS = 13
    SILENCE = 14
    CALLER_NUMBER = 15
    LIMIT_REACHED = 16
    CONSUMER_LIMIT = 17
    PERMIT_RELEASED = 18
    PERMIT_LAPSED = 19
    PERMIT_USED = 20
    PERMIT_EXPIRED = 21
    NO_SUCH_PERMIT = 22
    ALREADY_DONE = 23
    NOT_CONFIRMED = 24
    UNSCREENED = 33
    NOT_DELEGATED = 34
    UNKNOWN = -1


class Basis(_Word):
    """Why a contact is lawful."""

    UNSPECIFIED = 0
    CONSENT = 1
    CONTRACT = 2
    SIMILAR_PRODUCTS = 3
    EXEMPT = 4
    SERVICE = 5
    CALLBACK = 6
    UNKNOWN = -1


class SubjectMatter(_Word):
    """What a contact is about, where the law asks."""

    UNSPECIFIED = 0
    HOME_RENOVATION = 1
    UNKNOWN = -1


class ErrorCode(_Word):
    """Why there is no answer: the canonical codes of gRPC. OK: there is one."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16
