# SPDX-License-Identifier: Apache-2.0
"""The container image as `./dev image` has made it: looked into, run as nobody on a root that cannot be
written, and made once more. `./dev image --test` runs this; it needs root, to lock a process in.

The image is unpacked by umoci and run by runc, which share no code with what wrote it.
"""

import glob
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MADE, PACKAGE, EPOCH = "", "", ""  # What main() is given.

ALICE = "+33639980042"


def output_of(*command, **options):
    done = subprocess.run(command, check=False, capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


class Container:
    """One that may do less than any runtime's default lets it: no capability, no network but its own
    loopback, nothing to write but its data."""

    def __init__(self, unpacked, data):
        self.folder, self.data, self.process = unpacked, data, None
        self.name = f"consent-ledger-{os.getpid()}"
        with open(os.path.join(unpacked, "config.json"), encoding="utf-8") as file:
            self.config = json.load(file)
        self.runtime = ["runc", f"--root={unpacked}/runc"]

    def _confine(self):
        process = self.config["process"]
        process.update(terminal=False, noNewPrivileges=True, capabilities={}, rlimits=[])
        self.config["root"]["readonly"] = True
        self.config["mounts"] = [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "ro"]},
            {"destination": "/var/lib/consentd", "type": "bind", "source": self.data,
             "options": ["bind", "rw", "nosuid", "nodev", "noexec"]}]
        self.config["linux"] = {
            "namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts", "network")]}
        with open(os.path.join(self.folder, "config.json"), "w", encoding="utf-8") as file:
            json.dump(self.config, file)

    def __enter__(self):
        self._confine()
        self.process = subprocess.Popen([*self.runtime, "run", "--bundle", self.folder, self.name],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        until = time.monotonic() + 30
        while self.ask("health").returncode != 0:
            if self.process.poll() is not None or time.monotonic() > until:
                self._delete()
                raise AssertionError("it does not serve: " + self.process.communicate()[0])
            time.sleep(0.2)
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            self._delete()

    def _delete(self):
        """Kills whatever still runs in it."""
        subprocess.run([*self.runtime, "delete", "--force", self.name], check=False, capture_output=True)

    def ask(self, *words):
        return subprocess.run([*self.runtime, "exec", self.name, "/usr/bin/consentctl", *words],
                              check=False, capture_output=True, text=True)

    def do(self, *words):
        done = self.ask(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def pid(self):
        return json.loads(output_of(*self.runtime, "state", self.name))["pid"]

    def stop(self):
        """By SIGTERM; returns the exit code."""
        subprocess.run([*self.runtime, "kill", self.name, "TERM"], check=False, capture_output=True)
        self.process.communicate(timeout=30)
        return self.process.returncode


class ImageTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.unpacked = os.path.join(cls.folder.name, "unpacked")
        with open(os.path.join(MADE, "oci/index.json"), encoding="utf-8") as file:
            (manifest,) = json.load(file)["manifests"]
        cls.tag = manifest["annotations"]["org.opencontainers.image.ref.name"]
        cls.digest = manifest["digest"]
        output_of("umoci", "unpack", "--image", f"{MADE}/oci:{cls.tag}", cls.unpacked)

    def inside(self, path):
        return os.path.join(self.unpacked, "rootfs", path.lstrip("/"))

    def blob(self, digest):
        with open(os.path.join(MADE, "oci/blobs", digest.replace(":", "/")), encoding="utf-8") as file:
            return json.load(file)

    def volume(self):
        """An empty folder as a runtime makes one for a volume: of the owner that the image says."""
        data = os.path.join(self.folder.name, self.id())
        owner = os.stat(self.inside("/var/lib/consentd"))
        os.mkdir(data, 0o700)
        os.chown(data, owner.st_uid, owner.st_gid)
        return data

    def everything(self):
        for folder, folders, files in os.walk(self.inside("/")):
            for name in folders + files:
                path = os.path.join(folder, name)
                yield path[len(self.inside("/")) - 1:], os.lstat(path)

    def test_it_says_what_it_is(self):
        config = self.blob(self.blob(self.digest)["config"]["digest"])
        self.assertEqual(config["config"]["User"], "65532:65532")
        self.assertEqual(config["config"]["Entrypoint"], ["/usr/bin/consentd"])
        self.assertEqual(config["config"]["Volumes"], {"/var/lib/consentd": {}})
        labels = config["config"]["Labels"]
        self.assertEqual(labels, self.blob(self.digest)["annotations"])
        self.assertEqual("consent-ledger:" + labels["org.opencontainers.image.version"], self.tag)
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(EPOCH)))
        self.assertEqual({config["created"], labels["org.opencontainers.image.created"],
                          *(layer["created"] for layer in config["history"])}, {when})
        self.assertRegex(labels["org.opencontainers.image.revision"], r"^[0-9a-f]{40}(-dirty)?$")

    def test_there_is_nothing_to_run_but_the_service(self):
        programs = {name for name, status in self.everything()
                    if stat.S_ISREG(status.st_mode) and status.st_mode & 0o111 and
                    not re.search(r"\.so(\.|$)", name)}
        self.assertEqual(programs, {"/usr/bin/consentd", "/usr/bin/consentctl"})
        for name in ("sh", "bash", "dash", "busybox", "perl", "python3", "apt", "dpkg", "openssl"):
            self.assertFalse(os.path.lexists(self.inside("/usr/bin/" + name)), name)

    def test_its_user_owns_the_volumes_and_nothing_else(self):
        owned, open_to_all, set_id = set(), set(), set()
        for name, status in self.everything():
            if status.st_uid != 0:
                owned.add(name)
            if status.st_mode & 0o002 and not stat.S_ISLNK(status.st_mode):
                open_to_all.add(name)
            if status.st_mode & 0o6000:
                set_id.add(name)
        self.assertEqual(owned, {"/var/lib/consentd", "/var/lib/consentd-backup",
                                 "/var/lib/consentd-guard"})
        self.assertLessEqual(open_to_all, {"/tmp", "/var/tmp", "/var/lock"})
        self.assertEqual(set_id, set())

    def test_scanners_find_every_package(self):
        with open(self.inside("/var/lib/dpkg/status"), encoding="utf-8") as file:
            found = dict(re.findall(r"^Package: (\S+)\nStatus: install ok installed\n(?:.*\n)*?"
                                    r"Version: (\S+)\n", file.read(), re.MULTILINE))
        for name in ("consent-ledger", "base-files", "ca-certificates", "libc6", "librocksdb7.8",
                     "libgrpc++1.51", "libssl3", "tzdata"):
            self.assertIn(name, found)
        # The loader, asked about the image alone, finds each library in a package of that list.
        loaded = output_of("chroot", self.inside("/"), "/lib64/ld-linux-x86-64.so.2", "--list",
                           "/usr/bin/consentd")
        for library in re.findall(r"=> (/\S+) ", loaded):
            path = os.path.realpath(self.inside(library))
            self.assertTrue(path.startswith(self.inside("/")), library)
        self.assertNotIn("not found", loaded)
        for name in found:
            self.assertTrue(os.path.exists(self.inside(f"/usr/share/doc/{name}/copyright")) or
                            os.path.islink(self.inside(f"/usr/share/doc/{name}")), name)

    def test_authorities_are_there_for_those_who_look_by_hash_and_for_those_who_read_one_file(self):
        links = [name for name, _ in self.everything()
                 if re.fullmatch(r"/etc/ssl/certs/[0-9a-f]{8}\.\d", name)]
        with open(self.inside("/etc/ssl/certs/ca-certificates.crt"), encoding="utf-8") as file:
            together = file.read()
        self.assertEqual(together.count("BEGIN CERTIFICATE"), len(links))
        self.assertGreater(len(links), 100)
        for link in links:
            with open(self.inside(os.readlink(self.inside(link))), encoding="utf-8") as file:
                self.assertIn(file.read(), together)
        self.assertEqual(os.readlink(self.inside("/usr/lib/ssl/certs")), "/etc/ssl/certs")

    def test_it_serves_as_nobody_on_a_root_that_cannot_be_written(self):
        data = self.volume()
        with Container(self.unpacked, data) as ledger:
            with open(f"/proc/{ledger.pid()}/status", encoding="utf-8") as file:
                status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
            self.assertEqual(set(status["Uid"].split()) | set(status["Gid"].split()), {"65532"})
            for kind in ("Eff", "Prm", "Inh", "Bnd", "Amb"):
                self.assertEqual(int(status["Cap" + kind], 16), 0, kind)
            self.assertEqual(status["NoNewPrivs"], "1")
            with open(f"/proc/{ledger.pid()}/mountinfo", encoding="utf-8") as file:
                mounts = {line.split()[4]: line.split()[5] for line in file}
            writable = {where for where, how in mounts.items() if how.split(",")[0] == "rw"}
            self.assertEqual(writable, {"/proc", "/var/lib/consentd"})

            # A signed permission, used up: zones, keys and the store are all there.
            ledger.do("company", "add", "acme", "--name", "Acme SAS")
            ledger.do("registrar", "add", "town-hall", "--name", "Town Hall")
            keys = {name: f"/var/lib/consentd/{name}.pem" for name in ("registrar", "alice")}
            for path in keys.values():
                ledger.do("keys", "new", "--out", path)
            ledger.do("key", "add", "town-hall", "--key", keys["registrar"])
            ledger.do("bind", ALICE, "--registrar-key", keys["registrar"], "--key", keys["alice"])
            ledger.do("grant", ALICE, "--key", keys["alice"], "--company", "acme", "--limit",
                      "calls:CALL:1/YEAR")
            call = ["consume", ALICE, "--company", "acme", "--channel", "CALL", "--request-id"]
            self.assertIn("ALLOWED", ledger.do(*call, "call-1"))
            self.assertEqual(ledger.stop(), 0)
        with Container(self.unpacked, data) as ledger:
            again = ledger.ask(*call, "call-2")
            self.assertEqual(again.returncode, 3, again.stdout + again.stderr)
            self.assertIn("LIMIT_REACHED", again.stdout)

    def test_made_once_more_elsewhere_it_is_the_same_to_the_byte(self):
        other = os.path.join(self.folder.name, "a longer name")
        os.mkdir(other)
        # apt keeps what it has; only the making is repeated.
        shutil.copytree(os.path.join(MADE, "packages"), os.path.join(other, "packages"))
        config = self.blob(self.blob(self.digest)["config"]["digest"])["config"]
        output_of(sys.executable, "-B", os.path.join(ROOT, "cmake/image/image.py"), "--package", PACKAGE,
                  "--out", other, "--epoch", EPOCH, "--revision",
                  config["Labels"]["org.opencontainers.image.revision"],
                  env={"PATH": os.environ["PATH"], "TZ": "Asia/Kolkata", "LC_ALL": "C"},
                  preexec_fn=lambda: os.umask(0o077))
        with open(os.path.join(other, "digest"), encoding="utf-8") as file:
            self.assertEqual(file.read().strip(), self.digest)
        (first,), (second,) = glob.glob(f"{MADE}/*.oci.tar"), glob.glob(f"{other}/*.oci.tar")
        subprocess.run(["cmp", first, second], check=True)


def main():
    global MADE, PACKAGE, EPOCH
    MADE, PACKAGE, EPOCH = sys.argv[1:4]
    if os.geteuid() != 0:
        print("NOT tested: the image; to run it confined takes root", file=sys.stderr)
        sys.exit(75)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])


if __name__ == "__main__":
    main()
