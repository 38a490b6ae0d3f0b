# SPDX-License-Identifier: Apache-2.0
"""When an answer lets somebody contact, and when not."""

import dataclasses
import unittest

from consent.v1 import contact_service_pb2 as wire
from consent.v1 import vocabulary_pb2
from consent_ledger import Answer, Decision, Error, ErrorCode, PermitAnswer, Reason, Verdict
from consent_ledger import translate, vocabulary
from consent_ledger.answer import answer_of, confirmed, uptime_ns

NOON = 1_900_000_000
SECOND_NS = 1_000_000_000
ASKED_NS = 5 * 3600 * SECOND_NS


def allowed(span_s):
    return Decision(verdict=Verdict.ALLOWED, reason=Reason.OK, permit_id="permit",
                    decided_at=NOON, contact_before=NOON + span_s)


def left_s(decision, after_s=0.0):
    answer = answer_of(decision, "acme", ASKED_NS)
    return answer._left_ns(ASKED_NS + int(after_s * SECOND_NS)) / SECOND_NS


def allowed_message():
    decision = wire.Decision(verdict=1, reason=1, permit_id="permit")
    decision.decided_at.seconds = NOON
    decision.contact_before.seconds = NOON + 300
    return decision


class AnswerTest(unittest.TestCase):
    def test_a_default_answer_is_an_error_and_no_contact(self):
        self.assertTrue(Answer().is_error)
        self.assertFalse(Answer().may_contact)
        self.assertTrue(Answer(error=Error()).is_error)

    def test_an_allowed_answer_lets_contact_now(self):
        answer = answer_of(allowed(300), "acme", uptime_ns())
        self.assertIs(answer.may_contact, True)
        self.assertGreater(answer.seconds_left, 290)

    def test_an_answer_is_neither_true_nor_false(self):
        with self.assertRaises(TypeError):
            bool(answer_of(allowed(300), "acme", uptime_ns()))
        with self.assertRaises(TypeError):
            bool(PermitAnswer(done=True))

    def test_the_right_ends_with_its_time_less_the_rounding_of_ledger_time(self):
        self.assertEqual(left_s(allowed(300)), 299)
        self.assertGreater(left_s(allowed(300), 298.999), 0)
        self.assertEqual(left_s(allowed(300), 299), 0)
        self.assertEqual(left_s(allowed(300), 36000), 0)
        self.assertEqual(left_s(allowed(1)), 0)

    def test_a_clock_that_went_back_ends_the_right(self):
        self.assertEqual(left_s(allowed(300), -0.001), 0)

    def test_what_is_not_allowed_lets_nobody_contact(self):
        for verdict in (Verdict.DENIED, Verdict.UNSPECIFIED, Verdict.UNKNOWN):
            self.assertEqual(left_s(dataclasses.replace(allowed(300), verdict=verdict)), 0)
        self.assertEqual(left_s(dataclasses.replace(allowed(300), permit_id="")), 0)

    def test_a_held_permit_lets_nobody_contact(self):
        held = answer_of(
            dataclasses.replace(allowed(300), contact_before=None), "acme", uptime_ns())
        self.assertTrue(held.held)
        self.assertFalse(held.may_contact)
        self.assertEqual(held.summary(), "HELD")

    def test_times_that_make_no_sense_let_nobody_contact(self):
        for span_s in (0, -300, 86_401, 2**62):
            self.assertEqual(left_s(allowed(span_s)), 0, span_s)
        self.assertGreater(left_s(allowed(86_400)), 0)
        self.assertEqual(
            left_s(dataclasses.replace(allowed(300), decided_at=0, contact_before=300)), 0)

    def test_a_confirmation_is_measured_from_its_own_question(self):
        held = answer_of(dataclasses.replace(allowed(300), contact_before=None), "acme", ASKED_NS)
        now_ns = ASKED_NS + 3600 * SECOND_NS
        # The ledger's clock ran a minute slower than this machine's in the hour between.
        answered_at = NOON + 3540
        answer = confirmed(held, allowed(3840), answered_at, now_ns)
        self.assertEqual(answer._left_ns(now_ns) / SECOND_NS, 299)
        self.assertEqual(answer._left_ns(now_ns + 299 * SECOND_NS), 0)
        self.assertEqual(answer._left_ns(now_ns - 1), 0)
        for span_s in (0, -1, 86_401):
            nonsense = confirmed(held, allowed(3540 + span_s), answered_at, now_ns)
            self.assertEqual(nonsense._left_ns(now_ns), 0, span_s)
        self.assertEqual(confirmed(held, allowed(300), 0, now_ns)._left_ns(now_ns), 0)

    def test_an_error_brings_neither_receipt_nor_permit(self):
        error = Answer(error=Error(ErrorCode.UNAVAILABLE), receipt="r", signed_permit="p")
        self.assertEqual((error.receipt, error.signed_permit), ("", ""))

    def test_summaries_say_what_happened(self):
        self.assertEqual(Answer(error=Error(ErrorCode.NOT_FOUND, "UNKNOWN_COMPANY", "none")).summary(),
                         "ERROR NOT_FOUND UNKNOWN_COMPANY: none")
        denied = Decision(verdict=Verdict.DENIED, reason=Reason.LIMIT_REACHED, limit="calls",
                          next_allowed_time=1_798_761_600)
        self.assertEqual(answer_of(denied, "acme", ASKED_NS).summary(),
                         "DENIED LIMIT_REACHED calls, next 2027-01-01T00:00:00Z")


class TranslateTest(unittest.TestCase):
    def test_an_allowed_decision_lets_contact(self):
        self.assertTrue(translate.to_answer(allowed_message(), "acme", uptime_ns()).may_contact)

    def test_what_makes_no_sense_is_an_error(self):
        future = allowed_message()
        future.verdict = 3
        contradiction = allowed_message()
        contradiction.reason = vocabulary_pb2.REASON_REVOKED
        for decision in (wire.Decision(), future, contradiction):
            answer = translate.to_answer(decision, "acme", uptime_ns())
            self.assertFalse(answer.may_contact)
            self.assertEqual(answer.error.code, ErrorCode.INTERNAL)
        self.assertTrue(translate.batch_answer(wire.BatchResult(), "acme", uptime_ns()).is_error)

    def test_a_reason_from_the_future_denies(self):
        answer = translate.to_answer(wire.Decision(verdict=2, reason=77), "acme", uptime_ns())
        self.assertEqual(answer.summary(), "DENIED UNKNOWN")

    def test_a_confirmation_without_a_time_is_an_error(self):
        message = allowed_message()
        message.ClearField("contact_before")
        held = translate.to_answer(message, "acme", uptime_ns(), receipt="receipt")
        response = wire.ConfirmPermitResponse(signed_permit="permit")
        response.answer.done = True
        response.answer.answered_at.seconds = NOON
        self.assertTrue(translate.to_confirmation(held, response, uptime_ns()).is_error)
        response.answer.contact_before.seconds = NOON + 300
        answer = translate.to_confirmation(held, response, uptime_ns())
        self.assertTrue(answer.may_contact)
        self.assertEqual((answer.receipt, answer.signed_permit), ("receipt", "permit"))
        response.answer.ClearField("answered_at")
        self.assertTrue(translate.to_confirmation(held, response, uptime_ns()).is_error)
        response.answer.done = False
        self.assertEqual(translate.to_confirmation(held, response, uptime_ns()).signed_permit, "")


class VocabularyTest(unittest.TestCase):
    def test_every_word_of_the_wire_has_its_name_and_number_here(self):
        for name in ("Channel", "Purpose", "Outcome", "Verdict", "Reason", "Basis"):
            words = getattr(vocabulary, name)
            for value in vocabulary_pb2.DESCRIPTOR.enum_types_by_name[name].values:
                self.assertEqual(f"{name.upper()}_{words(value.number).name}", value.name)
            self.assertEqual(words(9999), words.UNKNOWN)


if __name__ == "__main__":
    unittest.main()
