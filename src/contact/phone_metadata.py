# SPDX-License-Identifier: Apache-2.0
"""Reads the data compiled into the installed libphonenumber: one Region for each of its records.

Used by the scripts that make the frozen tables; nothing at build or run time needs it. The data is
a PhoneMetadataCollection in protobuf's wire format, of which only the fields named here are read.
"""

import ctypes
from dataclasses import dataclass

LIBRARY = "libphonenumber.so.8"


@dataclass(frozen=True)
class Region:
    code: int  # calling code
    name: str  # ISO 3166-1, or "001" for codes that belong to no region
    main: bool  # speaks for the calling code where several regions share it
    lengths: tuple  # of national numbers that can be dialled from abroad
    prefix: str  # what may precede a national number: a regular expression, or ""
    prefix_rewrites: bool  # whether more than leaving the prefix out may happen
    leading_digits: str  # tells the region from others with its code: a regular expression, or ""
    fixed_lines: str  # national numbers of fixed lines: a regular expression


def _fields(data):
    at = 0

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
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        elif key & 7 == 2:
            size = varint()
            yield key >> 3, data[at : at + size]
            at += size
        else:
            raise ValueError(f"wire type {key & 7} is not used by this data")


def _region(data):
    of = dict(_fields(data))  # the fields used here occur once

    def text(number):
        return of.get(number, b"").decode()

    lengths = tuple(value for number, value in _fields(of[1]) if number == 9)
    return Region(
        code=of[10],
        name=text(9),
        main=bool(of.get(22, 0)),
        lengths=lengths,
        prefix=text(15),
        prefix_rewrites=16 in of,
        leading_digits=text(23),
        fixed_lines=dict(_fields(of[2])).get(2, b"").decode(),
    )


def regions():
    """All records, by calling code, the main region of each code first."""
    library = ctypes.CDLL(LIBRARY)
    get = library._ZN4i18n12phonenumbers12metadata_getEv
    get.restype = ctypes.c_void_p
    size = library._ZN4i18n12phonenumbers13metadata_sizeEv
    collection = ctypes.string_at(get(), size())
    found = [_region(data) for number, data in _fields(collection) if number == 1]
    return sorted(found, key=lambda region: (region.code, not region.main, region.name))
