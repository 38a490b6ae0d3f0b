# SPDX-License-Identifier: Apache-2.0
"""consentctl list import with a real consentd: a file goes in, and who stands in it is not contacted.

CONSENT_LIST_NUMBERS=1000000 measures: so many contact points are imported twice, and what that took is
printed (docs/performance.md).
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ["CONSENT_BIN_DIR"]).resolve()
ALICE, BOB, CAROL, DAVE = (f"+3363998000{i}" for i in range(1, 5))
NUMBERS = int(os.environ.get("CONSENT_LIST_NUMBERS", "0"))
START_S_MAX = 60


def contact_point(i):
    """The numbers that are reserved for tests, then addresses."""
    if i < 10_000:
        return f"+3363998{i:04d}"
    return f"+3319900{i - 10_000:04d}" if i < 20_000 else f"mailto:someone{i}@example.org"


class ListImportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="list_e2e_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.data = cls.folder / "ledger"
        cls.server = subprocess.Popen(
            [BIN / "consentd", "--data", cls.data, "--grpc", "127.0.0.1:0"],
            stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.stop)
        deadline = time.monotonic() + START_S_MAX
        port = cls.data / "grpc.port"
        while not (port.exists() and port.read_text().strip()):
            if time.monotonic() > deadline or cls.server.poll() is not None:
                raise RuntimeError("consentd does not start")
            time.sleep(0.05)
        cls.address = "127.0.0.1:" + port.read_text().strip()
        cls.ctl("company", "add", "acme", "--name", "Acme SAS")
        cls.ctl("registrar", "add", "town-hall", "--name", "Town Hall")
        cls.ctl("keys", "new", "--out", "registrar.pem")
        cls.ctl("key", "add", "town-hall", "--key", "registrar.pem")
        cls.ctl("keys", "new", "--out", "person.pem")
        for number in (ALICE, BOB, DAVE):
            cls.ctl("bind", number, "--registrar-key", "registrar.pem", "--key", "person.pem")
            cls.ctl("grant", number, "--key", "person.pem", "--company", "acme",
                    "--limit", "calls:CALL:9/YEAR")

    @classmethod
    def stop(cls):
        cls.server.send_signal(signal.SIGTERM)
        cls.server.wait(60)

    @classmethod
    def run_ctl(cls, *words, given=None, seconds=60):
        return subprocess.run([BIN / "consentctl", *map(str, words)], cwd=cls.folder, text=True,
                              input=given, capture_output=True, timeout=seconds,
                              env=dict(os.environ, CONSENT_SERVER=cls.address))

    @classmethod
    def ctl(cls, *words, code=0, **how):
        done = cls.run_ctl(*words, **how)
        if done.returncode != code:
            raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def bring_in(self, path, *words, name="red", **how):
        """Imports a file; how many listings changed, and how many were known."""
        answer = json.loads(self.ctl("list", "import", name, "--source", "the town hall's file",
                                     "--file", path, "--json", *words, **how))
        return int(answer["changed"]), int(answer["unchanged"])

    def reason(self, number):
        """Why acme may not call; "" when it may."""
        done = self.run_ctl("check", number, "--company", "acme", "--channel", "CALL", "--json")
        answer = json.loads(done.stdout)
        return "" if answer["decision"] == "ALLOWED" else answer["reason"]

    def entries(self, journal):
        ledger = json.loads(self.ctl("ledger", "--json"))
        return next(int(j["size"]) for j in ledger["journals"] if j["journal_origin"].endswith(journal))

    def test_1_a_bad_line_is_named_by_its_number_and_the_rest_is_taken(self):
        path = self.folder / "bad.csv"
        path.write_text(f"# number;name\n{ALICE};Alice\n\nno number;Mallory\n\"{BOB}\";Bob\n")
        done = self.run_ctl("list", "import", "red", "--source", "a file", "--file", path)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("line 4: ", done.stderr)
        self.assertNotIn("line 2: ", done.stderr)
        self.assertNotIn("Mallory", done.stderr + done.stdout)
        self.assertIn("1 of its contact points", done.stderr)
        self.assertEqual([self.reason(n) for n in (ALICE, BOB, DAVE)], ["LISTED", "LISTED", ""])

    def test_2_a_file_again_changes_nothing(self):
        path = self.folder / "good.csv"
        path.write_text(f"{ALICE}\n{BOB}\n{CAROL}\n{CAROL}\n")
        self.assertEqual(self.bring_in(path), (1, 3))
        before = self.entries("/1")
        for words in ([], [], ["--listed-at", "2026-01-02T00:00:00Z"]):
            changed, unchanged = self.bring_in(path, *words)
            self.assertEqual(changed + unchanged, 4)
            self.assertEqual(self.entries("/1"), before + changed)
        self.assertEqual(changed, 3, "another date is another listing")
        self.assertEqual(self.bring_in(path, "--listed-at", "2026-01-02T00:00:00Z"), (0, 4))
        self.assertEqual(self.bring_in("-", given=path.read_text()), (0, 4))
        self.assertEqual(self.reason(ALICE), "", "she granted later than that")

    def test_3_whoever_is_taken_off_may_be_called(self):
        path = self.folder / "off.csv"
        path.write_text(f"{ALICE}\n{BOB}\n")
        self.assertEqual(self.bring_in(path, name="blue"), (2, 0))
        path.write_text(f"{BOB}\n")
        self.assertEqual(self.bring_in(path, "--remove", name="blue"), (1, 0))
        self.assertEqual([self.reason(n) for n in (ALICE, BOB)], ["LISTED", ""])

    def test_4_a_list_may_bind_one_company_alone(self):
        self.ctl("company", "add", "beta", "--name", "Beta")
        path = self.folder / "beta.csv"
        path.write_text(f"{DAVE}\n")
        self.assertEqual(self.bring_in(path, "--company", "beta"), (1, 0))
        self.assertEqual(self.reason(DAVE), "")
        self.assertEqual(self.bring_in(path, "--company", "acme"), (1, 0))
        self.assertEqual(self.reason(DAVE), "LISTED")

    @unittest.skipUnless(NUMBERS, "measures only when asked")
    def test_5_lists_by_the_million(self):
        path = self.folder / "many.csv"
        with open(path, "w", encoding="ascii") as file:
            for i in range(NUMBERS):
                file.write(contact_point(i) + "\n")
        for run in ("first", "again"):
            began = time.monotonic()
            cpu = self.server_cpu_s()
            answer = self.bring_in(path, seconds=3600)
            seconds = time.monotonic() - began
            print(f"{run}: {answer} of {NUMBERS} in {seconds:.1f} s, {NUMBERS / seconds:,.0f}/s; "
                  f"server {1e6 * (self.server_cpu_s() - cpu) / NUMBERS:.1f} us of processor each, "
                  f"{self.memory_mib('VmRSS')} MiB now, {self.memory_mib('VmHWM')} at most; "
                  f"{self.disk_bytes() / NUMBERS:.0f} bytes on disk each", flush=True)
            self.assertEqual(sum(answer), NUMBERS)
            self.assertEqual(answer[0] == 0, run == "again")

    def server_cpu_s(self):
        fields = pathlib.Path(f"/proc/{self.server.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mib(self, name):
        for line in pathlib.Path(f"/proc/{self.server.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) // 1024
        return 0

    def disk_bytes(self):
        return sum(f.stat().st_blocks * 512 for f in self.data.rglob("*") if f.is_file())


if __name__ == "__main__":
    unittest.main(verbosity=2)
