#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the golden statements without any code of ours: Python's standard library alone.

Read from each *.json beside this file: that the pre-authentication encoding of the payload has the
hash it says, that the signature verifies (RFC 8032 and FIPS 186-4, written out below), that ids
are what docs/formats/statement.md says, and that payload and envelope are the protobuf messages
they say, field by field as far as the header of a statement goes. The functions `pae` and `low_s`
are not written here but taken from the recipe in that page, so that the recipe is tested too.
"""

import base64
import datetime
import hashlib
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "formats" / "statement.md"
TYPE = "application/vnd.consent-ledger.statement.v1+protobuf"
BODIES = {"key_binding": 10, "grant": 11, "claim": 12, "revocation": 13, "block": 14,
          "unblock": 15, "view_request": 16, "erase_request": 17, "preferences": 18,
          "contract_claim": 19, "contest": 20, "callback_request": 21, "holder_change": 22}


def recipe():
    """The names defined by the first Python block of the page."""
    names = {}
    exec(re.search(r"```python\n(.*?)```", PAGE.read_text(), re.S).group(1), names)
    return names


# Ed25519 as in RFC 8032, section 6: slow and plain.
P25519 = 2**255 - 19
L25519 = 2**252 + 27742317777372353535851937790883648493
D25519 = -121665 * pow(121666, -1, P25519) % P25519


def ed_add(a, b):
    p, d = P25519, D25519
    (x1, y1), (x2, y2) = a, b
    t = d * x1 * x2 * y1 * y2 % p
    return ((x1 * y2 + x2 * y1) * pow(1 + t, -1, p) % p,
            (y1 * y2 + x1 * x2) * pow(1 - t, -1, p) % p)


def ed_times(k, point):
    total = (0, 1)
    while k:
        if k & 1:
            total = ed_add(total, point)
        point = ed_add(point, point)
        k >>= 1
    return total


def ed_point(data):
    p = P25519
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(D25519 * y * y + 1, -1, p) % p
    x = pow(square, (p + 3) // 8, p)
    if (x * x - square) % p:
        x = x * pow(2, (p - 1) // 4, p) % p
    assert (x * x - square) % p == 0, "not a point of the curve"
    return (p - x if x & 1 != sign else x, y)


ED_BASE = ed_point((4 * pow(5, -1, P25519) % P25519).to_bytes(32, "little"))


def ed_bytes(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def ed_public(seed):
    h = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return ed_bytes(ed_times((h & (2**254 - 8)) | 2**254, ED_BASE))


def ed_verify(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L25519
    right = ed_add(ed_point(signature[:32]), ed_times(h, ed_point(key)))
    return s < L25519 and ed_times(s, ED_BASE) == right


# ECDSA on P-256 as in FIPS 186-4, in affine coordinates; None is the point at infinity.
P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G256 = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def p256_add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P256 == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P256)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P256)
    x = (slope * slope - a[0] - b[0]) % P256
    return (x, (slope * (a[0] - x) - a[1]) % P256)


def p256_times(k, point):
    total = None
    while k:
        if k & 1:
            total = p256_add(total, point)
        point = p256_add(point, point)
        k >>= 1
    return total


def p256_verify(key, message, signature):
    point = (int.from_bytes(key[:32], "big"), int.from_bytes(key[32:], "big"))
    r, s = (int.from_bytes(signature[i:i + 32], "big") for i in (0, 32))
    if not (0 < r < N256 and 0 < s <= N256 // 2):
        return False
    z = int.from_bytes(hashlib.sha256(message).digest(), "big")
    w = pow(s, -1, N256)
    sum_ = p256_add(p256_times(z * w % N256, G256), p256_times(r * w % N256, point))
    return sum_ is not None and sum_[0] % N256 == r


def fields(data):
    """A protobuf message as {number: [values]}; submessages stay bytes."""
    out, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = varint()
        value = varint()
        if tag & 7 == 2:
            value, at = data[at:at + value], at + value
        else:
            assert tag & 7 == 0, "unexpected wire type"
        out.setdefault(tag >> 3, []).append(value)
    return out


def check(path, page):
    vector = json.loads(path.read_text())
    raw = {name: bytes.fromhex(vector[name]) for name in
           ("public_key", "key_id", "payload", "pae_sha256", "signature", "envelope", "id")}
    message = page["pae"](TYPE.encode(), raw["payload"])
    assert vector["payload_type"] == TYPE
    assert hashlib.sha256(message).digest() == raw["pae_sha256"], "pae_sha256"
    assert hashlib.sha256(raw["payload"]).digest()[:16] == raw["id"], "id"
    assert hashlib.sha256(raw["public_key"]).digest()[:16] == raw["key_id"], "key_id"

    signature = raw["signature"]
    forged = message[:-1] + bytes([message[-1] ^ 1])
    if vector["algorithm"] == "Ed25519":
        key = raw["public_key"][12:]
        assert ed_public(bytes.fromhex(vector["seed"])) == key, "public_key"
        assert ed_verify(key, message, signature), "signature"
        assert not ed_verify(key, forged, signature), "a forged payload verifies"
    else:
        key = raw["public_key"][27:]
        assert p256_verify(key, message, signature), "signature"
        assert not p256_verify(key, forged, signature), "a forged payload verifies"
        high = signature[:32] + (N256 - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
        assert page["low_s"](high) == signature, "low_s does not bring a high s down"
        assert page["low_s"](signature) == signature, "low_s changes a low s"

    envelope = fields(raw["envelope"])
    assert envelope[1] == [TYPE.encode()] and envelope[2] == [raw["payload"]], "envelope"
    assert fields(envelope[3][0]) == {1: [raw["public_key"]], 2: [signature]}, "signatures"

    payload, says = fields(raw["payload"]), vector["statement"]
    assert payload[1] == [base64.b64decode(says["statement_id"])], "statement_id"
    assert payload[2] == [says["audience"].encode()], "audience"
    moment = fields(payload[3][0])
    signed_at = datetime.datetime.fromisoformat(says["signed_at"].replace("Z", "+00:00"))
    assert moment[1][0] + moment[2][0] / 1e9 == signed_at.timestamp(), "signed_at"
    assert payload[4] == [says["contact_point"].encode()], "contact_point"
    body = [name for name in BODIES if name in says]
    assert len(body) == 1 and set(payload) == {1, 2, 3, 4, BODIES[body[0]]}, "body"


def main():
    page = recipe()
    paths = sorted(HERE.glob("*.json"))
    assert len(paths) >= 15, "vectors are missing"
    for path in paths:
        try:
            check(path, page)
        except AssertionError as fault:
            sys.exit(f"{path.name}: {fault}")
    print(f"{len(paths)} statements, all as they say")


if __name__ == "__main__":
    main()
