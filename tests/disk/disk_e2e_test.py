# SPDX-License-Identifier: Apache-2.0
"""The real consentd on a disk that is full, that fails, and that rots.

CONSENT_SEED repeats another run's places to damage; CONSENT_LONG damages many more.
"""

import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "src/consentctl"))
from e2e_test import ALICE, BIN, FAILED, OK, WAIT_SECONDS, Ledger  # noqa: E402

STORE_FAILED = 3  # consentd's exit code.
DISK_MIB = 160


class DiskCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.ledger = Ledger(folder.name)
        self.addCleanup(self.ledger.stop)

    def found(self):
        ledger = self.ledger
        ledger.run("company", "add", "acme", "--name", "Acme SAS")
        ledger.run("registrar", "add", "hall", "--name", "Town Hall")
        for key in ("hall", "alice"):
            ledger.run("keys", "new", "--out", f"{key}.pem")
        ledger.run("key", "add", "hall", "--key", "hall.pem")
        ledger.run("bind", ALICE, "--registrar-key", "hall.pem", "--key", "alice.pem")
        ledger.run("grant", ALICE, "--key", "alice.pem", "--company", "acme", "--limit",
                   "calls:CALL:50/YEAR")

    def call(self, request_id, expect=OK):
        return self.ledger.run("consume", ALICE, "--company", "acme", "--channel", "CALL",
                               "--request-id", request_id, expect=expect)

    def size(self):
        return self.ledger.ask("ledger")["journals"][1]["size"]


class FullDiskTest(DiskCase):
    def setUp(self):
        super().setUp()
        disk = self.ledger.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", disk],
                                 capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"no small disk can be mounted here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", disk])
        self.addCleanup(self.ledger.stop)  # Before the disk goes.
        self.ledger.data = disk / "ledger"
        self.ballast = disk / "ballast"

    def fill(self, leave_mib):
        """Another program's file takes all but so much; nothing is left where that is 0."""
        disk = os.statvfs(self.ballast.parent)
        free = disk.f_bavail * disk.f_frsize
        with open(self.ballast, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, free - (leave_mib << 20))

    def test_a_full_disk_refuses_writes_serves_reads_and_needs_no_restart(self):
        ledger = self.ledger
        ledger.flags = ("--disk-reserve-mib", "8")
        ledger.start()
        self.found()
        self.call("before")
        server = ledger.server.pid
        before = self.size()
        for round_number, leave_mib in enumerate((2, 0)):
            self.fill(leave_mib)
            self.call(f"full{round_number}", expect=FAILED)
            self.assertIn("disk is full", ledger.stderr)
            self.assertEqual(self.size(), before)
            ledger.run("check", ALICE, "--company", "acme", "--channel", "CALL")
            ledger.run("view", ALICE, "--key", "alice.pem")
            self.ballast.unlink()
            self.call(f"full{round_number}")  # The same request: it has taken nothing yet.
            before += 1
            self.assertEqual(self.size(), before)
        self.assertIsNone(ledger.server.poll())
        self.assertEqual(ledger.server.pid, server)
        ledger.stop()
        self.assertTrue(ledger.ask("replay", "--data", ledger.data)["equal"])


class FailingDiskTest(DiskCase):
    def test_a_write_that_fails_ends_the_process_and_nothing_acknowledged_is_lost(self):
        ledger = self.ledger
        ledger.start()
        self.found()
        ledger.stop()
        port = ledger.data / "grpc.port"
        port.unlink(missing_ok=True)
        # SIGXFSZ stays ignored, as it is in Python: then a file that may not grow is an error.
        ledger.server = subprocess.Popen(
            [BIN / "consentd", "--data", ledger.data, "--grpc", "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True, restore_signals=False)
        while not (port.exists() and port.read_text().strip()):
            self.assertIsNone(ledger.server.poll())
            time.sleep(0.02)
        ledger.address = "127.0.0.1:" + port.read_text().strip()
        for i in range(5):
            self.call(f"acknowledged{i}")
        before = self.size()
        resource.prlimit(ledger.server.pid, resource.RLIMIT_FSIZE, (64, 64))
        self.call("unknown", expect=FAILED)
        self.assertEqual(ledger.server.wait(WAIT_SECONDS), STORE_FAILED)
        lines = ledger.server.stderr.read().splitlines()
        ledger.server.stderr.close()
        errors = [line for line in lines if '"level":"error"' in line]
        self.assertEqual(len(errors), 1, lines)
        self.assertIn('"event":"store failed"', errors[0])
        self.assertIn(".log", errors[0])  # The file that could not be written.

        ledger.start()
        self.assertIn(self.size(), (before, before + 1))
        for i in range(5):
            self.call(f"acknowledged{i}")
        self.assertIn(self.size(), (before, before + 1))
        self.call("unknown")
        self.assertEqual(self.size(), before + 1)
        ledger.stop()
        self.assertTrue(ledger.ask("replay", "--data", "ledger")["equal"])


def last_of_properties(table):
    """Where the properties of a table of RocksDB end: its index of parts has their place and size."""
    name = b"rocksdb.properties"
    at = table.rindex(name) + len(name)

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = table[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    return number() + number() - 1


class RotTest(DiskCase):
    def test_what_ends_the_process_says_what_to_do(self):
        """The one bit that RocksDB believes before it has checked the sum over it."""
        ledger = self.ledger
        ledger.start()
        self.found()
        ledger.stop()
        ledger.start()  # What was in the log is in tables now.
        ledger.stop()
        table = min((ledger.data / "store").glob("*.sst"))
        sound = table.read_bytes()
        at = last_of_properties(sound)
        table.write_bytes(sound[:at] + bytes([sound[at] ^ 0x80]) + sound[at + 1:])
        for command in ([BIN / "consentctl", "replay", "--data", ledger.data],
                        [BIN / "consentctl", "doctor", "--data", ledger.data],
                        [BIN / "consentd", "--data", ledger.data, "--grpc", "127.0.0.1:0"]):
            done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_SECONDS)
            self.assertNotEqual(done.returncode, OK)
            self.assertIn("rocksdb", done.stderr)
            self.assertRegex(done.stderr, "a file of the store is damaged: restore a backup")
        table.write_bytes(sound)
        ledger.start()
        ledger.stop()

    def test_damage_is_told_and_never_read_as_truth(self):
        ledger = self.ledger
        ledger.flags = ("--guard", ledger.folder / "guard")
        ledger.start()
        self.found()
        ledger.stop()
        ledger.start()  # What was in the log is in tables now.
        for i in range(20):
            self.call(f"call{i}")
        time.sleep(1.2)  # Everything is covered by a checkpoint.
        ledger.stop()
        whole = ledger.ask("replay", "--data", "ledger")
        self.assertTrue(whole["equal"])

        seed = int(os.environ.get("CONSENT_SEED", time.time_ns() % 1_000_000_007))
        print(f"seed: CONSENT_SEED={seed}")
        chance = random.Random(seed)
        store = ledger.data / "store"
        files = [file for file in sorted(store.iterdir())
                 if file.stat().st_size and file.name.startswith(("0", "MANIFEST", "CURRENT"))]
        told = harmless = guarded = 0
        for _ in range(600 if "CONSENT_LONG" in os.environ else 40):
            file = chance.choice(files)
            sound = file.read_bytes()
            at = chance.randrange(len(sound))
            how = chance.choice(("flip", "flip", "tear", "zero"))
            bad = {"flip": sound[:at] + bytes([sound[at] ^ 1 << chance.randrange(8)])
                           + sound[at + 1:],
                   "tear": sound[:at],
                   "zero": sound[:at] + bytes(len(sound) - at)}[how]
            file.write_bytes(bad)
            with self.subTest(seed=seed, file=file.name, at=at, of=len(sound), how=how):
                done = subprocess.run([BIN / "consentctl", "replay", "--data", "ledger"],
                                      capture_output=True, text=True, cwd=ledger.folder,
                                      timeout=WAIT_SECONDS)
                if done.returncode != OK:
                    self.assertRegex(done.stderr, "store|shard|journal|consumer")
                    told += 1
                elif ledger.ask("replay", "--data", "ledger") == whole:
                    harmless += 1
                else:
                    # What a damaged length hides at the end of the log, the guard misses.
                    shutil.copytree(store, ledger.folder / "kept")
                    with self.assertRaisesRegex(RuntimeError, "the guard holds a checkpoint|cannot start"):
                        ledger.start()
                    shutil.rmtree(store)
                    shutil.copytree(ledger.folder / "kept", store)
                    shutil.rmtree(ledger.folder / "kept")
                    guarded += 1
            file.write_bytes(sound)
        print(f"{told} told, {guarded} found by the guard, {harmless} harmless")
        self.assertEqual(ledger.ask("replay", "--data", "ledger"), whole)


if __name__ == "__main__":
    unittest.main()
