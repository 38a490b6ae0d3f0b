#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A ledger with two witnesses, all of them the programs as they are: cosigned checkpoints, a witness
that goes away and comes back, and a store copied back from a backup, which the witnesses expose."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

BIN = pathlib.Path(os.environ.get("CONSENT_BIN_DIR", "build/dev/bin")).resolve()
WAIT_SECONDS = 60


def until(holds, what):
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("waited in vain: " + what)


class WitnessTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.data = self.folder / "ledger"
        self.running = {}
        self.ports = {}
        policy = ""
        for name in ("w1", "w2"):
            self.ctl("keys", "new", "--out", f"{name}.pem")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.ports[name] = probe.getsockname()[1]
            vkey = self.ctl("keys", "vkey", f"{name}.pem", "--name", f"{name}.example", "--witness")
            policy += f"witness {name} {vkey.strip()} http://127.0.0.1:{self.ports[name]}/\n"
        (self.folder / "policy").write_text(policy + "group both all w1 w2\nquorum both\n")

    def tearDown(self):
        for process in self.running.values():
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        self.temporary.cleanup()

    def ctl(self, *words):
        environment = dict(os.environ)
        if (self.data / "grpc.port").exists():
            environment["CONSENT_SERVER"] = "127.0.0.1:" + (self.data / "grpc.port").read_text().strip()
        return subprocess.run([BIN / "consentctl", *words], cwd=self.folder, env=environment,
                              check=True, capture_output=True, text=True,
                              timeout=WAIT_SECONDS).stdout

    def start_ledger(self, expect_refusal=False):
        for name in ("grpc.port", "http.port"):
            (self.data / name).unlink(missing_ok=True)
        log = open(self.folder / "consentd.log", "ab")
        process = subprocess.Popen(
            [BIN / "consentd", "--data", self.data, "--grpc", "127.0.0.1:0", "--http",
             "127.0.0.1:0", "--origin", "ledger.example", "--witnesses", self.folder / "policy"],
            stdout=log, stderr=log)
        log.close()
        if expect_refusal:
            return process.wait(WAIT_SECONDS)
        self.running["ledger"] = process
        until(lambda: (self.data / "grpc.port").exists() or process.poll() is not None, "a port")
        self.assertIsNone(process.poll(), (self.folder / "consentd.log").read_text())
        return 0

    def stop(self, name):
        process = self.running.pop(name)
        process.terminate()
        self.assertEqual(process.wait(WAIT_SECONDS), 0)
        if process.stdout:
            process.stdout.close()

    def get(self, path):
        port = (self.data / "http.port").read_text().strip()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.read().decode()

    def start_witness(self, name, vkeys):
        words = [BIN / "consentctl", "witness", "--listen", f"127.0.0.1:{self.ports[name]}", "--key",
                 f"{name}.pem", "--name", f"{name}.example", "--state", f"{name}.state", "--json"]
        for vkey in vkeys:
            words += ["--log", vkey]
        self.running[name] = subprocess.Popen(words, cwd=self.folder, stdout=subprocess.PIPE,
                                              text=True)
        self.assertIn("verifier_key", json.loads(self.running[name].stdout.readline()))

    def add_company(self):
        self.companies = getattr(self, "companies", 0) + 1
        self.ctl("company", "add", f"company-{self.companies}", "--name", "A company")

    def signers(self):
        """Who has signed the directory's checkpoint, after one more entry in it."""
        self.add_company()
        time.sleep(1.2)
        return [line.split(" ")[1] for line in self.get("/directory/checkpoint").split("\n")
                if line.startswith("\u2014 ") and not line.startswith("\u2014 ledger.example/")]

    def test_a_ledger_is_witnessed_and_its_past_is_held_against_it(self):
        self.start_ledger()
        self.assertEqual(self.signers(), [])  # Published all the same.
        vkeys = [self.get(f"/{log}/vkey").strip() for log in ("1", "directory")]
        self.start_witness("w1", vkeys)
        self.start_witness("w2", vkeys)
        until(lambda: self.signers() == ["w1.example", "w2.example"], "both witnesses")
        self.stop("w2")
        until(lambda: self.signers() == ["w1.example"], "the other alone")
        self.start_witness("w2", vkeys)
        until(lambda: self.signers() == ["w1.example", "w2.example"], "both again")
        self.assertIn("witness cosigns again", (self.folder / "consentd.log").read_text())

        # A backup, then life goes on, then the backup is put back.
        self.stop("ledger")
        shutil.copytree(self.data, self.folder / "backup")
        self.start_ledger()
        until(lambda: len(self.signers()) == 2, "both after the restart")
        self.stop("ledger")
        shutil.rmtree(self.data)
        shutil.copytree(self.folder / "backup", self.data)
        self.assertEqual(self.start_ledger(expect_refusal=True), 1)
        self.assertIn("a witness", (self.folder / "consentd.log").read_text())


if __name__ == "__main__":
    unittest.main()
