#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints zone_table.inc from the installed tzdata and libphonenumber.

    src/contact/zone_table.py > src/contact/zone_table.inc

The table is frozen (zone.h says why): run this to see what newer data would change.

A calling code has a zone if all zones of all regions that use it, as zone.tab lists them, showed the
same wall clock at every hour from 1990 to 2037. Where that holds the first zone of the main region
stands for them (Germany has two, Berlin and Busingen, which have not differed since 1980). Ranges
within a code that have a zone of their own, or must not have the code's, are listed here.
"""

import re
from datetime import datetime, timedelta, timezone
from itertools import zip_longest
from zoneinfo import ZoneInfo

from phone_metadata import regions

ZONE_TAB = "/usr/share/zoneinfo/zone.tab"
FROM, TO = datetime(1990, 1, 1, tzinfo=timezone.utc), datetime(2038, 1, 1, tzinfo=timezone.utc)

# ISO 3166-1 SH is Saint Helena, Ascension and Tristan da Cunha.
SAME_REGION = {"AC": "SH", "TA": "SH"}

# Ranges by their leading digits, after the calling code; None: the number does not tell.
RANGES = {
    # Reunion and Mayotte share +262; ranges not named here (8, 9) are used in both.
    ("262", "262"): "RE",
    ("262", "263"): "RE",
    ("262", "69"): "RE",
    ("262", "269"): "YT",
    ("262", "63"): "YT",
    # Antarctic bases share the code of Norfolk Island.
    ("672", "1"): None,
    # Northern Cyprus is reached through Turkey and has kept other hours.
    ("90", "392"): None,
    # Palestinian mobile networks are reached through Israel too; summer time differs.
    ("972", "56"): None,
    ("972", "59"): None,
}


def zones_of_regions():
    zones = {}
    with open(ZONE_TAB, encoding="utf-8") as table:
        for line in table:
            if not line.startswith("#"):
                region, _, zone = line.rstrip("\n").split("\t")[:3]
                zones.setdefault(region, []).append(zone)
    return zones


def offsets(zone):
    clock = ZoneInfo(zone)
    at = FROM
    while at < TO:
        yield at.astimezone(clock).utcoffset()
        at += timedelta(hours=1)


def agree(zones):
    first, *others = zones
    return all(a == b for other in others for a, b in zip_longest(offsets(first), offsets(other)))


def main():
    zones = zones_of_regions()
    by_code = {}
    for region in regions():
        by_code.setdefault(region.code, []).append(region)

    rows = {}
    for code, sharing in by_code.items():
        lists = [zones.get(SAME_REGION.get(region.name, region.name), []) for region in sharing]
        if all(lists):
            together = list(dict.fromkeys(zone for some in lists for zone in some))
            if agree(together):
                rows[str(code)] = together[0]
    # The North American plan gives each island an area code; the rest of it has no such order.
    for region in by_code[1]:
        one = zones.get(region.name, [])
        if len(one) == 1 and region.leading_digits:
            for area in range(200, 1000):
                if re.fullmatch(region.leading_digits, str(area)):
                    rows[f"1{area}"] = one[0]
    for (code, digits), region in RANGES.items():
        rows[code + digits] = zones[region][0] if region else ""

    print("// SPDX-License-Identifier: Apache-2.0")
    print("//")
    print("// Made by zone_table.py from tzdata and libphonenumber 8.12.57; frozen, see zone.h.")
    print("// {leading digits of the E.164 number, zone}; the longest match decides, \"\" is no zone.")
    for digits in sorted(rows, key=int):
        print(f'{{{digits}, "{rows[digits]}"}},')


if __name__ == "__main__":
    main()
