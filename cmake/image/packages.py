# SPDX-License-Identifier: Apache-2.0
"""Which Debian packages an image needs, and their files, from wherever this machine's apt gets its own.

apt decides on versions and checks signatures; nothing is installed, nobody need be root.
"""

import os
import re
import subprocess
import sys

# What a package needs in order to be configured or asked about. An image is not configured: it comes
# as it is, and nothing runs in it but the service.
NOT_NEEDED_TO_RUN = frozenset({"adduser", "awk", "debconf", "dpkg", "install-info"})

FIRST = ("base-files",)  # What says that this is Debian, and the texts of the licences.


def output_of(*command, cwd=None):
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd)
    if done.returncode != 0:
        sys.exit(f"image: {' '.join(command[:3])} failed: {done.stderr.strip()}")
    return done.stdout


def fields_of(stanza):
    """A paragraph of Debian's control files, without what runs over several lines."""
    return dict(re.findall(r"^([A-Za-z0-9-]+): (.*)$", stanza, re.MULTILINE))


def dependencies_of(fields):
    """Lists of alternatives: (name, relation, version), the last two empty where any version does."""
    for part in f"{fields.get('Pre-Depends', '')},{fields.get('Depends', '')}".split(","):
        if part.strip():
            yield [re.fullmatch(r"([^ :(]+)(?::\S+)?(?: \((\S+) ([^)]+)\))?",
                                alternative.strip()).groups("")
                   for alternative in part.split("|")]


def satisfied(version, relation, wanted):
    return not relation or subprocess.run(
        ["dpkg", "--compare-versions", version, relation, wanted], check=False).returncode == 0


class Archive:
    """What apt would install today."""

    def __init__(self, text):
        self.stanzas = {match.group(1): match.span() for match in re.finditer(
            r"^Package: (\S+)\n(?:.+\n)*", text, re.MULTILINE)}
        self.text = text

    def find(self, name):
        """The fields of the package, or of the one package that stands for a name without one."""
        if name not in self.stanzas:
            standing = [other for other in re.findall(
                rf"^Package: (\S+)\n(?:.+\n)*?Provides: (?:.*, )?{re.escape(name)}(?:[ ,].*)?$",
                self.text, re.MULTILINE)]
            if len(standing) != 1:
                return None
            name = standing[0]
        begin, end = self.stanzas[name]
        return fields_of(self.text[begin:end])


def closure(package, archive):
    """Name and fields of every package that the given fields need, and those need, and so on."""
    chosen = {}
    asking = [("an image", [(name, "", "")]) for name in FIRST]
    asking += [(package["Package"], needed) for needed in dependencies_of(package)]
    while asking:
        by, needed = asking.pop()
        if any(name in chosen or name in NOT_NEEDED_TO_RUN for name, _, _ in needed):
            continue
        known = ((archive.find(name), relation, version) for name, relation, version in needed)
        fields = next((fields for fields, relation, version in known if fields is not None and
                       satisfied(fields["Version"], relation, version)), None)
        if fields is None:
            words = " | ".join(" ".join(one).strip() for one in needed)
            sys.exit(f"image: {by} needs {words}, and this machine's apt offers nothing that fits; "
                     "build the package on the Debian release whose archive apt reads, or run "
                     "apt-get update")
        if fields["Package"] not in chosen:
            chosen[fields["Package"]] = fields
            asking += [(fields["Package"], others) for others in dependencies_of(fields)]
    return chosen


def download(chosen, folder):
    """The packages' files in the folder, in the order of their names."""
    os.makedirs(folder, exist_ok=True)
    # apt checks what it fetches by the archive's signature; as root it would do so as a user who may
    # have no way into the folder.
    output_of("apt-get", "-qq", "-o", "Acquire::Retries=3", "-o", "APT::Sandbox::User=root", "download",
              *[f"{name}={fields['Version']}" for name, fields in sorted(chosen.items())], cwd=folder)
    files = []
    for name, fields in sorted(chosen.items()):
        version = fields["Version"].replace(":", "%3a")
        files.append(os.path.join(folder, f"{name}_{version}_{fields['Architecture']}.deb"))
        if not os.path.exists(files[-1]):
            sys.exit(f"image: apt-get download has left no {files[-1]}")
    return files
