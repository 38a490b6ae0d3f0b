#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the list of guards against the tree: a guard whose text is gone is one nobody removes."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from guards import GUARDS  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]


class GuardsTest(unittest.TestCase):
    def test_each_guard_is_in_its_file_once(self):
        for guard in GUARDS:
            with self.subTest(guard.name):
                self.assertEqual((ROOT / guard.file).read_text().count(guard.text), 1,
                                 f"{guard.file}: bring tests/mutation/guards.py up to date")
                self.assertNotEqual(guard.text, guard.without)

    def test_each_guard_has_a_name_of_its_own_and_somebody_who_notices(self):
        names = [guard.name for guard in GUARDS]
        self.assertEqual(sorted(names), sorted(set(names)))
        for guard in GUARDS:
            with self.subTest(guard.name):
                self.assertTrue(guard.noticed_by)
                self.assertTrue(guard.keeps)


if __name__ == "__main__":
    unittest.main()
