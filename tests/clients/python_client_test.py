# SPDX-License-Identifier: Apache-2.0
"""Runs what clients/python/tests holds, with the package as clients/python/generate makes it."""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    with tempfile.TemporaryDirectory(prefix="consent-python-") as made:
        subprocess.run([ROOT / "clients/python/generate", made], check=True)
        path = [made, str(ROOT / "tests/clients")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
        return subprocess.run(
            [sys.executable, "-B", "-m", "unittest", "discover", "-v",
             "-s", ROOT / "clients/python/tests", "-p", "*_test.py"],
            env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
