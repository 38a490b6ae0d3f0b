# SPDX-License-Identifier: Apache-2.0
"""A file tree in memory, filled from packages and written as one layer of an image.

The same content gives the same bytes: names are sorted, every time is the given one, owners are numbers.
"""

import io
import subprocess
import sys
import tarfile

# Debian's packages still name these; its systems have them as links into /usr.
MERGED = {"bin": "usr/bin", "lib": "usr/lib", "lib32": "usr/lib32", "lib64": "usr/lib64",
          "libx32": "usr/libx32", "sbin": "usr/sbin"}


def merged(name):
    """The name below the root, with what lies in /usr where it lies."""
    name = name.lstrip("./")
    first, slash, rest = name.partition("/")
    return MERGED[first] + slash + rest if first in MERGED else name


class Tree:
    def __init__(self):
        self.entries = {}  # By name: what tar says of it, and its bytes.

    def _add(self, info, content):
        before = self.entries.get(info.name)
        if before is None or (before[0].isdir() and info.isdir()):
            self.entries.setdefault(info.name, (info, content))
        elif before[1] != content or before[0].linkname != info.linkname:
            sys.exit(f"image: two packages bring /{info.name}, and not the same one")

    def _entry(self, name, kind, mode, owner):
        info = tarfile.TarInfo(name.strip("/"))
        info.type, info.mode, info.uid, info.gid = kind, mode, *owner
        return info

    def folder(self, name, mode=0o755, owner=(0, 0)):
        """Makes it, or says anew whose it is."""
        self.entries[name.strip("/")] = (self._entry(name, tarfile.DIRTYPE, mode, owner), None)

    def file(self, name, text, mode=0o644, owner=(0, 0)):
        content = text.encode()
        info = self._entry(name, tarfile.REGTYPE, mode, owner)
        info.size = len(content)
        self.entries[info.name] = (info, content)

    def link(self, name, target):
        info = self._entry(name, tarfile.SYMTYPE, 0o777, (0, 0))
        info.linkname = target
        self._add(info, None)

    def package(self, path, wanted):
        """Takes from a package whatever `wanted`, asked for each name, agrees to."""
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", path], stdout=subprocess.PIPE) as reader:
            with tarfile.open(fileobj=reader.stdout, mode="r|") as archive:
                for info in archive:
                    info.name = merged(info.name)
                    if not info.name or not wanted(info.name):
                        continue
                    info.mode &= 0o1777  # Nothing here changes who runs it.
                    content = archive.extractfile(info).read() if info.isreg() else None
                    if info.islnk():  # A second name for a file that came before.
                        first, content = self.entries[merged(info.linkname)]
                        info.type, info.size, info.linkname = first.type, first.size, ""
                    self._add(info, content)
        if reader.returncode != 0:
            sys.exit(f"image: {path}: dpkg-deb cannot read it")

    def read(self, name):
        return self.entries[name][1]

    def write(self, path, epoch_seconds):
        """Writes all entries, and the folders above them, as a tar file."""
        for name in list(self.entries):
            while "/" in name:
                name = name.rpartition("/")[0]
                if name not in self.entries:
                    self.folder(name)
        with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as archive:
            for _, (info, content) in sorted(self.entries.items()):
                info.mtime, info.uname, info.gname, info.pax_headers = epoch_seconds, "", "", {}
                archive.addfile(info, None if content is None else io.BytesIO(content))
