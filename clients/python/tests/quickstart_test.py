# SPDX-License-Identifier: Apache-2.0
"""The quickstart, run as its README says."""

import pathlib
import sys
import unittest

import quickstart_case


class QuickstartTest(quickstart_case.QuickstartCase):
    command = [
        sys.executable, "-B", pathlib.Path(__file__).resolve().parents[1] / "quickstart.py",
    ]


if __name__ == "__main__":
    unittest.main()
