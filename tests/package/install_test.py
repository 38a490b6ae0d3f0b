# SPDX-License-Identifier: Apache-2.0
"""Installs the Debian package by dpkg, in a small Debian of its own; starts it, upgrades, removes, purges.

    install_test.py PACKAGE        what `./dev package --test` runs; it needs root and a Debian archive

The small Debian is a folder: systemd does not run in it. What the unit would do around the service,
its user and its folder, is done here by hand.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PACKAGE, DEBIAN = "", ""  # What main() is given, and has made.
CONFIGURATION = "/etc/consentd/consentd.conf"


def output_of(*command, **options):
    done = subprocess.run(command, check=False, capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def make_debian():
    """What is essential, and what the package needs; False where the archive cannot be reached."""
    with open("/etc/os-release", encoding="utf-8") as file:
        (suite,) = re.findall(r"^VERSION_CODENAME=(\S+)$", file.read(), re.MULTILINE)
    sources = [path for path in ["/etc/apt/sources.list", *glob.glob("/etc/apt/sources.list.d/*")]
               if path.endswith((".list", ".sources")) and os.path.exists(path)]
    depends = output_of("dpkg-deb", "--field", PACKAGE, "Depends")
    names = ",".join(re.split(r"[ (|]", part.strip())[0] for part in depends.split(","))
    made = subprocess.run(["mmdebstrap", "--variant=essential", "--format=directory", "--quiet",
                           f"--include={names}", suite, DEBIAN, *sources], check=False,
                          stderr=subprocess.PIPE, text=True)
    if made.returncode != 0:
        print(made.stderr, file=sys.stderr)
    return made.returncode == 0


class InstallTest(unittest.TestCase):
    """One story, told in order."""

    def run_inside(self, *words):
        """Whatever it starts ends with it."""
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--root={DEBIAN}", "--mount-proc",
             "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", *words],
            check=False, capture_output=True, text=True)

    def inside(self, *words):
        done = self.run_inside(*words)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def path(self, name):
        return os.path.join(DEBIAN, name.lstrip("/"))

    def owner_and_mode(self, name):
        return self.inside("stat", "-c", "%U:%G %a", name).strip()

    def user(self):
        return self.inside("getent", "passwd", "consentd").strip().split(":")

    def start_and_ask(self):
        """As the unit does: the folder is the user's, and there is not one capability."""
        self.inside("install", "-d", "-m", "0700", "-o", "consentd", "-g", "consentd", "/var/lib/consentd")
        return self.inside("sh", "-c", """
          setpriv --reuid consentd --regid consentd --clear-groups --no-new-privs --bounding-set=-all \\
            --inh-caps=-all consentd --config /etc/consentd/consentd.conf 2>/tmp/log &
          for i in $(seq 100); do consentctl health >/dev/null 2>&1 && break; sleep 0.1; done
          consentctl health || { cat /tmp/log; exit 1; }
          consentctl ledger && kill $! && wait $!""")

    def test_1_it_installs_and_starts_nothing(self):
        self.inside("dpkg", "-i", "/package.deb")
        self.assertEqual(self.inside("dpkg", "--verify", "consent-ledger"), "")
        name, _, number, _, _, home, shell = self.user()
        self.assertEqual((name, home, shell), ("consentd", "/var/lib/consentd", "/usr/sbin/nologin"))
        self.assertLess(int(number), 1000, "a system's user")
        self.assertEqual(self.owner_and_mode("/etc/consentd"), "root:consentd 750")
        self.assertEqual(self.owner_and_mode(CONFIGURATION), "root:root 644")
        self.assertEqual(self.owner_and_mode("/lib/systemd/system/consentd.service"), "root:root 644")
        self.assertFalse(os.path.exists(self.path("/var/lib/consentd")), "a ledger that nobody named")

    def test_2_it_serves_with_the_settings_it_comes_with(self):
        type(self).ledger = re.search(r"localhost/[0-9a-f]+", self.start_and_ask()).group()
        self.assertEqual(self.owner_and_mode("/var/lib/consentd/keys"), "consentd:consentd 700")

    def test_3_an_upgrade_leaves_settings_and_ledger_alone(self):
        before = self.start_and_ask()
        with open(self.path(CONFIGURATION), "a", encoding="utf-8") as file:
            file.write("log-level = \"warn\"\n")
        self.inside("dpkg", "-i", "/package.deb")
        with open(self.path(CONFIGURATION), encoding="utf-8") as file:
            self.assertIn("log-level = \"warn\"\n", file.read())
        self.assertEqual(self.start_and_ask(), before)

    def test_4_to_remove_it_leaves_settings_and_ledger(self):
        number = self.user()[2]
        self.inside("dpkg", "--remove", "consent-ledger")
        self.assertFalse(os.path.exists(self.path("/usr/bin/consentd")))
        self.assertTrue(os.path.exists(self.path(CONFIGURATION)))
        self.assertTrue(os.path.exists(self.path("/var/lib/consentd/store")))
        self.assertEqual(self.user()[2], number)

    def test_5_to_purge_it_leaves_the_ledger_and_whose_it_is(self):
        self.inside("dpkg", "--purge", "consent-ledger")
        self.assertFalse(os.path.exists(self.path("/etc/consentd")))
        self.assertEqual(self.owner_and_mode("/var/lib/consentd"), "consentd:consentd 700")
        self.assertNotEqual(self.run_inside("dpkg-query", "-W", "consent-ledger").returncode, 0)

    def test_6_installed_again_it_goes_on_with_its_ledger(self):
        self.inside("dpkg", "-i", "/package.deb")
        self.assertIn(type(self).ledger, self.start_and_ask())


def main():
    global PACKAGE, DEBIAN
    PACKAGE = sys.argv[1]
    if os.geteuid() != 0:
        print("NOT tested: that the package installs; that takes root", file=sys.stderr)
        sys.exit(75)
    with tempfile.TemporaryDirectory() as folder:
        DEBIAN = os.path.join(folder, "debian")
        if not make_debian():
            print("NOT tested: that the package installs; no Debian archive within reach", file=sys.stderr)
            sys.exit(75)
        shutil.copy(PACKAGE, os.path.join(DEBIAN, "package.deb"))
        failed = unittest.main(argv=sys.argv[:1] + sys.argv[2:], exit=False, failfast=True)
    sys.exit(not failed.result.wasSuccessful())


if __name__ == "__main__":
    main()
