# SPDX-License-Identifier: Apache-2.0
"""Makes a container image of the service out of its Debian package, as `./dev image` does:

    image.py --package DEB --out DIR --epoch SECONDS --revision COMMIT

Two layers: the libraries that the package needs, from Debian's archive, and the package itself. No shell,
no package manager, nothing that is set-uid; what is within stands in /var/lib/dpkg/status, where scanners
look. DIR/oci is an OCI image layout, DIR/NAME_VERSION_ARCH.oci.tar the same in one file, DIR/digest its
digest. The same packages and the same SECONDS give the same bytes. Nobody need be root.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

import packages
from tree import Tree

# The user of the service. The chart says the same number; a test compares them.
USER = 65532
DATA = "/var/lib/consentd"
# Folders for volumes: whatever is mounted there first takes over their owner.
VOLUMES = (DATA, "/var/lib/consentd-backup", "/var/lib/consentd-guard")
CONFIGURATION = "/etc/consentd/consentd.conf"
ENTRYPOINT = ("/usr/bin/consentd",)
COMMAND = ("--config", CONFIGURATION)
PORTS = ("7420/tcp", "7421/tcp")

PASSWD = f"""root:x:0:0:root:/root:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
consentd:x:{USER}:{USER}:Consent ledger:{DATA}:/usr/sbin/nologin
"""
GROUP = f"root:x:0:\nnogroup:x:65534:\nconsentd:x:{USER}:\n"
# Names of hosts are looked up in /etc/hosts first.
NSSWITCH = "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"

# For people, other programs, or a boot that never comes.
LEFT_OUT = re.compile(
    r"usr/(s?bin|games)/|usr/lib/ssl/misc|usr/share/zoneinfo/(right|posix)"
    r"|usr/share/(?!ca-certificates|common-licenses|doc|zoneinfo)[^/]+"
    r"|etc/(ca-certificates|default|issue|kernel|motd|profile|skel|update-motd)")


def wanted_of_debian(name):
    if name.startswith("usr/share/doc/"):  # What licences ask to be kept; some packages share it by a link.
        return name.endswith("/copyright") or name.count("/") == 3
    return not LEFT_OUT.match(name)


def wanted_of_service(name):
    return not name.startswith("usr/lib/systemd")


def trust(tree):
    """Certificates as update-ca-certificates leaves them: by hash for OpenSSL, in one file for gRPC."""
    with tempfile.TemporaryDirectory() as folder:
        together, seen = b"", {}
        for name in sorted(tree.entries):
            if not name.startswith("usr/share/ca-certificates/") or not name.endswith(".crt"):
                continue
            path = os.path.join(folder, "certificate")
            with open(path, "wb") as file:
                file.write(tree.read(name))
            digest = packages.output_of("openssl", "x509", "-noout", "-hash", "-in", path).strip()
            seen[digest] = seen.get(digest, -1) + 1
            tree.link(f"etc/ssl/certs/{digest}.{seen[digest]}", "/" + name)
            together += tree.read(name)
    tree.file("etc/ssl/certs/ca-certificates.crt", together.decode())


def libraries(files):
    tree = Tree()
    for name, target in (("bin", "usr/bin"), ("lib", "usr/lib"), ("sbin", "usr/sbin")):
        tree.folder(target)
        tree.link(name, target)
    for name in ("dev", "proc", "run", "sys"):
        tree.folder(name)
    for file in files:
        tree.package(file, wanted_of_debian)
    if any(name.startswith("usr/lib64/") for name in tree.entries):
        tree.link("lib64", "usr/lib64")
    trust(tree)
    return tree


def installed(control):
    """What dpkg would note of a package, by what its control file says."""
    name = re.compile(r"^Package: .*\n", re.MULTILINE)
    return name.search(control).group() + "Status: install ok installed\n" + name.sub("", control)


def service(package, files):
    tree = Tree()
    tree.package(package, wanted_of_service)
    tree.file("etc/passwd", PASSWD)
    tree.file("etc/group", GROUP)
    tree.file("etc/nsswitch.conf", NSSWITCH)
    tree.folder(os.path.dirname(CONFIGURATION), 0o750, (0, USER))
    for volume in VOLUMES:
        tree.folder(volume, 0o700, (USER, USER))
    tree.file("var/lib/dpkg/status", "\n".join(sorted(
        installed(packages.output_of("dpkg-deb", "--field", file)) for file in [*files, package])))
    return tree


def umoci(*words):
    done = subprocess.run(["umoci", *words], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"image: umoci {words[0]} failed: {done.stderr.strip()}")


def labels_of(fields, when, revision):
    return {"created": when, "description": fields["Description"], "licenses": "Apache-2.0",
            "revision": revision, "title": fields["Package"], "version": fields["Version"]}


def assemble(layout, fields, layers, when, revision):
    """Writes an OCI image layout; returns the digest of the image's manifest."""
    image = f"{layout}:{fields['Package']}:{fields['Version']}"
    umoci("init", "--layout", layout)
    umoci("new", "--image", image)
    for layer, words in layers:
        umoci("raw", "add-layer", "--image", image, "--history.created", when,
              "--history.created_by", words, layer)
    config = ["--created", when, "--no-history", "--os", "linux",
              "--architecture", fields["Architecture"], "--config.user", f"{USER}:{USER}",
              "--config.workingdir", "/", "--config.stopsignal", "SIGTERM", "--config.volume", DATA]
    for option, values in (("entrypoint", ENTRYPOINT), ("cmd", COMMAND), ("exposedports", PORTS)):
        for value in values:
            config += [f"--config.{option}", value]
    for name, value in sorted(labels_of(fields, when, revision).items()):
        label = f"org.opencontainers.image.{name}={value}"
        config += ["--config.label", label, "--manifest.annotation", label]
    umoci("config", "--image", image, *config)
    umoci("gc", "--layout", layout)
    with open(os.path.join(layout, "index.json"), encoding="utf-8") as file:
        return re.search(r'"digest":"(sha256:[0-9a-f]{64})"', file.read()).group(1)


def bundle(layout, path, epoch_seconds):
    """The layout in one file."""
    def same(info):
        info.mtime, info.uid, info.gid, info.uname, info.gname = epoch_seconds, 0, 0, "", ""
        info.mode = 0o755 if info.isdir() else 0o644
        return info
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as archive:
        for folder, folders, files in os.walk(layout):
            folders.sort()
            for name in sorted(files):
                full = os.path.join(folder, name)
                archive.add(full, os.path.relpath(full, layout), filter=same)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--package", required=True)
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--epoch", type=int, required=True)
    arguments.add_argument("--revision", required=True)
    given = arguments.parse_args()
    os.umask(0o022)
    fields = packages.fields_of(packages.output_of("dpkg-deb", "--field", given.package))
    layout = os.path.join(given.out, "oci")
    shutil.rmtree(layout, ignore_errors=True)
    os.makedirs(given.out, exist_ok=True)
    archive = packages.Archive(packages.output_of("apt-cache", "dumpavail"))
    files = packages.download(packages.closure(fields, archive), os.path.join(given.out, "packages"))
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(given.epoch))
    with tempfile.TemporaryDirectory(dir=given.out) as folder:
        layers = []
        for name, tree, words in (("libraries", libraries(files), "libraries, by apt"),
                                  ("service", service(given.package, files), "consent-ledger, by dpkg")):
            layers.append((os.path.join(folder, name), words))
            tree.write(layers[-1][0], given.epoch)
        digest = assemble(layout, fields, layers, when, given.revision)
    path = os.path.join(given.out, "{Package}_{Version}_{Architecture}.oci.tar".format_map(fields))
    bundle(layout, path, given.epoch)
    with open(os.path.join(given.out, "digest"), "w", encoding="utf-8") as file:
        file.write(digest + "\n")
    print(f"{path}: {digest}, {len(files) + 1} packages, {os.path.getsize(path) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
