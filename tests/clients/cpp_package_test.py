# SPDX-License-Identifier: Apache-2.0
"""Installs the C++ client alone, builds the quickstart against it from outside the tree, and runs it.

    cpp_package_test.py BUILD_DIR CMAKE CXX [FLAG...]
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from quickstart_case import QuickstartCase

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD, CMAKE, CXX, *FLAGS = sys.argv[1:]


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{words}\n{done.stdout}{done.stderr}")


def environment_of_a_stranger():
    """Without what names this tree or its builds."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("CMAKE_", "CONSENT_"))}


class CppPackageTest(QuickstartCase):
    @classmethod
    def setUpClass(cls):
        cls.outside = pathlib.Path(tempfile.mkdtemp(prefix="consent-package-"))
        cls.addClassCleanup(shutil.rmtree, cls.outside)
        cls.prefix = cls.outside / "prefix"
        run(CMAKE, "--install", BUILD, "--component", "client", "--prefix", cls.prefix)
        shutil.copytree(ROOT / "clients" / "cpp", cls.outside / "dialer")
        run(CMAKE, "-S", cls.outside / "dialer", "-B", cls.outside / "build",
            f"-DCMAKE_PREFIX_PATH={cls.prefix}", f"-DCMAKE_CXX_COMPILER={CXX}",
            f"-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror {' '.join(FLAGS)}")
        run(CMAKE, "--build", cls.outside / "build")
        cls.command = [cls.outside / "build" / "quickstart"]
        cls.environment = environment_of_a_stranger()
        super().setUpClass()

    def test_the_headers_stand_alone(self):
        """Each compiles by itself, with nothing but the standard library to be found."""
        headers = sorted((self.prefix / "include" / "consent").glob("*.h"))
        self.assertGreaterEqual(len(headers), 3)
        for header in headers:
            for line in header.read_text().splitlines():
                if line.startswith("#include") and "consent/" not in line:
                    self.assertRegex(line, r"^#include <[a-z_]+>$")
            run(CXX, "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c++",
                f"-I{self.prefix / 'include'}", header)

    def test_only_what_a_client_needs_is_installed(self):
        files = {str(path.relative_to(self.prefix)) for path in self.prefix.rglob("*")
                 if path.is_file()}
        strange = {path for path in files
                   if not path.startswith("include/consent/") and "cmake/consent/" not in path
                   and not path.endswith(".a")}
        self.assertEqual(strange, set())

    def test_nothing_installed_names_the_tree(self):
        for path in self.prefix.rglob("*.cmake"):
            self.assertNotIn(str(ROOT), path.read_text(), path)


if __name__ == "__main__":
    del QuickstartCase  # It has no command of its own.
    unittest.main(argv=sys.argv[:1], verbosity=2)
