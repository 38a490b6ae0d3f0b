# SPDX-License-Identifier: Apache-2.0
"""The Python client against a real ledger, with it, without it, and while it hangs."""

import dataclasses
import threading
import time
import unittest

from consent_ledger import (
    BATCH_ITEMS_MAX, BatchHeader, BatchItem, Channel, Client, ErrorCode, Outcome, Purpose, Reason,
    Request, Verdict, new_request_id,
)
from running_ledger import COMPANY, RunningLedger

HEADER = BatchHeader(COMPANY, Channel.CALL, Purpose.DIRECT_MARKETING)
STRANGER = "+33639980399"


def call(contact_point, request_id, **more):
    return Request(contact_point, COMPANY, Channel.CALL, Purpose.DIRECT_MARKETING, request_id,
                   **more)


class LedgerCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ledger = RunningLedger()
        cls.addClassCleanup(cls.ledger.close)
        cls.consumers = 0

    def setUp(self):
        self.client = self.connect(deadline_ms=10_000)

    def connect(self, **options):
        client = Client(self.ledger.address, **options)
        self.addCleanup(client.close)
        return client

    def new_consumer(self, limit="calls:CALL:1/YEAR"):
        number = f"+336399803{self.consumers:02d}"
        type(self).consumers += 1
        self.ledger.grant(number, limit)
        return number


class ClientTest(LedgerCase):
    def test_consent_lets_contact_once_and_no_more(self):
        number = self.new_consumer()
        first = self.client.check_and_consume(call(number, "first"))
        self.assertTrue(first.may_contact, first)
        self.assertTrue(280 < first.seconds_left < 300)
        self.assertEqual(first.decision.remaining, {"calls": 0})
        self.assertEqual(len(first.decision.subject), 32)
        second = self.client.check_and_consume(call(number, "second"))
        self.assertFalse(second.may_contact)
        self.assertEqual(second.decision.reason, Reason.LIMIT_REACHED)
        self.assertGreater(second.decision.next_allowed_time, second.decision.decided_at)
        stranger = self.client.check_and_consume(call(STRANGER, new_request_id()))
        self.assertEqual(stranger.summary(), "DENIED NO_PERMISSION")

    def test_the_same_request_id_from_many_threads_takes_one_unit(self):
        number = self.new_consumer("calls:CALL:2/YEAR")
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(
            self.client.check_and_consume(call(number, "one")))) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([a.may_contact for a in answers], [True] * 16)
        self.assertEqual(len({a.decision.permit_id for a in answers}), 1)
        other = self.client.check_and_consume(call(number, "other"))
        self.assertEqual(other.decision.remaining, {"calls": 0})

    def test_errors_carry_code_and_reason_and_never_raise(self):
        number = self.new_consumer()
        self.assertTrue(self.client.check_and_consume(call(number, "id")).may_contact)
        reused = self.client.check_and_consume(call(number, "id", permit_ttl_s=60))
        self.assertEqual(reused.error.code, ErrorCode.ALREADY_EXISTS)
        self.assertEqual(reused.error.reason, "REQUEST_ID_REUSED")
        for request in (call(number, 5), call("\ud800", "id"), call(number, "id", hold_s=1.5),
                        call(number, "id", hold_s=2**70),
                        dataclasses.replace(call(number, "id"), channel="CALL")):
            answer = self.client.check_and_consume(request)
            self.assertEqual(answer.error.code, ErrorCode.INVALID_ARGUMENT, answer)
            self.assertFalse(answer.may_contact)
            self.assertNotIn(number, answer.error.message)

    def test_check_takes_nothing_and_lets_nobody_contact(self):
        number = self.new_consumer()
        for _ in range(3):
            answer = self.client.check(call(number, ""))
            self.assertEqual(answer.decision.verdict, Verdict.ALLOWED)
            self.assertFalse(answer.may_contact)
        self.assertTrue(self.client.check_and_consume(call(number, "id")).may_contact)

    def test_a_held_permit_lets_contact_once_confirmed(self):
        request = call(self.new_consumer(), "id", hold_s=600)
        held = self.client.check_and_consume(request)
        self.assertTrue(held.held)
        self.assertFalse(held.may_contact)
        confirmed = self.client.confirm_permit(held)
        self.assertTrue(confirmed.may_contact, confirmed)
        self.assertEqual(self.client.confirm_permit(held).summary(), "DENIED ALREADY_DONE")
        self.assertTrue(self.client.check_and_consume(request).may_contact)
        self.assertEqual(
            self.client.confirm_permit(confirmed).error.code, ErrorCode.FAILED_PRECONDITION)

    def test_an_answer_brings_its_proofs_where_they_are_wanted(self):
        request = call(self.new_consumer(), "id")
        plain = self.client.check_and_consume(request)
        self.assertEqual((plain.receipt, plain.signed_permit), ("", ""))
        wanted = dataclasses.replace(request, want_receipt=True, want_signed_permit=True)
        proved = self.client.check_and_consume(wanted)
        self.assertTrue(proved.may_contact, proved)
        self.assertTrue(proved.receipt.startswith("c2sp.org/tlog-proof"), proved.receipt)
        self.assertEqual(proved.signed_permit.count("."), 2)
        denied = self.client.check_and_consume(dataclasses.replace(wanted, contact_point=STRANGER))
        self.assertTrue(denied.receipt)
        self.assertEqual(denied.signed_permit, "")

    def test_a_confirmation_brings_the_signed_permit(self):
        held = self.client.check_and_consume(
            call(self.new_consumer(), "id", hold_s=600, want_receipt=True))
        confirmed = self.client.confirm_permit(held, want_signed_permit=True)
        self.assertTrue(confirmed.may_contact, confirmed)
        self.assertEqual(confirmed.signed_permit.count("."), 2)
        self.assertEqual(confirmed.receipt, held.receipt)

    def test_a_released_unit_is_there_again(self):
        number = self.new_consumer()
        held = self.client.check_and_consume(call(number, "id", hold_s=600))
        self.assertTrue(self.client.release_permit(COMPANY, held.decision.permit_id).done)
        self.assertTrue(self.client.check_and_consume(call(number, "next")).may_contact)

    def test_the_first_outcome_stands_and_uses_the_permit_up(self):
        request = call(self.new_consumer(), "id")
        permit = self.client.check_and_consume(request).decision.permit_id
        self.assertTrue(self.client.report_outcome(COMPANY, permit, Outcome.CONNECTED).done)
        second = self.client.report_outcome(COMPANY, permit, Outcome.BUSY)
        self.assertEqual((second.done, second.reason), (False, Reason.ALREADY_DONE))
        self.assertEqual(
            self.client.check_and_consume(request).summary(), "DENIED PERMIT_USED")

    def test_a_batch_is_answered_item_by_item(self):
        number = self.new_consumer()
        answers = self.client.check_and_consume_batch(HEADER, [
            BatchItem(STRANGER, "1"), BatchItem(number, "2"), BatchItem("no number", "3"),
            BatchItem(number, "4")])
        self.assertEqual([a.may_contact for a in answers], [False, True, False, False])
        self.assertEqual(answers[2].error.reason, "INVALID_CONTACT_POINT")
        self.assertEqual(answers[3].decision.reason, Reason.LIMIT_REACHED)
        many = [BatchItem(number, "5")] * (BATCH_ITEMS_MAX + 1)
        refused = self.client.check_and_consume_batch(HEADER, many)
        self.assertEqual(len(refused), len(many))
        self.assertEqual(refused[-1].error.code, ErrorCode.INVALID_ARGUMENT)
        self.assertEqual(self.client.check_and_consume_batch(HEADER, []), [])

    def test_the_right_to_contact_ends_before_contact_before(self):
        request = call(self.new_consumer(), "id", permit_ttl_s=3)
        answer = self.client.check_and_consume(request)
        self.assertTrue(answer.may_contact)
        time.sleep(answer.seconds_left + 0.002)
        self.assertFalse(answer.may_contact)
        time.sleep(1)
        self.assertEqual(
            self.client.check_and_consume(request).summary(), "DENIED PERMIT_EXPIRED")


class FailClosedTest(LedgerCase):
    def test_a_killed_ledger_lets_nobody_contact_and_the_same_id_is_good_later(self):
        number = self.new_consumer("calls:CALL:2/YEAR")
        client = self.connect()
        before = client.check_and_consume(call(number, "first"))
        self.assertTrue(before.may_contact)
        self.ledger.kill()
        try:
            began = time.monotonic()
            lost = client.check_and_consume(call(number, "second"))
            self.assertLess(time.monotonic() - began, 3)
            self.assertFalse(lost.may_contact)
            self.assertEqual(lost.error.code, ErrorCode.UNAVAILABLE)
            self.assertFalse(client.report_outcome(
                COMPANY, before.decision.permit_id, Outcome.CONNECTED).done)
            batch = client.check_and_consume_batch(HEADER, [BatchItem(number, "b")])
            self.assertEqual([a.may_contact for a in batch], [False])
        finally:
            self.ledger.start()
        self.assertTrue(self.client.check_and_consume(call(number, "first")).decision.repeated)
        self.assertTrue(self.client.check_and_consume(call(number, "second")).may_contact)
        self.assertFalse(self.client.check_and_consume(call(number, "third")).may_contact)

    def test_a_ledger_that_does_not_answer_in_time_lets_nobody_contact(self):
        number = self.new_consumer()
        client = self.connect(deadline_ms=600, retries_max=1)
        client.check(call(number, ""))
        self.ledger.freeze()
        try:
            began = time.monotonic()
            answer = client.check_and_consume(call(number, "first"))
            took = time.monotonic() - began
        finally:
            self.ledger.thaw()
        self.assertFalse(answer.may_contact)
        self.assertEqual(answer.error.code, ErrorCode.DEADLINE_EXCEEDED)
        self.assertTrue(0.5 < took < 2, took)
        self.assertTrue(self.client.check_and_consume(call(number, "first")).may_contact)

    def test_a_restart_within_the_deadline_is_bridged(self):
        number = self.new_consumer()
        client = self.connect(deadline_ms=30_000, retries_max=100)
        client.check(call(number, ""))
        self.ledger.kill()
        restart = threading.Timer(0.5, self.ledger.start)
        restart.start()
        began = time.monotonic()
        answer = client.check_and_consume(call(number, "first"))
        self.assertLess(time.monotonic() - began, 5)
        restart.join()
        self.assertTrue(answer.may_contact, answer)
        self.assertFalse(client.check_and_consume(call(number, "second")).may_contact)


class NoLedgerTest(unittest.TestCase):
    def test_addresses_that_lead_nowhere_let_nobody_contact(self):
        for address in ("127.0.0.1:1", "no such place", "dns:///", "://", "unix:/nowhere/at/all"):
            with Client(address, deadline_ms=500) as client:
                answer = client.check_and_consume(call(STRANGER, "id"))
                self.assertTrue(answer.is_error, address)
                self.assertFalse(answer.may_contact, address)

    def test_a_closed_client_answers_with_an_error(self):
        client = Client("127.0.0.1:1")
        client.close()
        answer = client.check_and_consume(call(STRANGER, "id"))
        self.assertEqual(answer.error.code, ErrorCode.CANCELLED)
        self.assertFalse(answer.may_contact)

    def test_options_out_of_their_range_are_refused(self):
        for options in ({"deadline_ms": 0}, {"deadline_ms": 60_001}, {"retries_max": -1}):
            with self.assertRaises(ValueError):
                Client("127.0.0.1:1", **options)
        with self.assertRaises(ValueError):
            Client("")


if __name__ == "__main__":
    unittest.main()
