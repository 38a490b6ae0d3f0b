#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keys replaced, kept in the environment and missing: consentd and consentctl as they are."""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src/consentctl"))
from e2e_test import ALICE, BIN, BOB, DENIED, FAILED, Ledger  # noqa: E402

WAIT_SECONDS = 30


class KeysTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.ledger = Ledger(folder.name)
        self.addCleanup(self.ledger.stop)
        self.keys = self.ledger.data / "keys"

    def make_a_ledger(self):
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

    def call(self, request_id, expect=0):
        return self.ledger.ask("consume", ALICE, "--company", "acme", "--channel", "CALL",
                               "--request-id", request_id, expect=expect)

    def add_secret(self, name):
        (self.keys / name).touch(mode=0o600)
        (self.keys / name).write_text(base64.b64encode(os.urandom(32)).decode() + "\n")

    def log(self):
        lines = (self.ledger.folder / "consentd.log").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def await_log(self, event):
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            for line in self.log():
                if event in line["event"]:
                    return line
            time.sleep(0.05)
        self.fail(f"{event}: not in the log")

    def refusal(self):
        with self.assertRaises(RuntimeError):
            self.ledger.start()
        return self.log()[-1]["message"]

    def test_the_master_key_is_replaced_while_the_service_serves(self):
        self.make_a_ledger()
        self.call("before")
        self.ledger.stop()
        self.add_secret("master.2")
        self.ledger.start()
        self.call("under both")
        done = self.await_log("sealed under the newest master key alone")
        self.assertEqual(done["under"], "master.2")
        self.assertGreaterEqual(done["resealed"], 1)
        self.ledger.stop()
        old = self.ledger.folder / "master.1"
        shutil.move(self.keys / "master.1", old)
        self.ledger.start()
        self.assertTrue(self.call("before")["repeated"])
        self.call("after")
        self.ledger.stop()
        replayed = self.ledger.ask("replay", "--data", "ledger")
        self.assertTrue(replayed["equal"])

        new = self.ledger.folder / "master.2"
        shutil.move(self.keys / "master.2", new)
        self.assertIn("master.2", self.refusal())
        self.ledger.run("replay", "--data", "ledger", expect=FAILED)
        self.assertIn("master.2: is missing", self.ledger.stderr)
        shutil.copy(old, self.keys / "master.2")
        self.assertIn("master.2: is another key than it was", self.refusal())
        shutil.copy(new, self.keys / "master.2")
        self.ledger.start()
        self.call("again")

    def names(self, key, *contacts):
        """What the index knows these contact points by under this pepper: ids and fingerprints."""
        secret = base64.b64decode((self.keys / key).read_text())
        version = bytes([int(key.rpartition(".")[2])])
        found = []
        for contact in contacts:
            mac = hmac.new(secret, b"tel:" + contact.encode(), hashlib.sha256).digest()
            name = version + mac[:31]
            image = hashlib.sha256(b"consent-ledger/fingerprint/1" + name).digest()
            found += [name, version + image[:31]]
        return found

    def in_store(self, names):
        # Tables leave out what a key has in common with the one before.
        raw = [file.read_bytes() for file in (self.ledger.data / "store").iterdir()
               if file.is_file()]
        return {name for name in names if any(name[4:] in data for data in raw)}

    def doctor(self):
        conf = self.ledger.folder / "conf"
        conf.write_text(f'data = "{self.ledger.data}"\ndevelopment = true\n')
        done = subprocess.run([BIN / "consentctl", "doctor", "--config", conf, "--json"],
                              capture_output=True, text=True)
        return "; ".join(finding["found"] for finding in json.loads(done.stdout)["findings"])

    def older_peppers_needed(self):
        """What the metrics of the running ledger say."""
        port = (self.ledger.data / "metrics.port").read_text().strip()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
            page = answer.read().decode()
        return float(re.search(r"^consent_older_peppers_needed (\S+)$", page, re.M)[1])

    def test_the_pepper_is_replaced_under_load_and_taken_away(self):
        self.ledger.flags = ("--metrics", "127.0.0.1:0")
        self.make_a_ledger()
        self.assertEqual(self.older_peppers_needed(), 0)
        run, carol, dave = self.ledger.run, "+33639980003", "+33639980004"
        for who, contact in (("bob", BOB), ("carol", carol), ("dave", dave)):
            run("keys", "new", "--out", f"{who}.pem")
            run("bind", contact, "--registrar-key", "hall.pem", "--key", f"{who}.pem")
        run("grant", BOB, "--key", "bob.pem", "--company", "acme", "--limit", "calls:CALL:1/YEAR")
        run("block", carol, "--key", "carol.pem")
        run("erase", carol, "--key", "carol.pem")
        first = self.call("first")
        old = self.names("pepper.1", ALICE, BOB, carol, dave)

        def load():
            # As a caller should: a call that was not answered is repeated until it is.
            for number in range(6):
                until = time.monotonic() + WAIT_SECONDS
                while (done := subprocess.run(
                        [BIN / "consentctl", "consume", ALICE, "--company", "acme", "--channel",
                         "CALL", "--request-id", f"load {number}", "--json"],
                        capture_output=True, text=True, cwd=self.ledger.folder,
                        env={**os.environ, "CONSENT_SERVER": self.ledger.address})
                       ).returncode == FAILED and time.monotonic() < until:
                    time.sleep(0.02)
                answers.append((done.returncode, done.stderr))
        answers = []
        caller = threading.Thread(target=load)
        caller.start()
        port = self.ledger.address.rpartition(":")[2]
        self.ledger.stop()
        self.assertGreaterEqual(len(self.in_store(old)), 4)  # What is searched for is found.
        self.add_secret("pepper.2")
        self.ledger.start(port)
        self.assertEqual(self.await_log("older pepper is still needed")["pepper"], "pepper.1")
        self.assertEqual(self.older_peppers_needed(), 1)
        caller.join()
        self.assertEqual(answers, [(0, "")] * 6)
        self.assertEqual(self.call("first")["entry"], first["entry"])
        self.assertEqual(self.call("moved")["subject"], first["subject"])
        self.ledger.stop()
        self.assertIn("pepper.1 is still needed", self.doctor())

        kept = self.ledger.folder / "pepper.1"
        shutil.move(self.keys / "pepper.1", kept)
        self.assertIn("pepper.1: is missing, and still needed", self.refusal())
        self.assertIn("pepper.1: is missing, and still needed", self.doctor())
        shutil.move(kept, self.keys / "pepper.1")
        self.ledger.start()
        ask = ("--company", "acme", "--channel", "CALL", "--request-id")
        self.assertEqual(self.ledger.ask("consume", BOB, *ask, "b1")["decision"], "ALLOWED")
        run("consume", carol, *ask, "c1", expect=DENIED)  # Erased, and moved all the same.
        run("erase", dave, "--key", "dave.pem")
        self.ledger.stop()

        shutil.move(self.keys / "pepper.1", kept)
        self.ledger.start()
        self.assertEqual(self.older_peppers_needed(), 0)
        self.assertTrue(self.call("load 5")["repeated"])
        run("consume", BOB, *ask, "b2", expect=DENIED)
        for command in (("bind", carol, "--registrar-key", "hall.pem", "--key", "carol.pem"),
                        ("grant", carol, "--key", "carol.pem", "--company", "acme", "--limit",
                         "calls:CALL:1/YEAR")):
            run(*command)
        run("consume", carol, *ask, "c2", expect=DENIED)
        run("unblock", carol, "--key", "carol.pem")
        self.assertEqual(self.ledger.ask("consume", carol, *ask, "c3")["decision"], "ALLOWED")
        self.ledger.stop()
        self.assertTrue(self.ledger.ask("replay", "--data", "ledger")["equal"])
        # Erasing dave has the index written anew, as any compaction does.
        self.ledger.start()
        until = time.monotonic() + WAIT_SECONDS
        while self.in_store(old) and time.monotonic() < until:
            time.sleep(0.2)
        self.assertEqual(self.in_store(old), set())
        self.ledger.stop()
        new = self.names("pepper.2", ALICE, BOB, carol, dave)
        self.assertGreaterEqual(len(self.in_store(new)), 4)
        shutil.move(self.keys / "pepper.2", self.ledger.folder / "pepper.2")
        shutil.copy(kept, self.keys / "pepper.1")
        self.assertIn("pepper.2: is missing", self.refusal())

    def test_a_permit_outlives_the_key_that_sealed_its_id(self):
        self.make_a_ledger()
        before = self.call("one")["permit"]
        self.ledger.stop()
        self.add_secret("permit.2")
        self.ledger.start()
        self.ledger.run("report", before, "--company", "acme", "--outcome", "CONNECTED")
        self.assertNotEqual(self.call("two")["permit"], before)
        self.ledger.stop()
        (self.keys / "permit.1").unlink()
        self.ledger.start()
        self.call("three")

    def test_keys_in_the_environment_are_taken_and_not_shown(self):
        words = {f"CONSENTD_KEY_{name}_1": base64.b64encode(os.urandom(32)).decode()
                 for name in ("PEPPER", "PERMIT", "MASTER")}
        with mock.patch.dict(os.environ, words):
            self.ledger.start()
            shown = pathlib.Path(f"/proc/{self.ledger.server.pid}/environ").read_bytes()
            for word in words.values():
                self.assertNotIn(word.encode(), shown)
            limits = pathlib.Path(f"/proc/{self.ledger.server.pid}/limits").read_text()
            self.assertRegex(limits, r"Max core file size +0 +0 ")  # No dump of what is in memory.
            self.assertEqual([file.name for file in self.keys.iterdir()], ["journal.1"])
            self.ledger.stop()
        self.assertIn("CONSENTD_KEY_PEPPER_1", self.refusal())
        with mock.patch.dict(os.environ, words | {"CONSENTD_KEY_PEPPER_1": "not a key"}):
            message = self.refusal()
        self.assertIn("CONSENTD_KEY_PEPPER_1: expected 32 bytes", message)
        self.assertNotIn("not a key", message)
        with mock.patch.dict(os.environ, words):
            self.ledger.start()

    def test_neither_a_number_nor_a_key_lies_in_the_data_or_the_log(self):
        self.make_a_ledger()
        self.call("one")
        self.ledger.stop()
        self.ledger.flags = ("--keys", self.ledger.folder / "elsewhere")
        shutil.move(self.keys, self.ledger.folder / "elsewhere")
        self.ledger.start()
        self.assertFalse(self.keys.exists())
        self.ledger.stop()
        self.ledger.run("replay", "--data", "ledger", expect=FAILED)
        replayed = self.ledger.ask("replay", "--data", "ledger", "--keys", "elsewhere")
        self.assertTrue(replayed["equal"])
        hidden = [ALICE.encode(), ALICE[1:].encode()]
        for key in (self.ledger.folder / "elsewhere").iterdir():
            if key.name.startswith("journal"):
                lines = key.read_text().splitlines()
                hidden += [lines[1].encode(), base64.b64decode(lines[1])[-32:]]
            else:
                text = key.read_text().strip()
                hidden += [text.encode(), base64.b64decode(text)]
        files = [file for file in self.ledger.data.rglob("*") if file.is_file()]
        for file in [*files, self.ledger.folder / "consentd.log"]:
            raw = file.read_bytes()
            for secret in hidden:
                self.assertNotIn(secret, raw, file.name)
        # What is searched for would be found: the log names the ledger, the store its company.
        self.assertIn(b"localhost/", (self.ledger.folder / "consentd.log").read_bytes())
        self.assertTrue(any(b"Acme SAS" in file.read_bytes() for file in files))


if __name__ == "__main__":
    unittest.main(verbosity=2)
