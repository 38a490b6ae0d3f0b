#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the golden log from docs/formats/tlog.md alone, with Python's standard library.

Everything but the Ed25519 signature, which the standard library cannot verify.
"""

import base64
import hashlib
import pathlib
import struct

FOLDER = pathlib.Path(__file__).resolve().parent


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node(root(hashes[:split]), root(hashes[split:]))


def read(kind, index, width):
    name = f"tile/{kind}/{index:03}" + (f".p/{width}" if width < 256 else "")
    return (FOLDER / name).read_bytes()


def entries_of(bundle):
    while bundle:
        size = struct.unpack(">H", bundle[:2])[0]
        assert len(bundle) >= 2 + size
        yield bundle[2:2 + size]
        bundle = bundle[2 + size:]


def path_root(hash_, index, size, proof):
    """RFC 9162, 2.1.3.2."""
    first, last = index, size - 1
    for step in proof:
        assert last
        if first & 1 or first == last:
            hash_ = node(step, hash_)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            hash_ = node(hash_, step)
        first, last = first >> 1, last >> 1
    assert last == 0
    return hash_


origin, size, root64, empty, line = (FOLDER / "checkpoint").read_text().split("\n")[:5]
size = int(size)
assert empty == "" and base64.b64encode(base64.b64decode(root64)).decode() == root64

name, key_id, key64 = (FOLDER / "vkey").read_text().strip().split("+", 2)
key = base64.b64decode(key64)
assert name == origin and key[0] == 1 and len(key) == 33
assert hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == key_id
dash, signer, signature = line.split(" ")
assert (dash, signer) == ("\u2014", origin)
assert base64.b64decode(signature)[:4].hex() == key_id and len(base64.b64decode(signature)) == 68

hashes, entries = [], []
for index in range((size + 255) // 256):
    width = min(256, size - index * 256)
    bundle = list(entries_of(read("entries", index, width)))
    assert len(bundle) == width
    assert read(0, index, width) == b"".join(map(leaf, bundle)), f"tile 0/{index}"
    hashes += map(leaf, bundle)
    entries += bundle
full = [root(hashes[i:i + 256]) for i in range(0, size - 255, 256)]
assert read(1, 0, len(full)) == b"".join(full)
assert base64.b64encode(root(hashes)).decode() == root64

for receipt in sorted(FOLDER.glob("*.tlog-proof")):
    head, checkpoint = receipt.read_text().split("\n\n", 1)
    header, extra, index, *proof = head.split("\n")
    assert header == "c2sp.org/tlog-proof@v1" and checkpoint == (FOLDER / "checkpoint").read_text()
    index = int(index.removeprefix("index "))
    assert entries[index] in base64.b64decode(extra.removeprefix("extra "))
    found = path_root(hashes[index], index, size, [base64.b64decode(step) for step in proof])
    assert base64.b64encode(found).decode() == root64, receipt.name

print(f"{size} entries, their tiles and {len(list(FOLDER.glob('*.tlog-proof')))} receipts agree")
