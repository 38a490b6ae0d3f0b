#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an operator sees of a protected consentd: its metrics and its three logs. And what nobody may
see in them: calls are made with known numbers, keys and tokens of every kind, and all of it is searched
for their bytes, in every form in which bytes are usually written."""

import base64
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/access"))
from credentials import CredentialsCase  # noqa: E402

BIN = pathlib.Path(os.environ.get("CONSENT_BIN_DIR", ROOT / "build/dev/bin"))
START_SECONDS_MAX = 30
ALICE, STRANGER, MAIL = "+33639980001", "+33639980099", "someone@mail.example"
CALLER = "+33199000042"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
# What only a service with witnesses shows.
ABSENT = {"consent_witnesses", "consent_witnesses_failing", "consent_witness_quorum_timestamp_seconds"}


def forms(secret):
    """The ways in which bytes may stand in a text: as they are, in hex, in base64 at any offset."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for lead in range(3):
        # Without the digits that depend on what stands around.
        whole = base64.b64encode(b"\0" * lead + secret)
        digits = whole[(8 * lead + 5) // 6:len(secret) * 8 // 6 + lead]
        yield digits
        yield digits.translate(bytes.maketrans(b"+/", b"-_"))


class ObserveTest(CredentialsCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.issue("admin", "URI:consent:admin,URI:consent:auditor")
        self.issue("acme", "URI:consent:company:acme")
        self.issue("app", "URI:consent:app:phone,URI:consent:registrar:town-hall")
        (self.folder / "token").write_text(self.token("company:acme") + "\n")
        (self.folder / "old-token").write_text(self.token("company:acme", seconds=-5000) + "\n")

    def start(self, *more):
        self.log = open(self.folder / "log", "ab")
        self.addCleanup(self.log.close)
        self.process = subprocess.Popen(
            [BIN / "consentd", "--data", "data", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0",
             "--metrics", "127.0.0.1:0", *more], cwd=self.folder, stderr=self.log)
        self.addCleanup(self.stop)
        port = self.folder / "data/grpc.port"
        until = time.monotonic() + START_SECONDS_MAX
        while not port.exists():
            self.assertIsNone(self.process.poll(), self.text("log"))
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)
        self.address = f"localhost:{port.read_text().strip()}"
        self.http = f"https://localhost:{self.text('data/http.port').strip()}"
        self.metrics_url = f"http://127.0.0.1:{self.text('data/metrics.port').strip()}"

    def start_protected(self, *more):
        self.start("--tls-cert", "server.pem", "--tls-key", "server.key", "--tls-client-ca",
                   "ca.pem", "--jwks", "jwks.json", "--jwt-issuer", "https://issuer.example",
                   "--jwt-audience", "ledger.example", "--origin", "ledger.example", *more)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(START_SECONDS_MAX)

    def text(self, name):
        return (self.folder / name).read_text()

    def ctl(self, who, *words, expect=0, trace=""):
        """consentctl with somebody's certificate; `expect` None: however it ends."""
        credentials = {"admin": ("--tls-cert", "admin.pem", "--tls-key", "admin.key"),
                       "acme": ("--tls-cert", "acme.pem", "--tls-key", "acme.key"),
                       "app": ("--tls-cert", "app.pem", "--tls-key", "app.key"),
                       "token": ("--token-file", "token"),
                       "old-token": ("--token-file", "old-token"), "nobody": ()}[who]
        ended = subprocess.run(
            [BIN / "consentctl", *words, "--server", self.address, "--tls-ca", "ca.pem",
             *credentials], cwd=self.folder, capture_output=True, text=True, timeout=60,
            env=dict(os.environ, TRACEPARENT=trace))
        if expect is not None:
            self.assertEqual(ended.returncode, expect, f"{words}: {ended.stdout}{ended.stderr}")
        return ended.stdout

    def post(self, method, message, headers):
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        request = urllib.request.Request(
            f"{self.http}/consent.v1.{method}", data=json.dumps(message).encode(),
            headers={"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, context=context, timeout=20) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            return error.read()

    def metrics(self):
        with urllib.request.urlopen(f"{self.metrics_url}/metrics", timeout=20) as answer:
            self.assertTrue(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
            return answer.read().decode()

    def await_lines(self, name, count, field, value):
        """Lines of a log, once so many of them have this value."""
        until = time.monotonic() + 10
        while True:
            lines = [json.loads(line) for line in self.text(name).splitlines() if line]
            found = [line for line in lines if line.get(field) == value]
            if len(found) >= count:
                return found
            self.assertLess(time.monotonic(), until, (field, value, lines))
            time.sleep(0.05)

    def make_calls(self):
        """Calls of every kind, with numbers, keys and tokens that must not be seen again."""
        for name in ("registrar", "alice", "company", "gone"):
            subprocess.run([BIN / "consentctl", "keys", "new", "--out", name + ".pem.key"],
                           cwd=self.folder, check=True, capture_output=True)
        self.ctl("admin", "company", "add", "acme", "--name", "Acme SAS")
        self.ctl("admin", "registrar", "add", "town-hall", "--name", "Town Hall")
        self.ctl("admin", "key", "add", "town-hall", "--key", "registrar.pem.key")
        self.ctl("admin", "key", "add", "acme", "--key", "company.pem.key")
        self.ctl("admin", "number", "register", "acme", CALLER)
        self.ctl("app", "bind", ALICE, "--registrar-key", "registrar.pem.key", "--key",
                 "alice.pem.key", "--zone", "Europe/Paris")
        self.ctl("app", "grant", ALICE, "--key", "alice.pem.key", "--company", "acme", "--limit",
                 "all:CALL+SMS:2/YEAR")
        consume = ("--company", "acme", "--channel", "SMS", "--request-id")
        self.ctl("acme", "consume", ALICE, *consume, "r1", expect=None)
        self.ctl("token", "consume", STRANGER, *consume, "r2", expect=3)
        self.ctl("token", "consume", "mailto:" + MAIL, "--company", "acme", "--channel", "EMAIL",
                 "--request-id", "r3", expect=3)
        self.ctl("acme", "consume", "0612", *consume, "r4", expect=None)
        self.ctl("acme", "consume", ALICE, "--company", "other", "--channel", "SMS", "--request-id",
                 "r5", expect=None)
        self.ctl("nobody", "check", ALICE, "--company", "acme", "--channel", "SMS", expect=None)
        self.ctl("old-token", "check", ALICE, "--company", "acme", "--channel", "SMS", expect=None)
        self.ctl("app", "view", ALICE, "--key", "alice.pem.key")
        self.ctl("app", "view", ALICE, "--key", "gone.pem.key", expect=None)
        self.ctl("admin", "dossier", "make", ALICE, "--out", "dossier.html")
        message = {"contactPoint": "tel:" + ALICE, "company": "acme", "channel": "CHANNEL_SMS",
                   "purpose": "PURPOSE_DIRECT_MARKETING"}
        token = {"Authorization": "Bearer " + self.text("token").strip()}
        for headers in ({"traceparent": TRACEPARENT, **token}, {"traceparent": "00-bad-01", **token},
                        {"Authorization": "Bearer not." + "a" * 40 + ".token"},
                        {"traceparent": ALICE}):
            self.post("ContactService/Check", message, headers)
        for trace in (TRACEPARENT, ALICE):
            self.ctl("acme", "check", ALICE, "--company", "acme", "--channel", "SMS", expect=None,
                     trace=trace)
        self.ctl("app", "erase", ALICE, "--key", "alice.pem.key")

    def ask_in_python(self):
        """A call of the Python client that belongs to the trace, and one that names none."""
        script = self.folder / "ask.py"
        script.write_text("""
import sys
from consent_ledger import Channel, Client, Purpose, Request
for trace in sys.argv[2:]:
    with Client(sys.argv[1], deadline_ms=10000, retries_max=0, tls_ca="ca.pem", token_file="token",
                traceparent=lambda: trace) as client:
        request = Request("tel:+33639980001", "acme", Channel.SMS, Purpose.DIRECT_MARKETING)
        assert client.check(request).error.code.name == "OK", client.check(request).error
""")
        generated = self.folder / "generated"
        subprocess.run([ROOT / "clients/python/generate", generated], check=True, capture_output=True)
        environment = dict(os.environ, PYTHONPATH=f"{generated}:{ROOT / 'clients/python'}")
        subprocess.run([sys.executable, "-B", script, self.address, TRACEPARENT, "none at all"],
                       cwd=self.folder, env=environment, check=True, timeout=60)

    def secrets(self):
        """What must not be seen: name and bytes."""
        for name in (ALICE, STRANGER, MAIL, CALLER):
            yield name, name.lstrip("+").encode()
        yield "a number as it is dialled", b"0639980001"
        files = [*(self.folder / "data/keys").iterdir(), *self.folder.glob("*.key")]
        for file in sorted(files):
            text = file.read_text().strip()
            if "BEGIN" not in text:
                yield file.name, text.encode()
                yield file.name + " value", base64.b64decode(text)
                continue
            der = base64.b64decode("".join(line for line in text.splitlines() if "-" not in line))
            yield file.name, der
            # The private value itself: 32 bytes after the tag of an octet string.
            at = der.find(b"\x04\x20")
            self.assertGreaterEqual(at, 0, file.name)
            yield file.name + " value", der[at + 2:at + 34]
        for name in ("token", "old-token"):
            token = self.text(name).strip()
            yield name, token.encode()
            for part in token.split(".")[1:]:
                yield name + " part", part.encode()

    def test_nobody_is_seen_and_everything_is_counted(self):
        self.start_protected("--access-log", "all")
        self.make_calls()
        self.ask_in_python()
        page = self.metrics()
        self.check_page(page)
        self.check_access_log()
        self.stop()
        self.check_audit_log()
        seen = {"metrics": page.encode(), "log": (self.folder / "log").read_bytes(),
                "audit log": (self.folder / "data/audit.log").read_bytes()}
        searched = 0
        for name, secret in self.secrets():
            if len(secret) < 8:
                continue
            for form in forms(secret):
                searched += 1
                for place, content in seen.items():
                    self.assertNotIn(form, content, f"{name} stands in the {place}")
        self.assertGreater(searched, 150)
        self.assertNotIn(b"acme", seen["metrics"], "no company in any metric")

    def check_page(self, page):
        shown = dict(re.findall(r"^# TYPE (\w+) (\w+)$", page, re.MULTILINE))
        declared = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|",
                                   (ROOT / "docs/reference/metrics.md").read_text(), re.MULTILINE))
        self.assertEqual(shown, {name: kind for name, kind in declared.items() if name not in ABSENT})
        for line in page.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) .*|\w+(\{(\w+="[^"]*",?)+\})? [-+.\deE]+|\w+ Nan)$')
        self.assertRegex(page, r'consent_decisions_total\{way="unary",channel="SMS",verdict="denied",'
                               r'reason="NO_PERMISSION"\} 1\n')
        self.assertIn('consent_rpcs_total{method="ContactService/CheckAndConsume",code="PERMISSION_DENIED"} 1\n',
                      page)
        for reason in ("NO_CREDENTIALS", "BAD_CREDENTIALS", "CREDENTIALS_EXPIRED", "NOT_ALLOWED"):
            self.assertRegex(page, rf'consent_gate_refusals_total{{reason="{reason}"}} [1-9]')
        self.assertIn("consent_clock_believed 1\n", page)
        started = float(re.search(r"^process_start_time_seconds (\S+)$", page, re.MULTILINE).group(1))
        self.assertLess(abs(time.time() - started), 120)
        self.assertIn("consent_token_keys 1\n", page)
        self.assertRegex(page, r'consent_store_log_sync_duration_seconds_count [1-9]')
        self.assertRegex(page, r'consent_journal_entries\{journal="consumers"\} [1-9]')

    def check_access_log(self):
        lines = self.await_lines("log", 20, "event", "call")
        fields = re.findall(r"^\| `(\w+)` \|", self.section("## The access log"), re.MULTILINE)
        for line in lines:
            self.assertEqual(sorted(line), sorted(fields))
        traced = [line for line in lines if line["trace_id"]]
        self.assertEqual([line["trace_id"] for line in traced], [TRACE, TRACE, TRACE],
                         "over HTTP, from consentctl and from Python; the malformed ones are none")
        self.assertEqual(traced[0]["caller"], ["company:acme"])
        self.assertEqual(traced[0]["method"], "ContactService/Check")

    def check_audit_log(self):
        lines = [json.loads(line) for line in self.text("data/audit.log").splitlines()]
        section = self.section("## The audit log")
        known = set(re.findall(r"`(\w+)`", "".join(
            line.split("|")[1] for line in section.split("| act |")[0].splitlines()
            if line.startswith("| `"))))
        acts = set(re.findall(r"^\| `(\w+)` \|", section.split("| act |")[1], re.MULTILINE))
        for line in lines:
            self.assertLessEqual(set(line), known)
            self.assertIn(line["act"], acts)
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(lines[0]["act"], "service_started")
        self.assertEqual(lines[-1]["act"], "service_stopped")
        done = {line["act"] for line in lines}
        self.assertLessEqual({"directory_changed", "view_read", "turned_away", "consumer_erased",
                              "dossier_read"}, done)
        refused = [line for line in lines if line["act"] == "turned_away"]
        self.assertIn(["company:acme"], [line["caller"] for line in refused], "who, where it is known")
        self.assertEqual((self.folder / "data/audit.log").stat().st_mode & 0o777, 0o600)

    def section(self, title):
        page = (ROOT / "docs/reference/logs.md").read_text()
        return page.split(title + "\n")[1].split("\n## ")[0]

    def test_by_default_only_what_was_refused_has_a_line(self):
        self.start_protected()
        self.ctl("admin", "company", "add", "acme", "--name", "Acme SAS")
        self.ctl("nobody", "party", "acme", expect=None)
        (line,) = self.await_lines("log", 1, "event", "call")
        self.assertEqual((line["status"], line["reason"], line["caller"]),
                         ("UNAUTHENTICATED", "NO_CREDENTIALS", []))

    def test_the_page_is_read_and_nothing_else(self):
        self.start()
        for path, method, code in (("/metrics", "POST", 405), ("/", "GET", 404),
                                   ("/metrics/x", "GET", 404), ("/metrics", "DELETE", 405)):
            request = urllib.request.Request(self.metrics_url + path, method=method,
                                             data=b"" if method == "POST" else None)
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=20)
            self.assertEqual(refused.exception.code, code, (path, method))
            refused.exception.close()

    def test_settings_that_are_wrong_are_named(self):
        for words, named in ((("--metrics", "9464"), "metrics: expected HOST:PORT"),
                             (("--metrics", "127.0.0.1:99999"), "metrics: "),
                             (("--access-log", "some"), "--access-log"),
                             (("--audit-log", "nowhere/audit.log"), "audit-log: ")):
            ended = subprocess.run([BIN / "consentd", "--data", "data", *words], cwd=self.folder,
                                   capture_output=True, text=True, timeout=START_SECONDS_MAX)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn(named, ended.stderr)


if __name__ == "__main__":
    unittest.main()
