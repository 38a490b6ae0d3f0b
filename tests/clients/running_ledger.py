# SPDX-License-Identifier: Apache-2.0
"""A real ledger for the tests of clients: consentd in a folder of its own, prepared with consentctl.

The company is "acme", the registrar "verifier"; consumers come with grant().
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

BIN = pathlib.Path(os.environ["CONSENT_BIN_DIR"])
COMPANY = "acme"
START_S_MAX = 30


class RunningLedger:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="consent-clients-"))
        self.port = 0
        self.process = None
        self.start()
        self.ctl("company", "add", COMPANY, "--name", "Acme Ltd")
        self.ctl("registrar", "add", "verifier", "--name", "Verifier Ltd")
        self.new_key("verifier")
        self.ctl("key", "add", "verifier", "--key", self.folder / "verifier.pem")

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        """Starts or restarts it, always on the same port."""
        port_file = self.folder / "data" / "grpc.port"
        port_file.unlink(missing_ok=True)
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [BIN / "consentd", "--data", self.folder / "data", "--grpc", self.address],
                stderr=log,
                stdout=log,
            )
        until = time.monotonic() + START_S_MAX
        while not (port_file.exists() and port_file.read_text().strip()):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("consentd did not start:\n" + (self.folder / "log").read_text())
            time.sleep(0.01)
        self.port = int(port_file.read_text())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def freeze(self):
        """From now on it answers nothing, but its connections stay."""
        self.process.send_signal(signal.SIGSTOP)
        # The signal is on its way; its threads answer until all have stopped.
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def close(self):
        if self.process is not None:
            self.kill()
        shutil.rmtree(self.folder)

    def ctl(self, *words):
        command = [BIN / "consentctl", *words]
        if words[0] != "keys":
            command += ["--server", self.address]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def new_key(self, name):
        self.ctl("keys", "new", "--out", self.folder / f"{name}.pem")

    def grant(self, contact_point, *limits):
        """Binds a new key to the contact point, which then grants these limits to the company."""
        name = contact_point.strip("+")
        key = self.folder / f"{name}.pem"
        self.new_key(name)
        self.ctl("bind", contact_point, "--registrar-key", self.folder / "verifier.pem",
                 "--key", key, "--zone", "Europe/Paris")
        words = ["grant", contact_point, "--key", key, "--company", COMPANY]
        for limit in limits:
            words += ["--limit", limit]
        self.ctl(*words)
