# SPDX-License-Identifier: Apache-2.0
"""The restore drill: a ledger under load is backed up, killed and loses its disk; then what the
guide (docs/guides/back-up.md) says is done, with the programs themselves."""

import concurrent.futures
import itertools
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from e2e_test import ALICE, BAD_INPUT, BIN, BOB, DENIED, FAILED, OK, Ledger  # noqa: E402

PEOPLE = [f"+3363998{n:04d}" for n in range(10, 30)]
CALLERS = 4


class Load:
    """Calls for as long as it lasts; remembers which requests were allowed."""

    def __init__(self, ledger, prefix):
        self.ledger, self.prefix = ledger, prefix
        self.allowed, self.numbers = set(), itertools.count()
        self.ending = threading.Event()
        self.pool = concurrent.futures.ThreadPoolExecutor(CALLERS)
        self.calls = [self.pool.submit(self.call) for _ in range(CALLERS)]

    def call(self):
        while not self.ending.is_set():
            n = next(self.numbers)
            done = subprocess.run(
                [BIN / "consentctl", "consume", PEOPLE[n % len(PEOPLE)], "--company", "acme",
                 "--channel", "CALL", "--request-id", f"{self.prefix}-{n}", "--json", "--server",
                 self.ledger.address, "--timeout", "5s"], capture_output=True, text=True)
            if done.returncode == OK:
                self.allowed.add(f"{self.prefix}-{n}")

    def await_calls(self, count):
        while len(self.allowed) < count:
            time.sleep(0.02)

    def end(self):
        self.ending.set()
        self.pool.shutdown()
        for call in self.calls:
            call.result()


class BackupTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.ledger = Ledger(folder.name)
        self.folder = self.ledger.folder
        self.ledger.flags = ("--guard", self.folder / "guard", "--backup", self.folder / "backups")
        self.addCleanup(self.ledger.stop)

    def settle(self, people=(ALICE,), calls=9):
        ledger = self.ledger
        ledger.run("company", "add", "acme", "--name", "Acme SAS")
        ledger.run("registrar", "add", "hall", "--name", "Town Hall")
        for key in ("hall", "alice"):
            ledger.run("keys", "new", "--out", f"{key}.pem")
        ledger.run("key", "add", "hall", "--key", "hall.pem")
        for number, person in enumerate(people):
            key = f"key{number}.pem"
            ledger.run("keys", "new", "--out", key)
            ledger.run("bind", person, "--registrar-key", "hall.pem", "--key", key)
            ledger.run("grant", person, "--key", key, "--company", "acme", "--limit",
                       f"calls:CALL:{calls}/YEAR")

    def kill(self):
        self.ledger.server.kill()
        self.ledger.server.wait()
        self.ledger.server = None

    def restore(self, *flags, data="ledger", expect=OK):
        return self.ledger.ask("restore", "--backup", "backups", "--data", data, *flags,
                               expect=expect)

    def sizes(self, journals):
        return [journal["size"] for journal in journals]

    def test_the_drill(self):
        ledger = self.ledger
        ledger.start()
        self.settle(PEOPLE, calls=50)
        before = Load(ledger, "before")
        before.await_calls(30)
        acknowledged = len(before.allowed)
        made = ledger.ask("backup")  # While calls go on.
        self.assertGreaterEqual(made["journals"][1]["size"], 2 * len(PEOPLE) + acknowledged)
        first = made["backup_id"]
        before.await_calls(60)
        before.end()
        made = ledger.ask("backup")
        self.assertLess(made["bytes_copied"], made["bytes"] + 1)
        self.assertEqual([b["backup_id"] for b in
                          ledger.ask("backup", "list", "--backup", "backups")["backups"]],
                         [first, made["backup_id"]])
        # Lost later: calls, and somebody who leaves for good.
        after = Load(ledger, "after")
        after.await_calls(20)
        ledger.run("erase", PEOPLE[0], "--key", "key0.pem")
        after.end()
        time.sleep(1.5)  # Until all of it is under a checkpoint, which the guard keeps.
        lost = self.sizes(ledger.ask("ledger")["journals"])[1] - made["journals"][1]["size"]
        self.assertGreater(lost, 20)

        self.kill()
        shutil.copytree(ledger.data / "keys", self.folder / "safe")
        shutil.rmtree(ledger.data)

        self.assertIn("whole", ledger.run("backup", "verify", "--backup", "backups"))
        restored = self.restore()
        self.assertEqual(restored["journals"], made["journals"])
        with self.assertRaisesRegex(RuntimeError, "key is missing"):
            ledger.start()
        shutil.rmtree(ledger.data / "keys", ignore_errors=True)
        shutil.copytree(self.folder / "safe", ledger.data / "keys")
        with self.assertRaisesRegex(RuntimeError, "recover --accept-loss"):
            ledger.start()
        plan = ledger.ask("recover", "--data", "ledger", "--guard", "guard", expect=DENIED)
        self.assertEqual(plan["journals"][1]["promised_size"] - plan["journals"][1]["kept_size"],
                         lost)
        ledger.ask("recover", "--data", "ledger", "--guard", "guard", "--accept-loss")
        ledger.start()

        # Whose limits reach back into what was lost are full; the erased are still erased.
        answer = ledger.ask("consume", PEOPLE[1], "--company", "acme", "--channel", "CALL",
                            "--request-id", "new", expect=DENIED)
        self.assertEqual(answer["reason"], "LIMIT_REACHED")
        self.assertIn("UNKNOWN_KEY", json.dumps(
            ledger.ask("view", PEOPLE[0], "--key", "key0.pem", expect=FAILED)))
        ledger.ask("backup")
        self.check_whole()

    def check_whole(self):
        """Records follow from the journal, nothing is over a limit, and the log proves itself."""
        ledger = self.ledger
        journals = ledger.ask("ledger")["journals"]
        for journal in journals:
            if journal["journal_origin"].endswith("/1/r1"):
                (self.folder / "vkey").write_text(journal["verifier_keys"][0] + "\n")
        ledger.stop()
        self.assertTrue(ledger.ask("replay", "--data", "ledger")["equal"])
        counted = ledger.ask("recount", "--data", "ledger")
        self.assertEqual((counted["over_limit"], counted["without_grant"]), (0, 0))
        ledger.run("export-log", "--data", "ledger", "--out", "copy", "--journal", "1")
        self.assertIn("The log is whole.", ledger.run("verify", "--log", "copy", "--key", "vkey"))

    def test_nothing_is_lost_where_nothing_followed(self):
        ledger = self.ledger
        ledger.start()
        self.settle()
        ledger.ask("backup")
        self.kill()
        shutil.rmtree(ledger.data / "store")
        ledger.data.rename(self.folder / "keys-only")
        (self.folder / "keys-only" / "grpc.port").unlink(missing_ok=True)
        self.restore(data="keys-only")
        ledger.data = self.folder / "keys-only"
        ledger.start()  # The guard knows of nothing that is missing.
        ledger.stop()
        # Another guard knows nothing at all, and is asked no more: the right one has spoken.
        ledger.start()

    def test_without_a_guard_a_restored_ledger_signs_nothing(self):
        ledger = self.ledger
        ledger.flags = ("--backup", self.folder / "backups")
        ledger.start()
        self.settle()
        ledger.ask("backup")
        ledger.stop()
        shutil.copytree(ledger.data / "keys", self.folder / "new" / "keys")
        self.restore(data="new")
        ledger.data = self.folder / "new"
        with self.assertRaisesRegex(RuntimeError, "restored from backup 1 .* no guard says"):
            ledger.start()
        ledger.ask("recover", "--data", "new", "--accept-loss")
        ledger.start()

    def test_a_ledger_of_an_earlier_moment_is_for_looking_at(self):
        ledger = self.ledger
        ledger.start()
        self.settle()
        for n in range(4):
            ledger.run("consume", ALICE, "--company", "acme", "--channel", "CALL", "--request-id", n)
        ledger.ask("backup")
        ledger.run("restore", "--backup", "backups", "--data", "then", "--size", 4,
                   expect=BAD_INPUT)
        self.assertIn("master.1: is missing", ledger.stderr)
        shutil.copytree(ledger.data / "keys", self.folder / "then" / "keys")
        cut = self.restore("--size", 4, data="then")
        self.assertEqual((cut["cut"], cut["journals"][1]["size"]), (True, 4))
        counted = ledger.ask("recount", "--data", "then")
        self.assertEqual(counted["allowed"], 2)
        self.assertTrue(ledger.ask("replay", "--data", "then")["equal"])
        ledger.stop()
        ledger.data, ledger.flags = self.folder / "then", ("--guard", self.folder / "guard")
        with self.assertRaisesRegex(RuntimeError, "cut short"):
            ledger.start()
        self.restore("--size", 4, "--until", "2026-03-01T09:00:00Z", data="no", expect=BAD_INPUT)
        ledger.run("restore", "--backup", "backups", "--data", "no", "--size", 400, "--keys",
                   "then/keys", expect=BAD_INPUT)
        self.assertIn("size: expected 1 to", ledger.stderr)

    def test_backups_are_made_by_the_clock_and_the_oldest_go(self):
        ledger = self.ledger
        ledger.flags += ("--backup-minutes", "1", "--backup-keep", "2")
        ledger.start()
        deadline = time.time() + 20
        while time.time() < deadline:
            if (self.folder / "backups" / "label" / "1").exists():
                break
            time.sleep(0.1)
        time.sleep(1)  # Until it is done with it.
        for _ in range(3):
            ledger.ask("backup")
        ids = [b["backup_id"] for b in ledger.ask("backup", "list", "--backup", "backups")["backups"]]
        self.assertEqual(ids, [3, 4])

    def test_what_cannot_be_is_named(self):
        ledger = self.ledger
        for flags, said in (
                (("--backup", ledger.data / "backups"), "outside of the data folder"),
                (("--backup", self.folder), "outside of the data folder"),
                (("--backup", "/proc/backups"), "found /proc/backups"),
                (("--backup-minutes", "5"), "expected --backup DIR")):
            ledger.flags = flags
            with self.subTest(said=said), self.assertRaisesRegex(RuntimeError, said):
                ledger.start()
            self.assertFalse(ledger.data.exists())  # Nothing was begun.
        ledger.flags = ()
        ledger.start()
        self.assertEqual(ledger.ask("backup", expect=FAILED)["error"]["reason"],
                         "NO_BACKUP_FOLDER")
        ledger.run("backup", "list", "--backup", "none", expect=BAD_INPUT)
        self.restore(expect=BAD_INPUT)

    def test_a_damaged_backup_is_named_and_another_one_is_taken(self):
        ledger = self.ledger
        ledger.start()
        self.settle()
        ledger.ask("backup")
        ledger.ask("backup")
        ledger.stop()
        label = self.folder / "backups" / "label" / "2"
        label.write_text(label.read_text()[:-10])
        listed = ledger.ask("backup", "list", "--backup", "backups", expect=FAILED)["backups"]
        self.assertIn("damaged", listed[1]["fault"])
        ledger.run("backup", "verify", "--backup", "backups", expect=FAILED)
        ledger.run("restore", "--backup", "backups", "--id", 2, "--data", "new", expect=FAILED)
        self.assertIn("take another one", ledger.stderr)
        self.assertEqual(self.restore(data="new")["backup"]["backup_id"], 1)


if __name__ == "__main__":
    unittest.main()
