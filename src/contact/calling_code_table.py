#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints calling_code_table.inc from the data of the installed libphonenumber.

    src/contact/calling_code_table.py > src/contact/calling_code_table.inc

The table is frozen (calling_code.h says why): run this to see what newer data would change, not to
follow it. The output depends on nothing but that data.

For a number in international form libphonenumber takes the main region of its calling code, removes
a national prefix where the region's expression matches and what remains is of a possible length (or
too long), and then asks whether the length is possible. So a number is certainly left alone when
the expression cannot match at its first digit, or when nothing that it could remove leaves such a
length. Where the expression rewrites the number, nothing is certain.
"""

import re._constants as op
import re._parser as parser

from phone_metadata import regions

MAX_E164_DIGITS = 15
DIGITS = range(10)


def first_digits(tokens):
    """The digits with which a match can begin, and whether a match can be empty."""
    digits = set()
    for kind, value in tokens:
        if kind == op.LITERAL:
            found, empty = {int(chr(value))}, False
        elif kind == op.IN:
            found, empty = set(), False
            for what, item in value:
                if what == op.LITERAL:
                    found.add(int(chr(item)))
                elif what == op.RANGE:
                    found.update(d for d in DIGITS if item[0] <= ord(str(d)) <= item[1])
                elif what == op.CATEGORY and item == op.CATEGORY_DIGIT:
                    found.update(DIGITS)
                else:
                    raise ValueError(f"unexpected {what} in a set")
        elif kind == op.SUBPATTERN:
            found, empty = first_digits(value[-1])
        elif kind == op.BRANCH:
            branches = [first_digits(branch) for branch in value[1]]
            found, empty = set().union(*(b[0] for b in branches)), any(b[1] for b in branches)
        elif kind == op.MAX_REPEAT:
            found, empty = first_digits(value[2])
            empty = empty or value[0] == 0
        elif kind == op.AT:
            found, empty = set(), True
        else:
            raise ValueError(f"unexpected {kind}")
        digits |= found
        if not empty:
            return digits, False
    return digits, True


def mask(values):
    return sum(1 << value for value in set(values))


def row(region):
    longest = MAX_E164_DIGITS - len(str(region.code))
    lengths = [n for n in region.lengths if n <= longest]
    digits, certain = set(), []
    if region.prefix:
        pattern = parser.parse(region.prefix)
        digits, empty = first_digits(pattern)
        if empty and region.prefix_rewrites:
            digits = set(DIGITS)
        if not region.prefix_rewrites:
            shortest_prefix, longest_prefix = (int(width) for width in pattern.getwidth())
            removed = range(max(shortest_prefix, 1), longest_prefix + 1)
            accepted = set(region.lengths) | set(range(max(region.lengths) + 1, 32))
            certain = [n for n in lengths if not any(n - k in accepted for k in removed)]
    return f"{{{region.code}, {mask(lengths):#06x}, {mask(digits):#05x}, {mask(certain):#06x}}},"


def main():
    print("// SPDX-License-Identifier: Apache-2.0")
    print("//")
    print("// Made by calling_code_table.py from libphonenumber 8.12.57; frozen, see calling_code.h.")
    print("// {code, lengths, prefix_digits, prefix_lengths}")
    seen = set()
    for region in regions():
        if region.code not in seen:
            seen.add(region.code)
            print(row(region))


if __name__ == "__main__":
    main()
