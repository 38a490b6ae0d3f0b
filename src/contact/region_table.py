#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints region_table.inc from the data of the installed libphonenumber.

    src/contact/region_table.py > src/contact/region_table.inc

The table is frozen (region.h says why): run this to see what newer data would change.

A calling code stands for all regions that use it. Where the data tell regions apart by the digits
that follow, the code is split: the islands, Canada and the United States in the North American
plan, Kazakhstan beside Russia. Two states whose law differs from their country's are told by their
area codes, which are listed here.
"""

import re

from phone_metadata import regions

# ISO 3166-1 SH is Saint Helena, Ascension and Tristan da Cunha.
SAME_REGION = {"AC": "SH", "TA": "SH"}

# Area codes in use or assigned, by the plan's administrator.
STATES = {
    "US-FL": (239, 305, 321, 324, 352, 386, 407, 448, 561, 645, 656, 689, 727, 728, 754, 772, 786,
              813, 850, 863, 904, 941, 954),
    "US-OK": (405, 539, 572, 580, 918),
}

# Ranges by their leading digits, after the calling code. The rest of +262 is used in both regions.
RANGES = {
    ("262", "262"): "RE",
    ("262", "263"): "RE",
    ("262", "69"): "RE",
    ("262", "269"): "YT",
    ("262", "63"): "YT",
}

AREA_CODES = range(200, 1000)
SUBSCRIBER = "2345678"  # Possible in every area code.


def north_america(sharing, rows):
    everywhere = [region.name for region in sharing]
    rows["1"] = everywhere + list(STATES)  # What no region is known to own may be anywhere.
    for area in AREA_CODES:
        number = f"{area}{SUBSCRIBER}"
        owners = [r.name for r in sharing
                  if (re.match(r.leading_digits, number) if r.leading_digits
                      else re.fullmatch(r.fixed_lines, number))]
        states = [state for state, codes in STATES.items() if area in codes]
        if states:
            owners = ["US"] + states
        if owners:
            rows[f"1{area}"] = owners


def main():
    by_code = {}
    for region in regions():
        if region.name != "001":
            by_code.setdefault(region.code, []).append(region)

    rows = {}
    for code, sharing in by_code.items():
        if code == 1:
            north_america(sharing, rows)
            continue
        names = [SAME_REGION.get(region.name, region.name) for region in sharing]
        rows[str(code)] = list(dict.fromkeys(names))
    rows["7"], rows["77"], rows["733"] = ["RU"], ["KZ"], ["KZ"]
    for (code, digits), region in RANGES.items():
        rows[code + digits] = [region]

    print("// SPDX-License-Identifier: Apache-2.0")
    print("//")
    print("// Made by region_table.py from libphonenumber 8.12.57; frozen, see region.h.")
    print("// {leading digits of the E.164 number, regions}; the longest match decides.")
    for digits in sorted(rows, key=int):
        print(f'{{{digits}, "{" ".join(rows[digits])}"}},')


if __name__ == "__main__":
    main()
