#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""consentd --http, as curl and an auditor's script see it.

The tree is hashed here anew, from what is served, with nothing but hashlib.
"""

import base64
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

BIN = pathlib.Path(os.environ.get("CONSENT_BIN_DIR", "build/dev/bin")).resolve()
WAIT_SECONDS = 60
ALICE = "+33639980001"


def subtree(hashes):
    """RFC 6962, 2.1: the root over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + subtree(hashes[:split]) + subtree(hashes[split:])).digest()


def tile_name(index):
    name = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        name = f"x{index % 1000:03}/{name}"
    return name


def tiles_of(size):
    """(name, width) of the tiles of level 0 of a tree."""
    for index in range((size + 255) // 256):
        width = min(256, size - index * 256)
        yield tile_name(index) + (f".p/{width}" if width < 256 else ""), width


def entries_of(bundle):
    while bundle:
        (length,) = struct.unpack(">H", bundle[:2])
        yield bundle[2:2 + length]
        bundle = bundle[2 + length:]


class HttpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = pathlib.Path(cls.folder.name) / "ledger"
        with open(cls.folder.name + "/log", "wb") as log:
            cls.server = subprocess.Popen(
                [BIN / "consentd", "--data", cls.data, "--grpc", "127.0.0.1:0", "--http",
                 "127.0.0.1:0", "--origin", "ledger.example"], stdout=log, stderr=log)
        for _ in range(WAIT_SECONDS * 20):
            if (cls.data / "http.port").exists():
                break
            if cls.server.poll() is not None:
                break
            time.sleep(0.05)
        cls.port = int((cls.data / "http.port").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        assert cls.server.wait(WAIT_SECONDS) == 0
        cls.folder.cleanup()

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.headers, answer.read()

    def refused(self, path, data=None, headers={}):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=20)
        with caught.exception as error:
            return error.code, error.read()

    def call(self, method, request):
        answer = urllib.request.urlopen(urllib.request.Request(
            f"http://127.0.0.1:{self.port}/consent.v1.{method}", json.dumps(request).encode(),
            {"Content-Type": "application/json"}), timeout=20)
        with answer:
            return json.load(answer)

    def checkpoint(self, log):
        headers, note = self.get(f"{log}/checkpoint")
        self.assertEqual(headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertIn("no-cache", headers["Cache-Control"])
        origin, size, root = note.decode().split("\n")[:3]
        return origin, int(size), base64.b64decode(root)

    def test_1_companies_ask_with_json(self):
        self.call("DirectoryService/PutParty", {"party": {
            "partyId": "acme", "role": "PARTY_ROLE_COMPANY", "legalName": "Acme"}})
        for number in range(300):
            answer = self.call("ContactService/CheckAndConsume", {
                "contactPoint": ALICE, "company": "acme", "channel": "CHANNEL_CALL",
                "purpose": "PURPOSE_DIRECT_MARKETING", "requestId": f"call-{number}"})
            self.assertEqual(answer["decision"]["verdict"], "VERDICT_DENIED")

    def test_2_the_tree_that_is_served_is_the_one_that_is_signed(self):
        until = time.monotonic() + WAIT_SECONDS
        while self.checkpoint("")[1] < 300 and time.monotonic() < until:
            time.sleep(0.1)
        self.assertGreaterEqual(self.checkpoint("")[1], 300)
        for log, name in (("", "1"), ("/1", "1"), ("/directory", "directory")):
            origin, size, root = self.checkpoint(log)
            self.assertEqual(origin, f"ledger.example/{name}")
            hashes = []
            for tile, width in tiles_of(size):
                headers, body = self.get(f"{log}/tile/0/{tile}")
                self.assertEqual(headers["Content-Type"], "application/octet-stream")
                self.assertIn("immutable", headers["Cache-Control"])
                self.assertEqual(len(body), 32 * width)
                hashes += [body[i:i + 32] for i in range(0, len(body), 32)]
                bundle = list(entries_of(self.get(f"{log}/tile/entries/{tile}")[1]))
                self.assertEqual([hashlib.sha256(b"\x00" + entry).digest() for entry in bundle],
                                 hashes[-width:])
            self.assertEqual(subtree(hashes), root)
            self.assertIn(f"ledger.example/{name}+", self.get(f"{log}/vkey")[1].decode())

    def test_3_nothing_beyond_the_checkpoint_is_served(self):
        for path in ("/tile/0/900", "/tile/entries/900", "/tile/1/001", "/2/checkpoint"):
            self.assertEqual(self.refused(path)[0], 404, path)
        self.assertEqual(self.refused("/tile/0/9")[0], 400)

    def test_4_errors_are_the_protocols(self):
        code, body = self.refused("/consent.v1.ContactService/CheckAndConsume",
                                  json.dumps({"contactPoint": ALICE}).encode(),
                                  {"Content-Type": "application/json"})
        self.assertEqual(code, 400)
        error = json.loads(body)
        self.assertEqual(error["code"], "invalid_argument")
        self.assertEqual(error["details"][0]["debug"]["reason"], "INVALID_FIELD")

    def test_5_other_machines_are_kept_out(self):
        done = subprocess.run(
            [BIN / "consentd", "--data", self.folder.name + "/other", "--http", "0.0.0.0:0"],
            capture_output=True, text=True, timeout=WAIT_SECONDS, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("loopback", done.stderr)
        self.assertFalse(os.path.exists(self.folder.name + "/other"))


if __name__ == "__main__":
    unittest.main()
