#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds README and docs/ against the programs: snippets run, links lead somewhere, tables are whole.

A snippet that is run is a ```sh block after a line `<!-- run: NAME -->`. It runs in an empty folder
with the programs on the PATH and free ports in place of 7420, 7480 and 7490; a command that fails,
fails the test.
What it starts in the background is ended with its process group.
"""

import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("CONSENT_BIN_DIR", ROOT / "build/dev/bin"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")),
         *sorted((ROOT / "clients").rglob("*.md"))]
SNIPPET = re.compile(r"<!-- run: ([a-z-]+) -->\n```sh\n(.*?)```", re.S)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
SNIPPET_SECONDS_MAX = 60
# Starting takes a moment; until the port is written, commands would find nobody.
WAIT = 'for i in $(seq 200); do [ -s ledger/grpc.port ] && break; sleep 0.05; done\n'


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(script):
    """Runs a snippet; returns its exit code and all it printed."""
    port = str(free_port())
    script = re.sub(r"^(consentd .*&)$", r"\1\n" + WAIT, script, flags=re.M)
    script = script.replace("7420", port).replace("7480", str(free_port()))
    script = script.replace("7490", str(free_port()))
    environment = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}",
                       CONSENT_SERVER=f"127.0.0.1:{port}")
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(["bash", "-euo", "pipefail", "-c", script], cwd=folder,
                                   env=environment, start_new_session=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            code = process.wait(SNIPPET_SECONDS_MAX)
        finally:
            try:
                os.killpg(process.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        with process.stdout as printed:
            return code, printed.read()


class DocsTest(unittest.TestCase):
    def test_snippets_run(self):
        names = []
        for page in PAGES:
            for name, script in SNIPPET.findall(page.read_text()):
                names.append(name)
                with self.subTest(page=page.name, snippet=name):
                    code, printed = run(script)
                    self.assertEqual(code, 0, printed)
        self.assertIn("start", names)

    def test_links_lead_somewhere(self):
        for page in PAGES:
            text = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
            for target in LINK.findall(text):
                if "://" in target or target.startswith("mailto:"):
                    continue
                with self.subTest(page=str(page.relative_to(ROOT)), link=target):
                    self.assertTrue((page.parent / target).exists())

    def test_every_error_reason_has_its_row(self):
        proto = (ROOT / "proto/consent/v1/error_reason.proto").read_text()
        reasons = set(re.findall(r"ERROR_REASON_([A-Z_]+) = [1-9]", proto))
        page = (ROOT / "docs/reference/errors.md").read_text()
        self.assertEqual(reasons, set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.M)))

    def test_every_setting_has_its_row(self):
        text = subprocess.run([BIN / "consentd", "--help"], capture_output=True, text=True,
                              check=True).stdout
        settings = set(re.findall(r"^  (--[a-z-]+)", text, re.M)) - {"--version"}
        page = (ROOT / "docs/reference/configuration.md").read_text()
        self.assertEqual(settings, set(re.findall(r"^\| `(--[a-z-]+)` \|", page, re.M)))

    def test_every_defence_names_what_shows_it(self):
        page = (ROOT / "docs/audit/threat-model.md").read_text()
        guards = "".join(page.read_text() for page in (ROOT / "tests/mutation").glob("*guards.py"))
        guards = set(re.findall(r'Guard\("([a-z0-9-]+)"', guards))
        rows = re.findall(r"^\| (?!---)(.*) \|$", page, re.M)
        shown = [row.split(" | ")[-1] for row in rows if not row.endswith("shown by")]
        self.assertGreater(len(shown), 20)
        for cell in shown:
            self.assertRegex(cell, r"^`[^`]+`( `[^`]+`)*$")
        for name in re.findall(r"`([^`]+)`", " ".join(shown)):
            with self.subTest(name=name):
                self.assertTrue(name in guards or (ROOT / name).exists())

    def test_readme_is_short(self):
        self.assertLessEqual(len((ROOT / "README.md").read_text().splitlines()), 120)


if __name__ == "__main__":
    unittest.main()
