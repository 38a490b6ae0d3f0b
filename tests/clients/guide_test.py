# SPDX-License-Identifier: Apache-2.0
"""The code that guides and READMEs show is that of files which tests run.

A block after a line `<!-- from PATH -->` must stand in that file, word for word.
"""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs/guides/dialer.md", *sorted((ROOT / "clients").rglob("*.md"))]
TAKEN = re.compile(r"<!-- from (\S+) -->\n```\w*\n(.*?)```", re.S)
QUICKSTART_LINES_MAX = 80


class GuideTest(unittest.TestCase):
    def test_code_is_that_of_the_file_it_is_taken_from(self):
        taken = 0
        for page in PAGES:
            for path, code in TAKEN.findall(page.read_text()):
                taken += 1
                with self.subTest(page=page.name, path=path):
                    self.assertIn(code, (ROOT / path).read_text())
        self.assertGreaterEqual(taken, 4)

    def test_code_without_a_source_is_not_shown_in_the_guide(self):
        shown = re.findall(r"^```(?:cpp|python)$", PAGES[0].read_text(), re.M)
        self.assertEqual(len(shown), len(TAKEN.findall(PAGES[0].read_text())))

    def test_quickstarts_fit_on_a_page(self):
        for path in ("clients/cpp/quickstart.cc", "clients/python/quickstart.py"):
            lines = (ROOT / path).read_text().splitlines()
            self.assertLess(len(lines), QUICKSTART_LINES_MAX, path)


if __name__ == "__main__":
    unittest.main()
