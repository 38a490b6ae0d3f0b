# SPDX-License-Identifier: Apache-2.0
"""Proves on a made-up contract that contract.py finds each kind of break, and allows growth."""

import contextlib
import io
import os
import tempfile
import unittest

import contract

BEFORE = """
syntax = "proto3";
package consent.v1;
message Ask {
  string who = 1;
  repeated int32 when = 2;
  oneof how { string call = 3; bytes text = 4; }
  Kind kind = 5;
  message Inner { uint64 n = 1; }
}
message Answer { bool yes = 1; optional string why = 2; }
enum Kind { KIND_UNSPECIFIED = 0; KIND_ONE = 1; }
service Asking {
  rpc Once(Ask) returns (Answer);
  rpc Often(stream Ask) returns (stream Answer);
}
"""


def compiled(text):
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "consent", "v1"))
        with open(os.path.join(folder, "consent", "v1", "a.proto"), "w", encoding="utf-8") as file:
            file.write(text)
        return contract.compile_contract(folder)


class ContractTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.before = compiled(BEFORE)

    def breaks_after(self, old, new):
        self.assertIn(old, BEFORE)
        return list(contract.breaks(self.before, compiled(BEFORE.replace(old, new))))

    def assert_break(self, old, new, expected):
        found = self.breaks_after(old, new)
        self.assertTrue(any(expected in line for line in found), found)

    def test_nothing_changed_breaks_nothing(self):
        self.assertEqual(list(contract.breaks(self.before, compiled(BEFORE))), [])

    def test_growth_and_comments_break_nothing(self):
        for old, new in (
            ("string who = 1;", "string who = 1; string whom = 9; // more"),
            ("KIND_ONE = 1;", "KIND_ONE = 1; KIND_TWO = 2;"),
            ("service Asking {", "message More {} service Asking { rpc New(More) returns (More);"),
        ):
            self.assertEqual(self.breaks_after(old, new), [])

    def test_what_goes_away_is_found(self):
        self.assert_break("string who = 1;", "", "field consent.v1.Ask.who is gone")
        self.assert_break("string who = 1;", "reserved 1;", "field consent.v1.Ask.who is gone")
        self.assert_break("KIND_ONE = 1;", "", "value consent.v1.Kind.KIND_ONE is gone")
        self.assert_break("message Inner { uint64 n = 1; }", "", "message consent.v1.Ask.Inner is")
        self.assert_break("rpc Once(Ask) returns (Answer);", "",
                          "method consent.v1.Asking.Once is gone")
        self.assert_break("service Asking", "service Answering", "service consent.v1.Asking is")
        self.assert_break("package consent.v1", "package consent.v2", "message consent.v1.Ask is")

    def test_what_changes_is_found(self):
        self.assert_break("string who = 1;", "string who = 7;", "was number 1")
        self.assert_break("string who = 1;", "bytes who = 1;", "TYPE_BYTES")
        self.assert_break("string who = 1;", "string name = 1;", "Ask.who is gone")
        self.assert_break("string who = 1;", "repeated string who = 1;", "LABEL_REPEATED")
        self.assert_break("string who = 1;", "optional string who = 1;", "optional")
        self.assert_break("oneof how { string call = 3;", "string call = 3; oneof how {",
                          "in how")
        self.assert_break("KIND_ONE = 1", "KIND_ONE = 3", "was number 1")
        self.assert_break("uint64 n = 1", "int64 n = 1", "TYPE_INT64")
        self.assert_break("Once(Ask) returns (Answer)", "Once(Answer) returns (Answer)", "Once was")
        self.assert_break("Often(stream Ask)", "Often(Ask)", "Often was")

    def test_a_missing_baseline_is_an_error_and_a_kept_one_is_read_back(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            path = os.path.join(folder, "consent", "v1", "a.proto")
            baseline = os.path.join(folder, "baseline", "consent.binpb")
            os.makedirs(os.path.dirname(path))
            with open(path, "w", encoding="utf-8") as file:
                file.write(BEFORE)
            self.assertEqual(contract.main(folder, baseline), 1)
            self.assertEqual(contract.main(folder, baseline, "--keep"), 0)
            self.assertEqual(contract.main(folder, baseline), 0)
            with open(path, "w", encoding="utf-8") as file:
                file.write(BEFORE.replace("string who = 1;", ""))
            self.assertEqual(contract.main(folder, baseline), 1)


if __name__ == "__main__":
    unittest.main()
