#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the golden vectors of the journal without any code of ours: Python's standard library.

Written from docs/formats/codec.md, entry.md and opening.md. From secret, position and parts it
computes salts, year key, tag, commitment, entry bytes, leaf hash, the parts' encoding, the root of
eleven entries and the head's state, and compares each with the file. Sealed openings are unsealed
too: AES-256-GCM is written out below, slow and plain (FIPS 197, NIST SP 800-38D).
"""

import hashlib
import hmac
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


# The codec.


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def signed(number):
    return varint(number * 2 if number >= 0 else -number * 2 - 1)


def text(data):
    return varint(len(data)) + data


class Cursor:
    def __init__(self, data):
        self.rest = data

    def take(self, size):
        if size > len(self.rest):
            raise ValueError("bytes are missing")
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def number(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                if byte == 0 and shift > 7 or value >= 1 << 64:
                    raise ValueError("a number is longer than it need be, or too large")
                return value


# The table "Parts by kind" of opening.md. A type is a list of fields; "optional" and "list" take the
# field after them.

SUBJECT = [32, "list", "string", "list", "string"]
STATEMENT = ["optional", [16, "signed", "varint", 16, "string"]]
LIMIT = ["string", "varint", "signed", "optional", "signed", ["varint", "varint", "signed"]]
SPAN = ["varint", "signed", "signed"]
GRANT = ["string", "string", "varint", "signed", "signed", "list", LIMIT,
         "list", SPAN, "list", SPAN, "bool", "varint", "signed"]
REQUEST = ["string", "string", "varint", "varint", "signed", "signed", "string",
           "varint", "string", "string", "string", "string"]
REMAINING = ["string", "signed"]
BLOCK = ["string", "varint", 16, "varint", "varint"]
LISTING = ["string", "string", "signed"]
PREFERENCES = ["list", LIMIT, "list", SPAN, "optional", "signed", "varint"]
CONTRACT = ["string", "string", "varint", "string", "signed", "signed", "bool", "varint", "signed"]
CALLBACK = ["string", "string", "varint", "varint", "signed", "signed", "varint", "signed"]
RENAMED = ["list", [32, 32]]
ANSWER = ["varint", "varint", "varint", "string", "string", "string",
          "list", REMAINING, "optional", "signed", "optional", "signed"]
KINDS = {
    1: ([], [SUBJECT, "optional", 16, "optional", 16, *STATEMENT]),
    2: ([GRANT, *STATEMENT], [SUBJECT]),
    3: (["string", "string", *STATEMENT], [SUBJECT]),
    4: ([], ["string", "varint", "varint", "varint", SUBJECT, *STATEMENT]),
    5: ([], ["string", "varint", SUBJECT, *STATEMENT]),
    6: ([REQUEST, ANSWER], ["varint", "string", "string", "list", REMAINING, "optional", "signed",
                            "bool", "optional", SUBJECT]),
    7: (["string", "varint", "varint", "optional", "signed"], ["varint"]),
    8: (["string", "varint"], []),
    9: (["string", "varint", "varint"], []),
    10: ([], ["list", 32, "list", BLOCK, "list", LISTING, "list", 16, "signed", 16]),
    11: (["string", "varint", "varint", 32, "varint", 32, "signed"], []),
    12: ([], [PREFERENCES, SUBJECT, *STATEMENT]),
    13: ([CONTRACT, *STATEMENT], [SUBJECT]),
    14: (["string", "string", *STATEMENT], [SUBJECT]),
    15: ([CALLBACK, *STATEMENT], [SUBJECT]),
    16: ([], [LISTING, "bool", SUBJECT]),
    17: ([], ["bool", "varint", SUBJECT, *STATEMENT]),
}


def read(cursor, field, fields):
    """Takes one field off; `fields` yields those after it."""
    if isinstance(field, list):
        read_all(cursor, field)
    elif isinstance(field, int):
        cursor.take(field)
    elif field == "string":
        cursor.take(cursor.number())
    elif field in ("varint", "signed"):
        cursor.number()
    elif field == "bool":
        if cursor.number() > 1:
            raise ValueError("neither true nor false")
    else:  # optional, list
        item, count = next(fields), cursor.number()
        if field == "optional" and count > 1:
            raise ValueError("neither there nor not")
        for _ in range(count):
            read(cursor, item, iter(()))


def read_all(cursor, wanted):
    fields = iter(wanted)
    for field in fields:
        read(cursor, field, fields)


def is_part(data, wanted, renames=False):
    cursor = Cursor(data)
    version = cursor.take(1)
    if renames and version == b"\x03":
        read_all(cursor, RENAMED)
        version = b"\x02" if data[1] > 0 else version
    read_all(cursor, wanted)
    return version == b"\x02" and cursor.rest == b""


# Derivations from the secret.


def salts_at(secret, position):
    at = position.to_bytes(8, "big")
    first, second = mac(secret, b"salt/1", at), mac(secret, b"salt/2", at)
    return first[:16], first[16:], second[:16]


def commit(salts, parts):
    hashes = [sha256(bytes([i]), salt, part)
              for i, (salt, part) in enumerate(zip(salts, parts), start=1)]
    return sha256(b"\0", *hashes)


# The Merkle tree of RFC 6962.


def tree_root(leaves):
    if len(leaves) == 1:
        return sha256(b"\0", leaves[0])
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1", tree_root(leaves[:half]), tree_root(leaves[half:]))


def right_edge(leaves):
    """The roots of the perfect subtrees that the leaves are cut into, largest first."""
    edge = []
    while leaves:
        size = 1 << (len(leaves).bit_length() - 1)
        edge.append(tree_root(leaves[:size]))
        leaves = leaves[size:]
    return edge


# AES-256-GCM with a nonce of 12 bytes and no associated data.


def times_x(byte):
    return (byte << 1) ^ (0x11B if byte & 0x80 else 0)


def gf_times(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = times_x(a), b >> 1
    return product


def sbox():
    table = []
    for value in range(256):
        inverse = next((i for i in range(256) if gf_times(value, i) == 1), 0)
        out = 0x63
        for shift in range(5):
            out ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        table.append(out)
    return table


SBOX = sbox()


def expand(key):
    words = [key[i:i + 4] for i in range(0, 32, 4)]
    rcon = 1
    for i in range(8, 60):
        word = words[-1]
        if i % 8 == 0:
            word = bytes(SBOX[b] for b in word[1:] + word[:1])
            word = bytes([word[0] ^ rcon]) + word[1:]
            rcon = times_x(rcon)
        elif i % 8 == 4:
            word = bytes(SBOX[b] for b in word)
        words.append(bytes(a ^ b for a, b in zip(word, words[-8])))
    return [b"".join(words[i:i + 4]) for i in range(0, 60, 4)]


def aes(round_keys, block):
    state = bytes(a ^ b for a, b in zip(block, round_keys[0]))
    for number, key in enumerate(round_keys[1:], start=1):
        state = bytes(SBOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16))
        if number < 14:
            mixed = bytearray()
            for column in range(0, 16, 4):
                c = state[column:column + 4]
                for i in range(4):
                    mixed.append(times_x(c[i]) ^ times_x(c[(i + 1) % 4]) ^ c[(i + 1) % 4]
                                 ^ c[(i + 2) % 4] ^ c[(i + 3) % 4])
            state = bytes(mixed)
        state = bytes(a ^ b for a, b in zip(state, key))
    return state


def ghash(h, data):
    total, h = 0, int.from_bytes(h, "big")
    for i in range(0, len(data), 16):
        total ^= int.from_bytes(data[i:i + 16].ljust(16, b"\0"), "big")
        product, shifted = 0, h
        for bit in range(127, -1, -1):
            if total >> bit & 1:
                product ^= shifted
            shifted = shifted >> 1 ^ (0xE1 << 120 if shifted & 1 else 0)
        total = product
    return total.to_bytes(16, "big")


def unseal(key, nonce, sealed):
    round_keys = expand(key)
    body, tag = sealed[:-16], sealed[-16:]

    def stream(counter):
        return aes(round_keys, nonce + counter.to_bytes(4, "big"))

    padded = body + bytes(-len(body) % 16)
    hashed = ghash(aes(round_keys, bytes(16)), padded + bytes(8) + (8 * len(body)).to_bytes(8, "big"))
    if bytes(a ^ b for a, b in zip(hashed, stream(1))) != tag:
        raise ValueError("the seal is broken")
    return b"".join(bytes(a ^ b for a, b in zip(body[i:i + 16], stream(2 + i // 16)))
                    for i in range(0, len(body), 16))


# The checks.

NUMBERS = {"year", "count", "kind", "position", "at", "channel", "reason", "directory_size",
           "size", "last_at", "since", "answers"}


def load(path):
    fields = json.loads(path.read_text())
    return {k: v if k in NUMBERS else bytes.fromhex(v) for k, v in fields.items()}


def check_entry(v):
    parts = (v["contact_part"], v["company_part"], v["ledger_part"])
    salts = salts_at(v["secret"], v["position"])
    year_key = mac(v["secret"], b"tag/1", v["year"].to_bytes(8, "big", signed=True))
    tag = mac(year_key, v["count"].to_bytes(8, "big"))[:16]
    commitment = commit(salts, parts)
    entry = (b"\x01" + varint(v["kind"]) + varint(v["position"]) + signed(v["at"])
             + varint(v["channel"]) + varint(v["reason"]) + varint(v["directory_size"]) + tag
             + commitment + text(v["company"]))
    plain = b"\x01" + text(parts[0]) + text(parts[1]) + text(parts[2])
    opening = v["opening"]
    return {
        "contact_salt": salts[0], "company_salt": salts[1], "ledger_salt": salts[2],
        "year_key": year_key, "tag": tag, "commitment": commitment, "entry": entry,
        "leaf_hash": sha256(b"\0", entry), "parts": plain, "handle": opening[:16],
    }, (unseal(mac(v["secret"], b"seal/1"), commitment[:12], opening[16:]) == plain
        and is_part(parts[1], KINDS[v["kind"]][0])
        and is_part(parts[2], KINDS[v["kind"]][1], renames=True))


def check_plain(v):
    parts = (b"", v["company_part"], b"")
    opening = bytes(16) + b"\x01" + b"".join(text(part) for part in parts)
    return {"commitment": commit((bytes(16),) * 3, parts), "opening": opening}, True


def check_recovered(v):
    """Of no consumer: zero tag and salts, a plain opening."""
    parts = (b"", v["company_part"], v["ledger_part"])
    commitment = commit((bytes(16),) * 3, parts)
    entry = (b"\x01" + varint(v["kind"]) + varint(v["position"]) + signed(v["at"])
             + varint(0) + varint(0) + varint(v["directory_size"]) + bytes(16) + commitment
             + text(b""))
    return {
        "commitment": commitment, "entry": entry, "leaf_hash": sha256(b"\0", entry),
        "opening": bytes(16) + b"\x01" + b"".join(text(part) for part in parts),
    }, all(map(is_part, parts[1:], KINDS[v["kind"]]))


def check_strangers_asked(v):
    """Of the directory: likewise, but its parts have no version, and parts 1 and 3 are empty."""
    part = text(v["company"]) + signed(v["since"]) + varint(v["answers"])
    parts = (b"", part, b"")
    commitment = commit((bytes(16),) * 3, parts)
    entry = (b"\x01" + varint(v["kind"]) + varint(v["position"]) + signed(v["at"])
             + varint(0) + varint(0) + varint(v["directory_size"]) + bytes(16) + commitment
             + text(b""))
    return {
        "company_part": part, "commitment": commitment, "entry": entry,
        "opening": bytes(16) + b"\x01" + b"".join(text(part) for part in parts),
    }, v["kind"] == 74


def check_head(v):
    size = len(v["entries"]) // v["size"]
    leaves = [v["entries"][i:i + size] for i in range(0, len(v["entries"]), size)]
    edge = right_edge(leaves)
    state = (b"\x01" + signed(v["last_at"]) + varint(v["size"]) + varint(len(edge))
             + b"".join(edge))
    return {"root": tree_root(leaves), "state": state}, len(leaves) == v["size"]


def main():
    faults = []
    vectors = sorted(HERE.glob("*.json"))
    for path in vectors:
        check = {"plain": check_plain, "head": check_head, "recovered": check_recovered,
                 "strangers_asked": check_strangers_asked}.get(path.stem, check_entry)
        vector = load(path)
        expected, holds = check(vector)
        faults += [f"{path.name}: {k}: {vector[k].hex()}, expected {expected[k].hex()}"
                   for k in expected if vector[k] != expected[k]]
        if not holds:
            faults.append(f"{path.name}: the opening does not hold the parts")
    if len(vectors) != 21:
        faults.append(f"expected 21 vectors, found {len(vectors)}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(vectors)} vectors, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
