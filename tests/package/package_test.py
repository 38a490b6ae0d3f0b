# SPDX-License-Identifier: Apache-2.0
"""Makes the Debian package of a build and does with it what dpkg would, short of installing it."""

import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = sys.argv.pop() if len(sys.argv) > 1 else os.path.join(ROOT, "build", "release")


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class PackageTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        subprocess.run([sys.executable, "-B", os.path.join(ROOT, "cmake/package/sbom.py"), BUILD,
                        "--version", "0", "--out", os.path.join(BUILD, "consent-ledger.spdx.json")],
                       check=True)
        made = subprocess.run(["cpack", "-G", "DEB", "-B", cls.folder.name], cwd=BUILD, check=False,
                              capture_output=True, text=True)
        assert made.returncode == 0, made.stdout + made.stderr
        (cls.package,) = glob.glob(os.path.join(cls.folder.name, "*.deb"))
        cls.unpacked = os.path.join(cls.folder.name, "unpacked")
        subprocess.run(["dpkg-deb", "-x", cls.package, cls.unpacked], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def inside(self, path):
        return os.path.join(self.unpacked, path.lstrip("/"))

    def test_it_says_what_it_is_and_needs(self):
        def field(name):
            return output_of("dpkg-deb", "--field", self.package, name).strip()
        self.assertEqual(field("Package"), "consent-ledger")
        self.assertEqual(field("Architecture"), output_of("dpkg", "--print-architecture").strip())
        for library in ("libgrpc++", "librocksdb", "libssl3", "tzdata", "adduser"):
            self.assertIn(library, field("Depends"))

    def test_it_holds_the_service_and_nothing_else(self):
        lines = output_of("dpkg-deb", "--contents", self.package).splitlines()
        files = sorted(line.split()[5][1:] for line in lines if not line.startswith("d"))
        documents = "/usr/share/doc/consent-ledger/"
        self.assertEqual(files, sorted(
            ["/usr/bin/consentd", "/usr/bin/consentctl", "/etc/consentd/consentd.conf",
             "/lib/systemd/system/consentd.service"] +
            [documents + name for name in ("copyright", "configuration.md", "consentctl.md",
                                           "consent-ledger.spdx.json", "keys.md", "recover.md",
                                           "CHANGELOG.md")]))
        for line in lines:
            self.assertEqual(line.split()[1], "root/root", line)
            self.assertNotRegex(line[:10], r"^.....w|^........w|s", line)

    def test_it_says_what_it_is_made_of(self):
        path = self.inside("/usr/share/doc/consent-ledger/consent-ledger.spdx.json")
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        self.assertEqual(document["spdxVersion"], "SPDX-2.3")
        packages = {it["SPDXID"]: it for it in document["packages"]}
        kinds = {it["relationshipType"]: {} for it in document["relationships"]}
        for it in document["relationships"]:
            other = it["relatedSpdxElement"]
            if it["relationshipType"] == "BUILD_DEPENDENCY_OF":
                other = it["spdxElementId"]
            kinds[it["relationshipType"]][packages[other]["name"]] = packages[other]["versionInfo"]
        # The packager found out by itself which libraries the package needs.
        depends = output_of("dpkg-deb", "--field", self.package, "Depends")
        needed = {re.split(r"[ (|]", it.strip())[0] for it in depends.split(",")}
        needed -= {"adduser", "tzdata", "ca-certificates"}
        provided = output_of("dpkg-query", "-W", "-f", "${Provides}, ", *kinds["DYNAMIC_LINK"])
        provided = {re.split(r"[ (]", it.strip())[0] for it in provided.split(",")}
        self.assertLessEqual(needed, set(kinds["DYNAMIC_LINK"]) | provided)
        for header_only in ("libcli11-dev", "nlohmann-json3-dev"):
            self.assertIn(header_only, kinds["BUILD_DEPENDENCY_OF"])
        for name, version in kinds["DYNAMIC_LINK"].items():
            self.assertEqual(output_of("dpkg-query", "-W", "-f", "${Version}\n", name).split()[0],
                             version)

    def test_the_unit_is_sound_and_confined(self):
        unit = self.inside("/lib/systemd/system/consentd.service")
        with open(unit, encoding="utf-8") as file:
            text = file.read()
        command = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE).group(1)
        self.assertEqual(command, "/usr/bin/consentd --config /etc/consentd/consentd.conf")
        if shutil.which("systemd-analyze") is None:
            self.skipTest("no systemd on this machine")
        checked = subprocess.run(["systemd-analyze", "verify", unit], check=False,
                                 capture_output=True, text=True)
        complaints = [line for line in checked.stderr.splitlines()
                      if "/usr/bin/consentd is not executable" not in line]
        self.assertEqual(complaints, [])
        # 10 is a process without bounds; what is left to this one is the network and its folder.
        subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=15", unit],
                       check=True, capture_output=True)

    def test_the_unit_lets_threads_lower_their_priority(self):
        with open(self.inside("/lib/systemd/system/consentd.service"), encoding="utf-8") as file:
            filters = re.findall(r"^SystemCallFilter=(.*)$", file.read(), re.MULTILINE)
        # Later ones add to and take from earlier ones; @resources holds setpriority.
        denied = max(i for i, names in enumerate(filters) if names.startswith("~"))
        self.assertIn("setpriority", filters[denied + 1:])

    def test_its_settings_name_no_folder_that_the_unit_may_not_write(self):
        with open(self.inside("/lib/systemd/system/consentd.service"), encoding="utf-8") as file:
            (folders,) = re.findall(r"^StateDirectory=(.*)$", file.read(), re.MULTILINE)
        folders = ["/var/lib/" + name for name in folders.split()]
        with open(self.inside("/etc/consentd/consentd.conf"), encoding="utf-8") as file:
            written = re.findall(r'^(?:# )?(?:data|guard|backup) = "(.*)"$', file.read(), re.MULTILINE)
        self.assertEqual(len(written), 3)
        for path in written:
            self.assertTrue(any(f"{path}/".startswith(f"{folder}/") for folder in folders), path)

    def test_the_service_starts_with_the_settings_it_comes_with(self):
        data = os.path.join(self.folder.name, "data")
        with open(self.inside("/etc/consentd/consentd.conf"), encoding="utf-8") as file:
            settings = file.read()
        settings = settings.replace("/var/lib/consentd", data)
        settings = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:0", settings)
        path = os.path.join(self.folder.name, "consentd.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(settings)
        with subprocess.Popen([self.inside("/usr/bin/consentd"), "--config", path],
                              stderr=subprocess.PIPE, text=True) as server:
            try:
                port = os.path.join(data, "grpc.port")
                until = time.monotonic() + 60
                while not os.path.exists(port) and time.monotonic() < until:
                    self.assertIsNone(server.poll(), "it ended")
                    time.sleep(0.05)
                with open(port, encoding="utf-8") as file:
                    address = "127.0.0.1:" + file.read().strip()
                shown = output_of(self.inside("/usr/bin/consentctl"), "ledger", "--server", address)
                self.assertIn("localhost/", shown)
                self.assertEqual(os.stat(os.path.join(data, "keys")).st_mode & 0o777, 0o700)
            finally:
                server.send_signal(signal.SIGTERM)
                server.communicate(timeout=60)
        self.assertEqual(server.returncode, 0)

    def test_its_scripts_are_scripts(self):
        control = os.path.join(self.folder.name, "control")
        subprocess.run(["dpkg-deb", "-e", self.package, control], check=True)
        self.assertEqual(sorted(os.listdir(control)),
                         ["conffiles", "control", "md5sums", "postinst", "postrm", "prerm"])
        for script in ("postinst", "prerm", "postrm"):
            subprocess.run(["sh", "-n", os.path.join(control, script)], check=True)
            self.assertTrue(os.access(os.path.join(control, script), os.X_OK))
        with open(os.path.join(control, "postrm"), encoding="utf-8") as file:
            self.assertNotIn("rm ", file.read(), "the ledger outlives its package")


if __name__ == "__main__":
    unittest.main()
