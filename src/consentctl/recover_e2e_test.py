# SPDX-License-Identifier: Apache-2.0
"""An old backup of a guarded ledger: refused, then accepted, by consentd and consentctl themselves."""

import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from e2e_test import ALICE, BAD_INPUT, DENIED, FAILED, Ledger  # noqa: E402


class RecoverTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.ledger = Ledger(folder.name)
        self.ledger.flags = ("--guard", self.ledger.folder / "guard")
        self.addCleanup(self.ledger.stop)

    def call(self, request_id, expect):
        return self.ledger.ask("consume", ALICE, "--company", "acme", "--channel", "CALL",
                               "--request-id", request_id, expect=expect)

    def make_a_loss(self):
        """A ledger with one call, and a store from before it."""
        ledger = self.ledger
        ledger.start()
        ledger.run("company", "add", "acme", "--name", "Acme SAS")
        ledger.run("registrar", "add", "hall", "--name", "Town Hall")
        for key in ("hall", "alice"):
            ledger.run("keys", "new", "--out", f"{key}.pem")
        ledger.run("key", "add", "hall", "--key", "hall.pem")
        ledger.run("bind", ALICE, "--registrar-key", "hall.pem", "--key", "alice.pem")
        ledger.run("grant", ALICE, "--key", "alice.pem", "--company", "acme", "--limit",
                   "calls:CALL:9/YEAR")
        ledger.stop()
        shutil.copytree(ledger.data / "store", ledger.folder / "backup")
        ledger.start()
        self.call("lost", 0)
        ledger.stop()
        shutil.rmtree(ledger.data / "store")
        shutil.copytree(ledger.folder / "backup", ledger.data / "store")

    def recover(self, *flags, expect=0):
        return self.ledger.ask("recover", "--data", "ledger", "--guard", "guard", *flags,
                               expect=expect)

    def test_an_old_backup_is_refused_until_the_loss_is_accepted(self):
        self.make_a_loss()
        ledger = self.ledger
        with self.assertRaisesRegex(RuntimeError, "recover --accept-loss"):
            ledger.start()

        plan = self.recover(expect=DENIED)
        self.assertFalse(plan["accepted"])
        consumers = plan["journals"][1]
        self.assertEqual(consumers["kept_size"], 2)
        self.assertEqual(consumers["promised_size"], 3)
        self.assertNotIn("entry", consumers)
        with self.assertRaises(RuntimeError):
            ledger.start()  # It was only a plan.

        done = self.recover("--accept-loss")
        self.assertTrue(done["accepted"])
        consumers = done["journals"][1]
        self.assertEqual(consumers["entry"], 2)
        self.assertEqual(consumers["new_origin"], consumers["old_origin"] + "/r1")

        ledger.start()
        denied = self.call("new", DENIED)
        self.assertEqual(denied["reason"], "LIMIT_REACHED")
        origins = [journal["journal_origin"] for journal in ledger.ask("ledger")["journals"]]
        self.assertEqual(origins, [journal["new_origin"] for journal in done["journals"]])
        for origin in origins:
            self.assertIn("RECOVERED", ledger.run("entries", origin))
        ledger.stop()
        self.assertTrue(ledger.ask("replay", "--data", "ledger")["equal"])
        ledger.start()  # The new origins' promises are kept.

    def test_people_are_told_what_it_means(self):
        self.make_a_loss()
        table = self.ledger.run("recover", "--data", "ledger", "--guard", "guard", expect=DENIED)
        self.assertIn("/1/r1", table)
        self.assertIn("nothing was done", self.ledger.stderr)
        self.assertIn("--accept-loss", self.ledger.stderr)

    def test_what_is_no_stopped_ledger_is_left_alone(self):
        self.ledger.start()
        self.ledger.run("recover", "--data", "ledger", "--accept-loss", expect=FAILED)
        self.ledger.stop()
        self.ledger.run("recover", "--data", "nowhere", "--accept-loss", expect=BAD_INPUT)
        self.assertFalse((self.ledger.folder / "nowhere").exists())
        self.ledger.run("recover", "--data", "ledger", "--guard", "none", expect=BAD_INPUT)


if __name__ == "__main__":
    unittest.main()
