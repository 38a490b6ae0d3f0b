# SPDX-License-Identifier: Apache-2.0
"""consentctl doctor: each thing is made wrong once, and must be named with what to do."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from e2e_test import BAD_INPUT, BIN, Ledger  # noqa: E402

WELL, DOUBTFUL, WRONG = 0, 1, 2
CONSENTCTL = BIN / "consentctl"


class DoctorTest(unittest.TestCase):
    """A stopped ledger with a guard and a backup, made once; each test has a copy of it."""

    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory()
        ledger = Ledger(cls.made.name)
        ledger.flags = ("--guard", ledger.folder / "guard", "--backup", ledger.folder / "backups")
        ledger.start()
        ledger.run("company", "add", "acme", "--name", "Acme SAS")
        ledger.ask("backup")
        ledger.stop()

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copytree(self.made.name, self.folder, dirs_exist_ok=True, symlinks=True)
        self.ledger = Ledger(self.folder)
        self.addCleanup(self.ledger.stop)
        self.configure()

    def configure(self, **settings):
        settings = {"data": self.folder / "ledger", "guard": self.folder / "guard",
                    "backup": self.folder / "backups", "development": "true",
                    "cache-mib": 8, "records-in-memory": 1000, **settings}
        lines = (f"{name} = {value}" if name == "development" else f'{name} = "{value}"'
                 for name, value in settings.items() if value is not None)
        (self.folder / "conf").write_text("\n".join(lines) + "\n")

    def findings(self, *flags, expect=None, **environment):
        done = subprocess.run(
            [CONSENTCTL, "doctor", "--config", self.folder / "conf", "--json", *flags],
            capture_output=True, text=True, cwd=self.folder, timeout=60,
            env={**os.environ, **environment})
        report = json.loads(done.stdout)
        codes = {"ok": WELL, "warn": DOUBTFUL, "wrong": WRONG}
        self.assertEqual(done.returncode, codes[report["verdict"]])
        for finding in report["findings"]:
            self.assertEqual(finding["verdict"] == "ok", finding["advice"] == "", finding)
        if expect is not None:
            self.assertEqual(done.returncode, expect, report)
        return report["findings"]

    def expect(self, what, verdict, found, findings=None):
        findings = findings if findings is not None else self.findings()
        for finding in findings:
            if finding["what"].startswith(what) and finding["verdict"] == verdict:
                self.assertRegex(finding["found"], found)
                return finding
        self.fail(f"{what} is not {verdict}: {findings}")

    def test_a_ledger_that_is_well(self):
        findings = self.findings()
        self.assertNotIn("wrong", [f["verdict"] for f in findings], findings)
        for what in ("configuration", "disk space", "sync", "store", "keys", "journal", "guard",
                     "clock", "backup", "memory"):
            self.expect(what, "ok", ".", findings)
        table = subprocess.run([CONSENTCTL, "doctor", "--config", "conf"],
                               capture_output=True, text=True, cwd=self.folder).stdout
        self.assertIn("WHAT TO DO", table)
        self.assertIn("format 5", table)

    def test_settings_that_are_wrong(self):
        self.configure(mistake="1")
        self.expect("configuration", "wrong", "mistake")
        self.configure(**{"tls-cert": "cert.pem"})
        self.expect("configuration", "wrong", "tls-key")
        self.configure(backup=self.folder / "ledger" / "backups")
        self.expect("configuration", "wrong", "outside of the data folder")
        self.configure(development=None)
        self.expect("configuration", "warn", "no TLS")

    def test_no_data_folder_and_no_store(self):
        self.configure(data=self.folder / "none")
        findings = self.findings(expect=WRONG)
        self.expect("data folder", "wrong", "No such file", findings)
        shutil.rmtree(self.folder / "ledger" / "store")
        self.configure()
        self.expect("store", "wrong", "there is no store")

    def test_a_store_of_another_format_or_damaged(self):
        current = self.folder / "ledger" / "store" / "CURRENT"
        current.write_text("MANIFEST-999999\n")
        self.expect("store", "wrong", "MANIFEST-999999|No such file")

    def test_a_disk_without_room(self):
        self.configure(**{"disk-reserve-mib": 1 << 20})
        self.expect("disk space", "wrong", "reserve 1048576 MiB")

    def test_memory_and_limits(self):
        self.configure(**{"records-in-memory": 1_000_000_000})
        self.expect("memory", "warn", "settings may take")
        done = subprocess.run(["bash", "-c", f"ulimit -n 256; {CONSENTCTL} doctor "
                               "--config conf"], capture_output=True, text=True, cwd=self.folder)
        self.assertIn("256 open files", done.stdout)

    def test_keys(self):
        keys = self.folder / "ledger" / "keys"
        keys.chmod(0o755)
        self.expect("keys", "wrong", "open to others")
        keys.chmod(0o700)
        (keys / "pepper.1").chmod(0o644)
        self.expect("keys", "wrong", "pepper.1")
        (keys / "pepper.1").chmod(0o600)
        other = Ledger(self.folder / "other")
        other.folder.mkdir()
        other.start()
        other.stop()
        shutil.copy(other.data / "keys" / "pepper.1", keys / "pepper.1")
        self.expect("keys", "wrong", "not the one this store was made with")
        (keys / "pepper.1").unlink()
        self.expect("keys", "wrong", "missing")
        self.assertFalse((keys / "pepper.1").exists())
        shutil.rmtree(keys)
        self.expect("keys", "wrong", "missing")
        self.assertFalse(keys.exists())

    def test_the_guard(self):
        self.configure(guard=None)
        self.expect("guard", "wrong", "none is named")
        self.configure(guard=self.folder / "nowhere")
        self.expect("guard", "wrong", "nowhere")
        (self.folder / "guard").write_text("")
        self.configure()
        self.expect("guard", "warn", "knows nothing of")
        (self.folder / "guard").write_text("something else")
        self.expect("guard", "wrong", "expected a guard")

    def test_an_older_copy(self):
        shutil.copytree(self.folder / "ledger" / "store", self.folder / "old")
        self.ledger.flags = ("--guard", self.folder / "guard")
        guarded = self.folder / "ledger"
        self.ledger.data = guarded
        self.ledger.start()
        self.ledger.run("company", "add", "beta", "--name", "Beta SAS")
        self.ledger.stop()
        shutil.rmtree(guarded / "store")
        (self.folder / "old").rename(guarded / "store")
        self.expect("guard", "wrong", "holds a checkpoint of 2 entries")

    def test_a_clock_that_was_moved_since(self):
        library = self.folder / "moved_clock.so"
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-o", library,
                        pathlib.Path(__file__).with_name("moved_clock.c")], check=True)

        def moved(seconds):
            # The sanitizers' own library need not come first: nothing of theirs is replaced here.
            return self.findings(LD_PRELOAD=str(library), MOVED_CLOCK_S=str(seconds),
                                 ASAN_OPTIONS="verify_asan_link_order=0")

        self.expect("clock", "ok", "steady since the ledger was last open", moved(0))
        back = self.expect("clock", "wrong", r"last entry is 3[56]\d\d s in the future", moved(-3600))
        self.assertIn("set this machine's clock", back["advice"])
        ahead = self.expect("clock", "wrong", r"moved by 3[56]\d{5} ms against the steady one",
                            moved(3600))
        self.assertIn("--clock-is-right", ahead["found"])

    def test_certificates(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=ledger",
             "-days", "3", "-keyout", "key.pem", "-out", "cert.pem"], cwd=self.folder, check=True,
            capture_output=True)
        (self.folder / "key.pem").chmod(0o600)
        tls = {name: self.folder / file for name, file in
               (("tls-cert", "cert.pem"), ("tls-key", "key.pem"), ("tls-client-ca", "cert.pem"))}
        self.configure(development=None, **tls)
        findings = self.findings()
        self.expect("certificates", "ok", "go together", findings)
        self.expect("tls-cert", "warn", "CN=ledger until", findings)
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", "key.pem"],
                       cwd=self.folder, check=True, capture_output=True)
        (self.folder / "key.pem").chmod(0o600)
        self.expect("certificates", "wrong", "tls-key")
        (self.folder / "key.pem").chmod(0o644)
        self.expect("certificates", "wrong", "key.pem")
        (self.folder / "cert.pem").unlink()
        self.expect("certificates", "wrong", "cert.pem")

    def test_backups(self):
        self.configure(backup=None)
        self.expect("backup", "warn", "none is configured")
        self.configure(backup=self.folder / "empty")
        self.expect("backup", "warn", "there is none in")
        self.configure()
        label = self.folder / "backups" / "label" / "1"
        text = label.read_text()
        label.write_text(text[:-5])
        self.expect("backup", "wrong", "damaged")
        label.write_text(text)
        next((self.folder / "backups" / "private" / "1").glob("MANIFEST*")).unlink()
        self.expect("backup", "wrong", "damaged")

    def test_a_restored_store_without_its_guard(self):
        shutil.copytree(self.folder / "ledger" / "keys", self.folder / "new" / "keys")
        self.ledger.run("restore", "--backup", "backups", "--data", "new")
        (self.folder / "guard").write_text("")
        self.configure(data=self.folder / "new")
        self.expect("restored", "wrong", "its guard does not say")

    def test_a_ledger_that_serves_is_asked(self):
        self.ledger.data = self.folder / "ledger"
        self.ledger.flags = ("--guard", self.folder / "guard")
        self.ledger.start()
        findings = self.findings("--server", self.ledger.address)
        self.expect("store", "ok", "in use", findings)
        self.expect("service", "ok", "serves on", findings)
        self.expect("journal", "ok", "/directory: 1 entries", findings)
        self.expect("service", "wrong", ".", self.findings("--server", "127.0.0.1:1"))

    def test_neither_data_nor_settings(self):
        self.ledger.run("doctor", expect=BAD_INPUT)


if __name__ == "__main__":
    unittest.main()
