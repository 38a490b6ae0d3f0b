# SPDX-License-Identifier: Apache-2.0
"""What people take away from a ledger: exports, signed permits, and the trace of their entries."""

import json
import pathlib
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from e2e_test import ALICE, BAD_INPUT, BOB, DENIED, FAILED, Ledger  # noqa: E402

YEAR = time.gmtime().tm_year
CALL = ("--company", "acme", "--channel", "CALL")


class PeopleCase(unittest.TestCase):
    """A ledger with two consumers, each of whom granted two calls a year."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.ledger = Ledger(folder.name)
        cls.ledger.flags = ("--http", "127.0.0.1:0")
        cls.ledger.start()
        cls.addClassCleanup(cls.ledger.stop)
        run = cls.ledger.run
        run("company", "add", "acme", "--name", "Acme SAS")
        run("registrar", "add", "hall", "--name", "Town Hall")
        for key in ("hall", "alice", "bob"):
            run("keys", "new", "--out", f"{key}.pem")
        run("key", "add", "hall", "--key", "hall.pem")
        for who, contact in (("alice", ALICE), ("bob", BOB)):
            run("bind", contact, "--registrar-key", "hall.pem", "--key", f"{who}.pem")
            run("grant", contact, "--key", f"{who}.pem", "--company", "acme", "--id", "promise",
                "--limit", "calls:CALL:2/YEAR")
        journals = cls.ledger.ask("ledger")["journals"]
        cls.vkey = journals[1]["verifier_keys"][0]
        cls.other_vkey = journals[0]["verifier_keys"][0]


class ExportTest(PeopleCase):
    def export(self, *words, expect=0):
        return self.ledger.run("export", ALICE, "--key", "alice.pem", *words, expect=expect)

    def test_grants_are_written_in_each_form(self):
        before = time.time() - 60
        record = json.loads(self.export("--format", "iso27560"))[0]["consent_record"]
        self.assertEqual(record["pii_principal_id"], "tel:" + ALICE)
        self.assertEqual(record["party_identification"][0]["party_name"], "Acme SAS")
        self.assertEqual(record["events"][0]["event_state"], "dpv:ConsentGiven")
        receipt = json.loads(self.export("--format", "kantara", "--jurisdiction", "FR"))[0]
        self.assertEqual(receipt["jurisdiction"], "FR")
        self.assertTrue(before < receipt["consentTimestamp"] < time.time() + 60)
        self.export("--format", "camara", "--out", "camara.json")
        answer = json.loads((self.ledger.folder / "camara.json").read_text())[0]
        self.assertTrue(answer["statusInfo"][0]["statusValidForProcessing"])
        self.assertEqual(answer["statusInfo"][0]["scopes"], ["consent-ledger:contact:call"])
        limit = answer["consent-ledger:limits"][0]
        self.assertEqual((limit["id"], limit["max"]), ("calls", 2))

    def test_an_export_is_for_the_consumer_alone(self):
        self.ledger.run("export", ALICE, "--key", "bob.pem", "--format", "camara", expect=FAILED)
        self.export("--format", "pdf", expect=BAD_INPUT)
        self.assertEqual(json.loads(self.export("--format", "camara", "--company", "no")), [])


class PermitTest(PeopleCase):
    def verify(self, *words, expect=0, key=None):
        return self.ledger.ask("permit", "verify", "permit.jws", "--key", key or self.vkey, *words,
                               expect=expect)

    def test_a_signed_permit_is_good_for_its_contact_and_time(self):
        self.ledger.run("consume", BOB, *CALL, "--request-id", "permit", "--caller-number",
                        "+33199001234", "--signed-permit", "permit.jws")
        good = self.verify("--contact-point", BOB, "--caller-number", "+33199001234", "--channel",
                           "CALL")
        self.assertEqual(good["verdict"], "GOOD")
        self.assertEqual(good["permit"]["contact_point"], "tel:" + BOB)
        for words in (("--contact-point", ALICE), ("--caller-number", "+33199001235"),
                      ("--channel", "SMS"), ("--at", "2099-01-01T00:00:00Z"),
                      ("--at", "2001-01-01T00:00:00Z")):
            with self.subTest(words=words):
                self.assertEqual(self.verify(*words, expect=DENIED)["verdict"], "NOT_FOR_THIS")
        self.assertIn("is good", self.ledger.run("permit", "verify", "permit.jws", "--key",
                                                 self.vkey))

    def test_a_permit_that_was_changed_is_not_good(self):
        self.ledger.run("consume", BOB, *CALL, "--request-id", "changed", "--signed-permit",
                        "permit.jws")
        path = self.ledger.folder / "permit.jws"
        token = path.read_text()
        middle = len(token) // 2
        path.write_text(token[:middle] + ("A" if token[middle] != "A" else "B")
                        + token[middle + 1:])
        self.assertEqual(self.verify(expect=FAILED)["verdict"], "BAD_SIGNATURE")
        path.write_text("no permit")
        self.verify(expect=BAD_INPUT)
        self.verify("--contact-point", "nobody", expect=BAD_INPUT)
        self.verify(key="nowhere", expect=BAD_INPUT)


class TraceTest(PeopleCase):
    def trace(self, who, contact, expect=0):
        view = self.ledger.ask("view", contact, "--key", f"{who}.pem")
        key = {one["year"]: one["key"] for one in view["tag_keys"]}[YEAR]
        port = (self.ledger.data / "http.port").read_text().strip()
        last = max([entry["entry"] for entry in view["history"]], default=0)
        for _ in range(100):  # Until a checkpoint covers it.
            traced = self.ledger.ask("trace", "--log", f"http://127.0.0.1:{port}/1", "--key",
                                     self.vkey, "--tag-key", key, "--year", YEAR, expect=expect)
            if traced["size"] > last:
                return traced
            time.sleep(0.05)
        self.fail("no checkpoint came")

    def test_what_was_asked_is_found_and_what_was_not_is_proved_absent(self):
        self.ledger.run("consume", BOB, *CALL, "--request-id", "of-bob")
        nothing = self.trace("alice", ALICE)
        self.assertEqual([one["kind"] for one in nothing["found"]], ["BOUND", "GRANTED"])
        self.assertEqual((nothing["asked"], nothing["absent_from"]), (0, 2))
        self.assertEqual(nothing["absent_to"], 66)

        self.ledger.run("consume", ALICE, *CALL, "--request-id", "one")
        one = self.trace("alice", ALICE)
        self.assertEqual((one["verdict"], one["asked"], one["absent_from"]), ("GOOD", 1, 3))
        decided = one["found"][2]
        self.assertEqual((decided["kind"], decided["channel"], decided["reason"]),
                         ("DECIDED", "CALL", "OK"))

    def test_a_key_that_finds_nothing_is_said_to_prove_little(self):
        port = (self.ledger.data / "http.port").read_text().strip()
        log = ("trace", "--log", f"http://127.0.0.1:{port}/1", "--key", self.vkey)
        strange = "A" * 43 + "="
        page = self.ledger.run(*log, "--tag-key", strange, "--year", YEAR)
        self.assertIn("Nothing ties a key", page)
        self.ledger.run(*log, "--tag-key", "short", "--year", YEAR, expect=BAD_INPUT)
        self.ledger.run("trace", "--log", f"http://127.0.0.1:{port}/1", "--key", self.other_vkey,
                        "--tag-key", strange, "--year", YEAR, expect=FAILED)


if __name__ == "__main__":
    unittest.main()
