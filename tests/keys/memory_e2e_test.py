#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nobody reads the keys out of the service's memory: not even another process of the same user, but for
root. Beside it runs a program that does not protect itself, to show that the attempt is a real one.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ.get("CONSENT_BIN_DIR", "build/dev/bin")).resolve()
# Root may read everybody's memory, so as root all of this is done by somebody else.
NOBODY = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
READ = """
import sys
for line in open(f"/proc/{sys.argv[1]}/maps"):
    bounds, modes = line.split()[:2]
    if modes.startswith("r") and "[v" not in line:
        begin, end = (int(bound, 16) for bound in bounds.split("-"))
        memory = open(f"/proc/{sys.argv[1]}/mem", "rb")
        memory.seek(begin)
        assert memory.read(16)
        print("read")
        break
"""
START_SECONDS_MAX = 60


class MemoryTest(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        if NOBODY:
            os.chown(self.folder, NOBODY["user"], NOBODY["group"])
        # Wherever the build lies, the other user may run it here.
        shutil.copy(BIN / "consentd", self.folder)

    def start(self, *words):
        process = subprocess.Popen(words, cwd=self.folder, stderr=subprocess.DEVNULL, **NOBODY)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def read_memory_of(self, process):
        return subprocess.run(["/usr/bin/python3", "-c", READ, str(process.pid)], cwd="/", check=False,
                              capture_output=True, text=True, **NOBODY)

    def test_another_process_of_its_user_reads_nothing(self):
        service = self.start(self.folder / "consentd", "--data", "ledger", "--grpc", "127.0.0.1:0",
                             "--development")
        until = time.monotonic() + START_SECONDS_MAX
        while not (self.folder / "ledger" / "grpc.port").exists():
            self.assertIsNone(service.poll(), "it ended")
            self.assertLess(time.monotonic(), until, "it does not start")
            time.sleep(0.05)
        open_to_all = self.start("/bin/sleep", "60")
        control = self.read_memory_of(open_to_all)
        if control.stdout != "read\n":
            # Yama lets nobody but a parent look: then nothing here says anything of the service.
            self.skipTest(f"this system lets no process read another: {control.stderr.splitlines()[-1:]}")
        tried = self.read_memory_of(service)
        self.assertEqual(tried.stdout, "")
        self.assertIn("PermissionError", tried.stderr)


if __name__ == "__main__":
    unittest.main()
