# SPDX-License-Identifier: Apache-2.0
"""Whether consent_bench runs to its end and writes the rows that docs/performance.md names.

Times are not judged: a test machine has other things to do.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# An overhead is a difference of medians.
MAY_BE_ZERO = ("over_limit", "single_client_overhead_us", "memory_bytes_per_consumer")
PEER = re.compile("(redis|postgres)_per_second_")
# None on a busy machine, where no message of a thousand is sent and answered within 0.4 s.
MESSAGE_LATENCY = re.compile("(batch|redis.*|postgres.*)_p99")


def documented_names():
    """The first column of the table of figures."""
    with open(os.path.join(ROOT, "docs/performance.md"), encoding="utf-8") as page:
        return re.findall(r"^\| `(\w+)` \|", page.read(), re.MULTILINE)


def as_documented(name):
    """The page names sizes of its own, and those of the plots by the words "4 and 16"."""
    name = re.sub("^campaign_[0-9]+[km]?", "campaign_100k", name)
    name = re.sub("^growth_per_second_[0-9]+", "growth_per_second_100000", name)
    name = re.sub("^growth_[0-9]+[km]?$", "growth_10m", name)
    return re.sub("_(4|16)$", "_64", name) if not PEER.match(name) else name


def main():
    program = os.path.join(os.environ["CONSENT_BIN_DIR"], "consent_bench")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "figures.json")
        subprocess.run([program, "--quick", "--json", path, "--plot", folder, "--growth", "4000"],
                       check=True, timeout=110)
        with open(path, encoding="utf-8") as file:
            rows = json.load(file)
        plots = [xml.etree.ElementTree.parse(os.path.join(folder, f"{name}.svg")).getroot()
                 for name in ("throughput", "latency", "growth")]
    values = {as_documented(row["name"]): row["value"] for row in rows}
    names = documented_names()
    faults = ["a plot without lines" for plot in plots
              if not plot.findall("{http://www.w3.org/2000/svg}polyline")]
    if len(names) < 10:
        faults.append("docs/performance.md names no figures")
    # Peers need not be installed here.
    faults += [f"{name}: documented, not measured" for name in names
               if name not in values and not re.search("redis|postgres", name)]
    faults += [f"{name}: measured, not documented" for name in values if name not in names]
    faults += [f"{row['name']}: no unit" for row in rows if not row["unit"]]
    # A CPU that was used for less than a clock tick shows as 0, and so does a peer that did not answer
    # within the tenth of a second in which it was tried.
    faults += [f"{name}: {value}" for name, value in values.items()
               if value <= 0 and name not in MAY_BE_ZERO and "_cpu_us_" not in name
               and not PEER.match(name) and not MESSAGE_LATENCY.match(name)]
    if values.get("over_limit") != 0:
        faults.append("over_limit is not 0")
    print("\n".join(faults) or f"{len(values)} figures")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
