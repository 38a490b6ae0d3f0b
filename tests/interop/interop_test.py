# SPDX-License-Identifier: Apache-2.0
"""Logs of ours checked by golang.org/x/mod/sumdb, and logs of that checked by ours.

Usage: interop_test.py INTEROP_LOG CHECK_LOG MAKE_LOG
"""

import functools
import http.server
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

INTEROP_LOG, CHECK_LOG, MAKE_LOG = sys.argv[1:4]
SIZES = (1, 2, 255, 256, 257, 1000, 70000)


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=200)


class Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


class InteropTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="interop_")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def succeed(self, *command):
        result = run(*command)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def write(self, size):
        self.succeed(INTEROP_LOG, "write", self.folder, size)
        return (self.folder / "vkey").read_text().strip()

    def test_go_believes_our_logs(self):
        for size in SIZES:
            with self.subTest(size=size), tempfile.TemporaryDirectory() as folder:
                self.succeed(INTEROP_LOG, "write", folder, size)
                said = self.succeed(CHECK_LOG, folder, pathlib.Path(folder) / "vkey")
                self.assertIn(f"{size} entries in ", said)

    def test_go_believes_the_golden_log(self):
        folder = pathlib.Path(__file__).resolve().parents[1] / "golden" / "log"
        self.assertIn("300 entries", self.succeed(CHECK_LOG, folder, folder / "vkey"))

    def test_we_believe_gos_logs(self):
        for size in SIZES:
            with self.subTest(size=size), tempfile.TemporaryDirectory() as folder:
                self.succeed(MAKE_LOG, folder, size)
                self.assertIn(f"{size} entries", self.succeed(INTEROP_LOG, "verify", folder, size))

    def test_a_served_log_is_checked_as_well(self):
        vkey = self.write(1000)
        handler = functools.partial(Quiet, directory=self.folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                url = f"http://127.0.0.1:{server.server_address[1]}/"
                self.assertIn("1000 entries", self.succeed(CHECK_LOG, url, vkey))
                self.assertNotEqual(run(CHECK_LOG, url + "elsewhere", vkey).returncode, 0)
            finally:
                server.shutdown()
                thread.join()

    def test_go_finds_each_flipped_bit(self):
        vkey = self.write(600)
        files = [p for p in self.folder.rglob("*") if p.is_file() and p.name != "vkey"]
        self.assertEqual(len(files), 1 + 3 + 1 + 3)  # Checkpoint, tiles of two levels, bundles.
        for path in files:
            whole = path.read_bytes()
            for place in (0, len(whole) // 2, len(whole) - 2):
                damaged = bytearray(whole)
                damaged[place] ^= 1
                path.write_bytes(damaged)
                with self.subTest(file=path.name, place=place):
                    self.assertNotEqual(run(CHECK_LOG, self.folder, vkey).returncode, 0)
            path.write_bytes(whole)
        self.succeed(CHECK_LOG, self.folder, vkey)

    def test_we_find_each_flipped_bit(self):
        self.succeed(MAKE_LOG, self.folder, 600)
        files = [p for p in self.folder.rglob("*") if p.is_file()]
        self.assertGreater(len(files), 100)
        for path in files[::7] + [self.folder / "checkpoint", self.folder / "vkey"]:
            whole = path.read_bytes()
            damaged = bytearray(whole)
            damaged[len(whole) // 2] ^= 1
            path.write_bytes(damaged)
            with self.subTest(file=path.name):
                self.assertEqual(run(INTEROP_LOG, "verify", self.folder, 600).returncode, 1)
            path.write_bytes(whole)
        self.succeed(INTEROP_LOG, "verify", self.folder, 600)

    def test_another_key_is_not_believed(self):
        self.write(5)
        with tempfile.TemporaryDirectory() as other:
            self.succeed(INTEROP_LOG, "write", other, 5)
            result = run(CHECK_LOG, self.folder, pathlib.Path(other) / "vkey")
        self.assertEqual(result.returncode, 1)
        self.assertIn("checkpoint", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
