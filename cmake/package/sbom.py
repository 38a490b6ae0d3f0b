# SPDX-License-Identifier: Apache-2.0
"""Says what the programs are made of: a software bill of materials in SPDX 2.3 JSON.

    sbom.py BUILD --version V --out FILE      e.g. sbom.py build/release --version 0.1.0 --out x.json

Two kinds of things are listed, each a Debian package with its exact version and source: those whose
shared libraries the programs load (DYNAMIC_LINK), as the loader resolves them, and those whose headers
were compiled into them (BUILD_DEPENDENCY_OF), as the compiler noted them. Nothing is guessed: a file
that no package owns is an error. The same build gives the same bytes.
"""

import argparse
import collections
import hashlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

PROGRAMS = ("consentd", "consentctl")
SYSTEM = ("/usr/include/", "/usr/lib/", "/lib/")

Package = collections.namedtuple("Package", "name version architecture source")


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def loaded_by(program):
    """The shared libraries that the loader would load."""
    return {match.group(1) for match in re.finditer(r"=> (/\S+) \(", output_of("ldd", program))}


def compiled_into(build):
    """The system's headers that the objects of the service were compiled from."""
    found = set()
    ours = False
    for line in output_of("ninja", "-C", build, "-t", "deps").splitlines():
        if not line.startswith(" "):
            ours = line.startswith(("src/", "proto/")) and "_test.dir/" not in line and (
                "_bench.dir/" not in line and "_fuzz.dir/" not in line)
        elif ours and line.strip().startswith(SYSTEM):
            found.add(os.path.normpath(line.strip()))
    return found


def owners(files):
    """The packages that own the files. The loader's names may be links, or /lib for /usr/lib."""
    names = set()
    asked = sorted(files)
    for at in range(0, len(asked), 500):
        part = asked[at:at + 500]
        answer = subprocess.run(["dpkg-query", "-S", *part], check=False, capture_output=True,
                                text=True).stdout
        owned = {}
        for line in answer.splitlines():
            owner, _, path = line.rpartition(": ")
            owned[path] = owner.split(", ")[0]
        for path in part:
            candidates = [path, os.path.realpath(path)]
            candidates += ["/usr" + name for name in candidates]
            candidates += [name.removeprefix("/usr") for name in candidates]
            owner = next((owned[name] for name in candidates if name in owned), None)
            if owner is None:
                again = subprocess.run(["dpkg-query", "-S", *candidates], check=False,
                                       capture_output=True, text=True).stdout
                if not again:
                    sys.exit(f"sbom: {path}: no package owns it; build with Debian's packages alone")
                owner = again.splitlines()[0].rpartition(": ")[0].split(", ")[0]
            names.add(owner)
    return names


def about(names):
    form = "${Package}\t${Version}\t${Architecture}\t${source:Package} ${source:Version}\n"
    lines = output_of("dpkg-query", "-W", "-f", form, *sorted(names)).splitlines()
    return sorted({Package(*line.split("\t")) for line in lines})


def licence_of(package):
    """What the package says of itself in the machine-readable form; else that it says it in prose."""
    path = f"/usr/share/doc/{package.name}/copyright"
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(r"^Files:\s*\*\s*$.*?^License:\s*(\S+)", file.read(), re.M | re.S)
    except FileNotFoundError:
        found = None
    return found.group(1) if found else "NOASSERTION"


def quoted(word):
    return urllib.parse.quote(word, safe="~.-_")


def entry_of(package, identifier):
    source, version = package.source.split(" ")
    return {
        "SPDXID": identifier,
        "name": package.name,
        "versionInfo": package.version,
        "supplier": "Organization: Debian",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "sourceInfo": f"built from the Debian source package {source} {version}",
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "licenseComments": f"Debian's copyright file says: {licence_of(package)}",
        "copyrightText": "NOASSERTION",
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{quoted(package.name)}@{quoted(package.version)}"
                                f"?arch={package.architecture}&distro=bookworm",
        }],
    }


def document_of(build, version):
    programs = [os.path.join(build, "bin", name) for name in PROGRAMS]
    loaded = about(owners(set().union(*map(loaded_by, programs))))
    compiled = [it for it in about(owners(compiled_into(build))) if it not in loaded]
    when = int(os.environ.get("SOURCE_DATE_EPOCH", max(map(os.path.getmtime, programs))))
    product = "SPDXRef-consent-ledger"
    packages = [{
        "SPDXID": product,
        "name": "consent-ledger",
        "versionInfo": version,
        "supplier": "Organization: consent-ledger",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "Apache-2.0",
        "licenseDeclared": "Apache-2.0",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "APPLICATION",
    }]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", product)]
    for package in loaded + compiled:
        identifier = "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", package.name)
        packages.append(entry_of(package, identifier))
        relations.append((product, "DYNAMIC_LINK", identifier) if package in loaded else
                         (identifier, "BUILD_DEPENDENCY_OF", product))
    content = hashlib.sha256(json.dumps(packages, sort_keys=True).encode()).hexdigest()
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"consent-ledger {version}",
        "documentNamespace": f"https://consent-ledger.example/spdx/{version}/{content}",
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when)),
            "creators": ["Tool: consent-ledger-sbom"],
        },
        "packages": packages,
        "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b}
                          for a, kind, b in relations],
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("build", help="folder of a finished build")
    arguments.add_argument("--version", required=True)
    arguments.add_argument("--out", required=True)
    given = arguments.parse_args()
    document = document_of(given.build, given.version)
    with open(given.out + ".new", "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.write("\n")
    os.replace(given.out + ".new", given.out)


if __name__ == "__main__":
    main()
