# SPDX-License-Identifier: Apache-2.0
"""Receipts, signed permits and dossiers, by consentd and consentctl themselves."""

import json
import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from e2e_test import ALICE, BAD_INPUT, DENIED, FAILED, Ledger  # noqa: E402


class DossierTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.ledger = ledger = Ledger(folder.name)
        self.addCleanup(ledger.stop)
        ledger.start()
        ledger.run("company", "add", "acme", "--name", "Acme <& Sons> SAS")
        ledger.run("registrar", "add", "hall", "--name", "Town Hall")
        for key in ("hall", "alice"):
            ledger.run("keys", "new", "--out", f"{key}.pem")
        ledger.run("key", "add", "hall", "--key", "hall.pem")
        ledger.run("bind", ALICE, "--registrar-key", "hall.pem", "--key", "alice.pem")
        ledger.run("grant", ALICE, "--key", "alice.pem", "--company", "acme", "--limit",
                   "calls:CALL:1/YEAR")
        self.keys = [key for journal in ledger.ask("ledger")["journals"]
                     for key in journal["verifier_keys"]]

    def consume(self, request_id, *flags, expect=0):
        return self.ledger.ask("consume", ALICE, "--company", "acme", "--channel", "CALL",
                               "--request-id", request_id, *flags, expect=expect)

    def verify(self, file, keys=None, expect=0):
        flags = [flag for key in keys or self.keys for flag in ("--key", key)]
        return self.ledger.run("dossier", "verify", file, *flags, expect=expect)

    def test_a_receipt_proves_the_answer_with_the_public_key_alone(self):
        self.consume("r1", "--receipt", "r1.tlog-proof", "--signed-permit", "r1.jws")
        receipt = (self.ledger.folder / "r1.tlog-proof").read_text()
        self.assertTrue(receipt.startswith("c2sp.org/tlog-proof@v1\nextra "))
        self.assertEqual((self.ledger.folder / "r1.jws").read_text().count("."), 2)
        self.ledger.stop()
        self.ledger.run("receipt", "verify", "r1.tlog-proof", "--key", self.keys[1])
        self.ledger.run("receipt", "verify", "r1.tlog-proof", "--key", self.keys[0],
                        expect=FAILED)

    def test_a_dossier_is_checked_without_the_ledger(self):
        self.consume("r1")
        self.consume("r2", expect=DENIED)
        made = self.ledger.ask("dossier", "make", ALICE, "--out", "case.html")
        self.assertEqual((made["allowed"], made["denied"]), (1, 1))
        self.assertEqual([entry["kind"] for entry in made["entries"]][:4],
                         ["BOUND", "GRANTED", "DECIDED", "DECIDED"])
        page = (self.ledger.folder / "case.html").read_text()
        self.assertIn("Acme &lt;&amp; Sons&gt; SAS", page)
        self.assertIn("ALLOWED: acme", page)
        self.assertNotIn("http", page.split('id="dossier"')[0])  # Nothing from elsewhere.
        self.ledger.stop()
        self.verify("case.html")

    def test_a_changed_dossier_is_found_out(self):
        self.consume("r1")
        self.ledger.run("dossier", "make", ALICE, "--out", "case.html")
        page = (self.ledger.folder / "case.html").read_text()
        for old, new in (("ALLOWED: acme", "DENIED: acme"), ("1 contacts", "0 contacts")):
            self.assertIn(old, page)
            (self.ledger.folder / "other.html").write_text(page.replace(old, new))
            self.verify("other.html", expect=FAILED)
        data = json.loads(re.search(r'id="dossier">\n(.*)\n</script>', page).group(1))
        data["receipts"].pop(2)  # The decision: left out, and the page with it.
        (self.ledger.folder / "other.html").write_text(page.replace(
            re.search(r'id="dossier">\n(.*)\n</script>', page).group(1), json.dumps(data)))
        self.verify("other.html", expect=FAILED)
        self.verify("case.html", keys=self.keys[:1], expect=FAILED)
        (self.ledger.folder / "no.html").write_text("<html></html>")
        self.verify("no.html", expect=BAD_INPUT)

    def test_nothing_was_asked_is_an_answer(self):
        made = self.ledger.ask("dossier", "make", "+33639980077", "--out", "none.html")
        self.assertFalse(made["known"])
        self.assertEqual(made["allowed"], 0)
        self.verify("none.html")

    def test_a_journal_key_is_replaced_with_overlap(self):
        self.consume("r1", "--receipt", "old.tlog-proof")
        keys = self.ledger.data / "keys"
        old = self.keys[1]
        self.ledger.stop()
        self.ledger.run("keys", "new", "--out", keys / "journal.2")
        self.ledger.start()
        both = self.ledger.ask("ledger")["journals"][1]["verifier_keys"]
        self.assertEqual((len(both), both[1]), (2, old))
        self.ledger.ask("consume", ALICE, "--company", "acme", "--channel", "CALL",
                        "--request-id", "r2", "--receipt", "both.tlog-proof", expect=DENIED)
        self.ledger.stop()
        (keys / "journal.1").rename(self.ledger.folder / "retired")
        self.ledger.start()
        self.assertEqual(self.ledger.ask("ledger")["journals"][1]["verifier_keys"], both[:1])
        for file, key, expect in (("old", old, 0), ("old", both[0], FAILED), ("both", old, 0),
                                  ("both", both[0], 0)):
            self.ledger.run("receipt", "verify", f"{file}.tlog-proof", "--key", key,
                            expect=expect)

    def test_a_journal_key_is_not_replaced_without_overlap(self):
        self.ledger.stop()
        keys = self.ledger.data / "keys"
        (keys / "journal.1").rename(self.ledger.folder / "retired")
        with self.assertRaisesRegex(RuntimeError, "journal.1: this ledger's key is missing"):
            self.ledger.start()
        self.ledger.run("keys", "new", "--out", keys / "journal.2")
        with self.assertRaisesRegex(RuntimeError, "not one that this ledger's keys have signed"):
            self.ledger.start()
        (self.ledger.folder / "retired").rename(keys / "journal.1")
        self.ledger.start()


if __name__ == "__main__":
    unittest.main()
