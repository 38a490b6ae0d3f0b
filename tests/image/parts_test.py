# SPDX-License-Identifier: Apache-2.0
"""What the container image is made of, without an archive, root or a runtime; and that the chart and the
package mean the same image."""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "cmake", "image"))

import image  # noqa: E402
import packages  # noqa: E402
from tree import Tree, merged  # noqa: E402

ARCHIVE = packages.Archive("""Package: base-files
Version: 12.4
Pre-Depends: awk

Package: libone
Version: 1:2.0-1
Depends: libtwo (>= 1.5), debconf (>= 0.5) | debconf-2.0
Description: one
 Package: not-this-one

Package: libtwo
Version: 1.6
Depends: libone

Package: libthree8
Version: 8
Provides: libthree-a, libthree-b (= 8)

""")


def text_of(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def package_in(folder, name, files, mode=0o644, seconds=1):
    """A package with these files, each changed at that time."""
    inside = os.path.join(folder, name)
    os.makedirs(os.path.join(inside, "DEBIAN"))
    with open(os.path.join(inside, "DEBIAN/control"), "w", encoding="utf-8") as file:
        file.write(f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: x <x@ledger.example>\n"
                   "Description: x\n")
    for path, text in files.items():
        path = os.path.join(inside, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        os.utime(path, (seconds, seconds))
    made = os.path.join(folder, name + ".deb")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", inside, made], check=True,
                   stdout=subprocess.DEVNULL)
    return made


class ClosureTest(unittest.TestCase):

    def chosen(self, depends):
        return set(packages.closure({"Package": "ours", "Depends": depends}, ARCHIVE))

    def test_what_is_needed_brings_what_that_needs(self):
        self.assertEqual(self.chosen("libone (>= 1:2.0), adduser"), {"base-files", "libone", "libtwo"})

    def test_a_name_without_a_package_is_the_one_that_provides_it(self):
        for name in ("libthree-a", "libthree-b"):
            self.assertEqual(self.chosen(name), {"base-files", "libthree8"})

    def test_the_first_alternative_that_fits_is_taken(self):
        self.assertEqual(self.chosen("libnone | libtwo (>= 9) | libthree8"), {"base-files", "libthree8"})

    def test_what_cannot_be_had_is_named_and_by_whom(self):
        for depends in ("libtwo (>= 1.7)", "libone (<< 2.0)", "libnone"):
            with self.assertRaisesRegex(SystemExit, re.escape(depends.replace("(", "").rstrip(")"))):
                self.chosen(depends)


class TreeTest(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def written(self, tree, epoch=86400):
        path = os.path.join(self.folder.name, "layer")
        tree.write(path, epoch)
        return path

    def test_times_and_the_order_of_packages_leave_no_trace(self):
        digests = set()
        for at, names in enumerate((("a", "b"), ("b", "a"))):
            folder = os.path.join(self.folder.name, str(at))
            tree = Tree()
            for name in names:
                tree.package(package_in(folder, name, {f"usr/lib/{name}.so": name}, seconds=1000 * at + 1),
                             lambda name: True)
            with open(self.written(tree), "rb") as file:
                digests.add(hashlib.sha256(file.read()).hexdigest())
        self.assertEqual(len(digests), 1)

    def test_everything_is_of_one_time_and_of_owners_by_number(self):
        tree = Tree()
        tree.file("etc/passwd", "x")
        tree.folder("var/lib/x", 0o700, (7, 8))
        with tarfile.open(self.written(tree)) as layer:
            self.assertEqual(layer.getnames(), ["etc", "etc/passwd", "var", "var/lib", "var/lib/x"])
            self.assertEqual({(it.mtime, it.uname) for it in layer}, {(86400, "")})
            self.assertEqual((layer.getmember("var/lib/x").uid, layer.getmember("var/lib/x").mode),
                             (7, 0o700))

    def test_nothing_that_changes_who_runs_it_comes_in(self):
        tree = Tree()
        tree.package(package_in(self.folder.name, "a", {"usr/lib/su": "x"}, mode=0o6755), lambda name: True)
        with tarfile.open(self.written(tree)) as layer:
            self.assertEqual(layer.getmember("usr/lib/su").mode, 0o755)

    def test_old_places_are_those_in_usr(self):
        self.assertEqual([merged(name) for name in ("./lib/x/y", "./bin", "./usr/lib/x", "./library", "./")],
                         ["usr/lib/x/y", "usr/bin", "usr/lib/x", "library", ""])

    def test_two_packages_that_differ_over_a_file_are_refused(self):
        tree = Tree()
        tree.package(package_in(self.folder.name, "a", {"lib/x": "1"}), lambda name: True)
        with self.assertRaisesRegex(SystemExit, "/usr/lib/x"):
            tree.package(package_in(self.folder.name, "b", {"usr/lib/x": "2"}), lambda name: True)


class ContentTest(unittest.TestCase):

    def test_of_debian_only_what_a_running_program_reads_comes_in(self):
        for name in ("usr/lib/x86_64-linux-gnu/libc.so.6", "usr/share/zoneinfo/Europe/Paris",
                     "usr/share/doc/libc6/copyright", "usr/share/doc/libgcc-s1", "usr/lib/ssl/openssl.cnf",
                     "etc/debian_version", "usr/share/ca-certificates/mozilla/x.crt"):
            self.assertTrue(image.wanted_of_debian(name), name)
        for name in ("usr/bin/openssl", "usr/sbin/x", "usr/share/man/man1/x", "usr/share/locale/fr/x",
                     "usr/share/zoneinfo/right/UTC", "usr/share/doc/libc6/changelog.gz",
                     "usr/lib/ssl/misc/CA.pl"):
            self.assertFalse(image.wanted_of_debian(name), name)


    def test_a_package_is_noted_as_dpkg_would_wherever_it_names_itself(self):
        self.assertEqual(image.installed("Version: 1\nPackage: x\nDescription: y\n Package: z\n"),
                         "Package: x\nStatus: install ok installed\n"
                         "Version: 1\nDescription: y\n Package: z\n")


class AgreementTest(unittest.TestCase):
    """The chart, the package's settings and the image name the same user, programs and folders."""

    def setUp(self):
        self.names = text_of("helm/consent-ledger/templates/_names.tpl")
        self.pod = text_of("helm/consent-ledger/templates/statefulset.yaml")

    def test_the_chart_runs_it_as_its_user(self):
        for field in ("runAsUser", "runAsGroup", "fsGroup"):
            self.assertEqual(re.findall(rf"^{field}: (\S+)$", self.names, re.MULTILINE), [str(image.USER)])
        self.assertIn("readOnlyRootFilesystem: true\n", self.names)

    def test_the_chart_starts_its_program(self):
        (words,) = re.findall(r"command: \[(.*)\]", self.pod)
        self.assertEqual(words.split(", ")[:2], [*image.ENTRYPOINT, image.COMMAND[0]])

    def test_every_volume_of_the_chart_has_its_folder(self):
        writable = set(re.findall(r"- \{name: \S+, mountPath: ([^,}]+)\}", self.pod))
        self.assertEqual(writable, set(image.VOLUMES))

    def test_the_settings_it_comes_with_keep_data_on_its_volume(self):
        settings = text_of("cmake/package/consentd.conf")
        self.assertEqual(re.findall(r'^data = "(.*)"$', settings, re.MULTILINE), [image.DATA])
        self.assertEqual({line.rpartition(":")[2] for line in re.findall(
            r'^(?:grpc|http) = "(.*)"$', settings, re.MULTILINE)},
            {port.partition("/")[0] for port in image.PORTS})


if __name__ == "__main__":
    unittest.main()
