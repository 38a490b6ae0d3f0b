# SPDX-License-Identifier: Apache-2.0
"""consentctl verify, receipt verify, disclose and export-log, with a real consentd.

Where CHECK_LOG (tests/interop) has been built, it audits the served log too.
"""

import base64
import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import unittest
import urllib.request

BIN = pathlib.Path(os.environ["CONSENT_BIN_DIR"]).resolve()
CHECK_LOG = BIN.parent / "tests" / "check_log"
ORIGIN = "ledger.example"
ALICE, BOB, CAROL = "+33639980001", "+33639980002", "+33639980003"


class VerifyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="verify_e2e_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.data = cls.folder / "ledger"
        cls.server = subprocess.Popen(
            [BIN / "consentd", "--data", cls.data, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0",
             "--origin", ORIGIN], stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.stop)
        deadline = time.monotonic() + 60
        ports = [cls.data / "grpc.port", cls.data / "http.port"]
        while not all(p.exists() and p.read_text().strip() for p in ports):
            if time.monotonic() > deadline or cls.server.poll() is not None:
                raise RuntimeError("consentd does not start")
            time.sleep(0.05)
        cls.address = "127.0.0.1:" + ports[0].read_text().strip()
        cls.http = "http://127.0.0.1:" + ports[1].read_text().strip()
        cls.tell_story()

    @classmethod
    def stop(cls):
        if cls.server.poll() is None:
            cls.server.send_signal(signal.SIGTERM)
            cls.server.wait(60)

    @classmethod
    def run_ctl(cls, *words):
        return subprocess.run([BIN / "consentctl", *map(str, words)], cwd=cls.folder, text=True,
                              capture_output=True, timeout=120,
                              env=dict(os.environ, CONSENT_SERVER=cls.address))

    @classmethod
    def ctl(cls, *words, code=0):
        done = cls.run_ctl(*words)
        if done.returncode != code:
            raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    @classmethod
    def tell_story(cls):
        cls.ctl("company", "add", "acme", "--name", "Acme SAS")
        cls.ctl("registrar", "add", "town-hall", "--name", "Town Hall")
        cls.ctl("keys", "new", "--out", "registrar.pem")
        cls.ctl("key", "add", "town-hall", "--key", "registrar.pem")
        for name, number in (("alice", ALICE), ("bob", BOB)):
            cls.ctl("keys", "new", "--out", f"{name}.pem")
            cls.ctl("bind", number, "--registrar-key", "registrar.pem", "--key", f"{name}.pem")
            cls.ctl("grant", number, "--key", f"{name}.pem", "--company", "acme",
                    "--limit", "calls:CALL:2/YEAR", "--limit", "sms:SMS:4/YEAR")
        for number in (ALICE, BOB):
            for i in range(4):
                cls.ctl("consume", number, "--company", "acme", "--channel", "CALL",
                        "--request-id", f"call-{i}", code=0 if i < 2 else 3)
        held = json.loads(cls.ctl("consume", ALICE, "--company", "acme", "--channel", "SMS",
                                  "--request-id", "sms-1", "--hold", "60s", "--json"))
        cls.ctl("confirm", held["permit"], "--company", "acme")
        cls.ctl("report", held["permit"], "--outcome", "DELIVERED",
                "--company", "acme")
        cls.ctl("consume", CAROL, "--company", "acme", "--channel", "CALL", "--request-id", "x",
                code=3)
        cls.early = cls.published(1)  # A checkpoint on the way.
        cls.ctl("revoke", ALICE, "--key", "alice.pem", "--company", "acme")
        cls.ctl("consume", ALICE, "--company", "acme", "--channel", "CALL", "--request-id", "late",
                code=3)
        # By a law (of another country: this test runs at any hour), and a number that the directory
        # knows.
        cls.ctl("rules", "put", "in")
        cls.ctl("number", "register", "acme", "38000")
        for i, number in enumerate(("38000", "38001")):
            cls.ctl("consume", BOB, "--company", "acme", "--channel", "SMS", "--caller-number",
                    number, "--request-id", f"text-{i}", code=0 if i == 0 else 3)
        cls.decided, cls.allowed = 13, 6
        cls.checkpoint = cls.published(cls.entries())
        for journal in ("1", "directory"):
            (cls.folder / f"vkey-{journal}").write_bytes(cls.get(f"{journal}/vkey"))

    @classmethod
    def get(cls, path):
        with urllib.request.urlopen(f"{cls.http}/{path}", timeout=20) as answer:
            return answer.read()

    @classmethod
    def entries(cls):
        return len(cls.ctl("entries", f"{ORIGIN}/1", "--json").splitlines())

    @classmethod
    def published(cls, size):
        """The first checkpoint of at least this size."""
        deadline = time.monotonic() + 30
        while True:
            note = cls.get("1/checkpoint").decode()
            if int(note.split("\n")[1]) >= size:
                return note
            if time.monotonic() > deadline:
                raise RuntimeError("no checkpoint")
            time.sleep(0.05)

    def verify(self, log, *words, key="vkey-1", code=0):
        return json.loads(self.ctl("verify", "--log", log, "--key", key, "--json", *words,
                                   code=code))

    def copy_of(self, journal="1"):
        """A static copy of a journal; the server must have stopped."""
        self.stop()
        copy = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "copy"
        self.ctl("export-log", "--data", self.data, "--out", copy, "--journal", journal)
        return copy

    # Tests run in the order of their names: those with a server first.

    def test_1_a_served_log_is_whole(self):
        for journal in ("1", "directory"):
            report = self.verify(f"{self.http}/{journal}", key=f"vkey-{journal}")
            self.assertEqual(report["verdict"], "GOOD")
            self.assertEqual(report["origin"], f"{ORIGIN}/{journal}")
        report = self.verify(f"{self.http}/1")
        self.assertEqual(report["size"], self.entries())
        self.assertEqual(report["entries_verified"], report["size"])
        text = self.ctl("verify", "--log", f"{self.http}/1/", "--key", "vkey-1", "--measure")
        self.assertIn("The log is whole.", text)
        self.assertIn("SHA-256", text)

    def test_1_an_implementation_that_is_not_ours_agrees(self):
        if not CHECK_LOG.exists():
            self.skipTest("tests/interop is not built")
        for journal in ("1", "directory"):
            vkey = (self.folder / f"vkey-{journal}").read_text().strip()
            done = subprocess.run([CHECK_LOG, f"{self.http}/{journal}", vkey], timeout=100,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_1_the_other_journals_key_opens_nothing(self):
        report = self.verify(f"{self.http}/1", key="vkey-directory", code=1)
        self.assertEqual(report["faults"][0]["where"], "checkpoint")

    def test_1_an_earlier_checkpoint_is_continued(self):
        (self.folder / "early").write_text(self.early)
        report = self.verify(f"{self.http}/1", "--since", "early")
        self.assertEqual(report["since_size"], int(self.early.split("\n")[1]))

    def test_1_decisions_are_judged(self):
        self.ctl("disclose", "--journal", f"{ORIGIN}/1", "--out", "live")
        mode = stat.S_IMODE((self.folder / "live").stat().st_mode)
        self.assertEqual(mode, 0o600)
        report = self.verify(f"{self.http}/1", "--disclosures", "live", "--complete")
        audit = report["audit"]
        self.assertEqual(audit["verdict"], "GOOD", audit)
        self.assertEqual((audit["decided"], audit["allowed"]), (self.decided, self.allowed))
        self.assertEqual(audit["retaken"] + audit["not_retaken"], report["size"])
        self.assertEqual(audit["over_limit"] + audit["without_grant"], 0)
        self.assertEqual(self.run_ctl("disclose", "--journal", "x", "--out", "live").returncode, 2)

    def test_1_decisions_are_judged_by_law_and_directory_too(self):
        self.ctl("disclose", "--journal", f"{ORIGIN}/1", "--out", "mine")
        self.ctl("disclose", "--journal", f"{ORIGIN}/directory", "--out", "theirs")
        words = ["--disclosures", "mine", "--complete", "--directory", f"{self.http}/directory",
                 "--key", "vkey-directory"]
        report = self.verify(f"{self.http}/1", *words, "--directory-disclosures", "theirs")
        self.assertEqual(report["directory"]["origin"], f"{ORIGIN}/directory")
        audit = report["audit"]
        self.assertEqual(audit["verdict"], "GOOD", audit)
        self.assertEqual((audit["decided"], audit["allowed"]), (self.decided, self.allowed))
        self.assertEqual((audit["retaken"], audit["not_retaken"]), (report["size"], 0))
        text = self.ctl("verify", "--log", f"{self.http}/1", "--key", "vkey-1", *words,
                        "--directory-disclosures", "theirs")
        self.assertIn(f"{ORIGIN}/directory, ", text)
        self.assertNotIn("Not taken again", text)
        # Some of it was decided by a law that the consumers' journal does not hold.
        alone = self.ctl("verify", "--log", f"{self.http}/1", "--key", "vkey-1", "--disclosures",
                         "mine")
        self.assertRegex(alone, "Not taken again +[1-9][0-9]*: law, delegations, .* not given; give "
                                "it with --directory and --directory-disclosures")
        # A directory without its disclosures, of no use; another journal in its place.
        self.assertEqual(self.run_ctl("verify", "--log", f"{self.http}/1", "--key", "vkey-1",
                                      *words).returncode, 2)
        report = self.verify(f"{self.http}/1", "--disclosures", "mine", "--directory",
                             f"{self.http}/1", "--directory-disclosures", "mine", code=2)

    def test_1_a_receipt_is_verified_offline(self):
        answer = urllib.request.Request(
            f"{self.http}/consent.v1.JournalService/GetReceipt",
            data=json.dumps({"journalOrigin": f"{ORIGIN}/1", "entry": "2", "contactPoint": ALICE,
                             "company": "acme"}).encode(),
            headers={"Content-Type": "application/json"})
        entries = [json.loads(line) for line in
                   self.ctl("entries", f"{ORIGIN}/1", "--json").splitlines()]
        decided = next(e["position"] for e in entries if e["kind"] == "DECIDED")
        answer.data = answer.data.replace(b'"2"', f'"{decided}"'.encode())
        with urllib.request.urlopen(answer, timeout=20) as response:
            receipt = json.load(response)["receipt"]
        (self.folder / "receipt").write_text(receipt)
        report = json.loads(self.ctl("receipt", "verify", "receipt", "--key", "vkey-1", "--json"))
        self.assertEqual(report["verdict"], "GOOD")
        self.assertEqual(report["opened"]["company"], "acme")
        self.assertEqual(report["opened"]["contact_point"], f"tel:{ALICE}")
        self.assertIn("The receipt is good", self.ctl("receipt", "verify", "receipt", "--key",
                                                      "vkey-1"))
        (self.folder / "receipt").write_text(receipt.replace("index ", "index 1", 1))
        self.assertIn("PROVES NOTHING", self.ctl("receipt", "verify", "receipt", "--key", "vkey-1",
                                                 code=1))

    def test_2_a_copy_is_as_good_as_the_served_log(self):
        copy = self.copy_of()
        self.assertEqual((copy / "checkpoint").read_text(), self.checkpoint)
        self.assertEqual(self.verify(copy)["verdict"], "GOOD")
        self.assertEqual(self.verify(self.copy_of("directory"), key="vkey-directory")["verdict"],
                         "GOOD")
        self.ctl("disclose", "--data", self.data, "--out", "stopped")
        self.assertEqual(self.verify(copy, "--disclosures", "stopped")["audit"]["verdict"], "GOOD")

    def test_2_damage_is_found_and_named(self):
        copy = self.copy_of()
        for path in [p for p in copy.rglob("*") if p.is_file()]:
            whole = path.read_bytes()
            path.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
            report = self.verify(copy, code=1)
            self.assertEqual({fault["where"] for fault in report["faults"]},
                             {str(path.relative_to(copy))})
            path.write_bytes(whole)
        self.assertEqual(self.verify(copy)["verdict"], "GOOD")

    def test_2_a_run_goes_on_where_the_last_one_ended(self):
        copy = self.copy_of()
        self.verify(copy, "--state", "state")
        state = (self.folder / "state").read_text()
        self.assertEqual(state.split("\n")[1], f"{ORIGIN}/1")
        self.verify(copy, "--state", "state")
        lines = state.split("\n")
        lines[4] = base64.b64encode(b"h" * 32).decode()
        (self.folder / "state").write_text("\n".join(lines))
        report = self.verify(copy, "--state", "state", code=1)
        self.assertEqual(report["faults"][0]["where"], "state")

    def test_2_exit_codes_tell_faults_from_files_that_cannot_be_read(self):
        self.stop()
        self.assertEqual(self.run_ctl("verify", "--log", "http://127.0.0.1:1/x", "--key",
                                      "vkey-1").returncode, 3)
        self.assertEqual(self.run_ctl("verify", "--log", "nowhere", "--key", "vkey-1").returncode, 2)
        self.assertEqual(self.run_ctl("verify", "--log", ".", "--key", "no+key").returncode, 2)
        self.assertEqual(self.run_ctl("verify", "--log", ".", "--key", "vkey-1").returncode, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
