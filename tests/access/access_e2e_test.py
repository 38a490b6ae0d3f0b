#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The programs and the Python client with TLS: what does not start and why, consentctl and the client
by certificate and by token, and no secret in any log."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/access"))
from credentials import CredentialsCase  # noqa: E402

BIN = pathlib.Path(os.environ.get("CONSENT_BIN_DIR", ROOT / "build/dev/bin"))
START_SECONDS_MAX = 30


class AccessTest(CredentialsCase):
    def setUp(self):
        super().setUp()
        self.issue("admin", "URI:consent:admin")
        self.issue("acme", "URI:consent:company:acme")

    def start(self, *more):
        """Starts consentd; returns its address."""
        log = open(self.folder / "log", "w")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            [BIN / "consentd", "--data", "data", "--grpc", "127.0.0.1:0", *more],
            cwd=self.folder, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.send_signal, signal.SIGTERM)
        port = self.folder / "data/grpc.port"
        until = time.monotonic() + START_SECONDS_MAX
        while not port.exists():
            self.assertIsNone(process.poll(), (self.folder / "log").read_text())
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)
        return f"localhost:{port.read_text().strip()}"

    def ctl(self, *words):
        return subprocess.run([BIN / "consentctl", *words], cwd=self.folder, capture_output=True,
                              text=True)

    def refusal(self, *words):
        """What consentd says when it does not start."""
        ended = subprocess.run([BIN / "consentd", "--data", "data", *words], cwd=self.folder,
                               capture_output=True, text=True, timeout=START_SECONDS_MAX)
        self.assertEqual(ended.returncode, 2, ended.stderr)
        self.assertFalse((self.folder / "data").exists(), "something was made before the refusal")
        return ended.stderr

    def test_what_is_half_configured_does_not_start_and_says_why(self):
        good = {"tls-cert": "server.pem", "tls-key": "server.key", "tls-client-ca": "ca.pem"}

        def spoilt(**changes):
            settings = good | {name.replace("_", "-"): value for name, value in changes.items()}
            return self.refusal(*(word for name, value in settings.items()
                                  for word in (f"--{name}", value)))

        self.assertIn("grpc: expected a loopback address", self.refusal("--grpc", "0.0.0.0:0"))
        self.assertIn("tls-client-ca: expected together with --tls-cert",
                      self.refusal("--tls-client-ca", "ca.pem"))
        self.assertIn("tls-key: admin.key: expected the private key", spoilt(tls_key="admin.key"))
        self.assertIn("tls-cert: nowhere.pem: no such file", spoilt(tls_cert="nowhere.pem"))
        self.assertIn("tls-client-ca: ca.key: expected X.509", spoilt(tls_client_ca="ca.key"))
        self.issue("old", "DNS:localhost", days="-1")
        self.assertIn("tls-cert: old.pem: expected a certificate that is valid now",
                      spoilt(tls_cert="old.pem", tls_key="old.key"))
        self.assertIn("jwks: ca.pem: JSON",
                      spoilt(jwks="ca.pem", jwt_issuer="https://issuer.example",
                             jwt_audience="ledger.example"))
        (self.folder / "server.key").chmod(0o644)
        self.assertRegex(spoilt(), "tls-key: server.key: expected mode 0600 .* found 0644")

    def test_development_mode_is_loud(self):
        address = self.start()
        self.assertIn("DEVELOPMENT MODE", (self.folder / "log").read_text())
        self.assertEqual(self.ctl("ledger", "--server", address).returncode, 0)

    def test_clients_say_who_they_are(self):
        address = self.start("--tls-cert", "server.pem", "--tls-key", "server.key",
                             "--tls-client-ca", "ca.pem", "--jwks", "jwks.json",
                             "--jwt-issuer", "https://issuer.example",
                             "--jwt-audience", "ledger.example")
        server = ("--server", address, "--tls-ca", "ca.pem")
        admin = (*server, "--tls-cert", "admin.pem", "--tls-key", "admin.key")
        added = self.ctl("company", "add", "acme", "--name", "Acme Ltd", *admin)
        self.assertEqual(added.returncode, 0, added.stderr)
        self.assertIn("NO_CREDENTIALS", self.ctl("party", "acme", *server).stderr)
        self.assertIn("one that speaks tls", self.ctl("party", "acme", "--server",
                                                      address).stderr.lower())
        (self.folder / "token").write_text(self.token("company:acme") + "\n")
        self.assertEqual(self.ctl("health", *server).returncode, 0, "needs no identity")
        bearer = (*server, "--token-file", "token")
        self.assertEqual(self.ctl("party", "acme", *bearer).returncode, 0)
        self.assertIn("NOT_ALLOWED", self.ctl("party", "other", *bearer).stderr)
        self.assertEqual(self.ctl("party", "acme", "--token-file", "token").returncode, 2)

        self.check_python(address)
        log = (self.folder / "log").read_text()
        self.assertNotIn("DEVELOPMENT", log)
        secrets = [line for file in ("server.key", "admin.key", "issuer.key")
                   for line in (self.folder / file).read_text().splitlines() if len(line) > 40]
        secrets.append((self.folder / "token").read_text().strip()[-40:])
        for secret in secrets:
            self.assertNotIn(secret, log)

    def check_python(self, address):
        """The client in a process of its own, with messages generated for it."""
        script = self.folder / "ask.py"
        script.write_text("""
import sys
from consent_ledger import Channel, Client, Purpose, Request
address, company, options = sys.argv[1], sys.argv[2], dict(o.split("=") for o in sys.argv[3:])
with Client(address, deadline_ms=10000, retries_max=0, **options) as client:
    request = Request("tel:+33639980001", company, Channel.CALL, Purpose.DIRECT_MARKETING)
    answer = client.check(request)
    print(answer.error.reason or answer.decision.verdict.name)
""")
        generated = self.folder / "generated"
        subprocess.run([ROOT / "clients/python/generate", generated], check=True,
                       capture_output=True)
        environment = dict(os.environ,
                           PYTHONPATH=f"{generated}:{ROOT / 'clients/python'}")

        def ask(company, *options):
            ended = subprocess.run([sys.executable, "-B", script, address, company, *options],
                                   cwd=self.folder, env=environment, capture_output=True, text=True)
            return ended.stdout.strip() or ended.stderr.strip().splitlines()[-1]

        certificate = ("tls_ca=ca.pem", "tls_cert=acme.pem", "tls_key=acme.key")
        self.assertRegex(ask("acme", *certificate), re.compile("ALLOWED|DENIED"))
        self.assertEqual(ask("beta", *certificate), "NOT_ALLOWED")
        token = ("tls_ca=ca.pem", "token_file=token")
        self.assertRegex(ask("acme", *token), re.compile("ALLOWED|DENIED"))
        self.assertEqual(ask("beta", *token), "NOT_ALLOWED")
        self.assertEqual(ask("acme", "tls_ca=ca.pem"), "NO_CREDENTIALS")
        self.assertIn("tls_ca: expected", ask("acme", "token_file=token"))


if __name__ == "__main__":
    unittest.main()
