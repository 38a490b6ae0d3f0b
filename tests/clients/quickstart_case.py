# SPDX-License-Identifier: Apache-2.0
"""What a quickstart must do, in whatever language. A subclass names its `command`."""

import subprocess
import unittest

from running_ledger import COMPANY, RunningLedger

CONSENTING = "+33639980001"
LATER = "+33639980002"
STRANGER = "+33639980003"


class QuickstartCase(unittest.TestCase):
    command = None
    environment = None

    @classmethod
    def setUpClass(cls):
        if cls.command is None:
            raise unittest.SkipTest("not a quickstart, but what all have to do")
        cls.ledger = RunningLedger()
        cls.addClassCleanup(cls.ledger.close)
        cls.ledger.grant(CONSENTING, "calls:CALL:1/YEAR")
        cls.ledger.grant(LATER, "calls:CALL:1/YEAR")

    def run_quickstart(self, *lines, begun="begun", address=None):
        """Exit code and lines of output."""
        done = subprocess.run(
            [*self.command, address or self.ledger.address, COMPANY, self.ledger.folder / begun],
            input="".join(line + "\n" for line in lines), env=self.environment,
            capture_output=True, text=True, check=False, timeout=60,
        )
        self.assertNotIn("Traceback", done.stderr)
        return done.returncode, done.stdout.splitlines()

    def test_1_contacts_once_with_consent_and_reports(self):
        code, lines = self.run_quickstart(
            f"{CONSENTING} c-1", f"{CONSENTING} c-2", f"{STRANGER} c-3")
        self.assertEqual(lines[0], f"{CONSENTING} CONTACTED")
        self.assertRegex(
            lines[1], r"^\+33639980001 NOT CONTACTED DENIED LIMIT_REACHED calls, next 20\d\d-")
        self.assertEqual(lines[2], f"{STRANGER} NOT CONTACTED DENIED NO_PERMISSION")
        self.assertEqual(len(lines), 3)
        self.assertEqual(code, 0)

    def test_2_never_begins_a_contact_twice(self):
        code, lines = self.run_quickstart(f"{CONSENTING} c-1")
        self.assertEqual((code, lines), (0, []))
        # Without its file of what began it asks again, and hears that the outcome was reported.
        code, lines = self.run_quickstart(f"{CONSENTING} c-1", begun="forgotten")
        self.assertEqual(lines, [f"{CONSENTING} NOT CONTACTED DENIED PERMIT_USED"])
        self.assertEqual(code, 0)

    def test_3_contacts_nobody_when_no_ledger_answers(self):
        for address in ("127.0.0.1:1", "no such place"):
            code, lines = self.run_quickstart(f"{LATER} c-4", address=address)
            self.assertEqual(len(lines), 1)
            self.assertRegex(lines[0], r"^\+33639980002 NOT CONTACTED ERROR UNAVAILABLE: ")
            self.assertEqual(code, 1)

    def test_4_contacts_nobody_when_the_ledger_is_killed_but_afterwards(self):
        self.ledger.kill()
        code, lines = self.run_quickstart(f"{LATER} c-4")
        self.assertRegex(lines[0], r"^\+33639980002 NOT CONTACTED ERROR UNAVAILABLE: ")
        self.assertEqual((code, len(lines)), (1, 1))
        self.ledger.start()
        self.assertEqual(self.run_quickstart(f"{LATER} c-4"), (0, [f"{LATER} CONTACTED"]))

    def test_5_contacts_nobody_when_the_ledger_does_not_answer_in_time(self):
        self.ledger.freeze()
        try:
            code, lines = self.run_quickstart(f"{LATER} c-5")
        finally:
            self.ledger.thaw()
        self.assertRegex(
            lines[0], r"^\+33639980002 NOT CONTACTED ERROR (DEADLINE_EXCEEDED|UNAVAILABLE)")
        self.assertEqual((code, len(lines)), (1, 1))
