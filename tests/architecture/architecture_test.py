# SPDX-License-Identifier: Apache-2.0
"""Proves on a made-up tree that architecture.py finds each kind of fault, and nothing else."""

import os
import tempfile
import unittest
from unittest import mock

import architecture
import layers

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


def header(guard, body=""):
    return f"{SPDX}\n#ifndef {guard}\n#define {guard}\n{body}\n#endif\n"


GOOD = {
    "src/base/a.h": header("CONSENT_BASE_A_H_", "#include <string>"),
    "src/crypto/c.h": header("CONSENT_CRYPTO_C_H_", '#include "src/base/a.h"'),
    "src/crypto/c.cc": SPDX + '#include "src/crypto/c.h"\n#include <openssl/evp.h>\n',
    "src/consent/d.h": header("CONSENT_CONSENT_D_H_", '#include "src/base/a.h"'),
    "src/merkle/m.h": header("CONSENT_MERKLE_M_H_"),
    "src/store/s.h": header("CONSENT_STORE_S_H_"),
    "src/store/s.cc": SPDX + '#include "src/store/s.h"\n#include "rocksdb/db.h"\n',
    "src/api/a_test.cc": SPDX + '#include "gtest/gtest.h"\n#include <grpcpp/grpcpp.h>\n'
                                '#include "src/store/s.h"\n#include "consent/v1/x.grpc.pb.h"\n',
    "include/consent/client.h": header("CONSENT_CLIENT_H_", "#include <memory>"),
    "src/consentctl/main.cc": SPDX + '#include "consent/client.h"\n#include <CLI/CLI.hpp>\n',
    "tests/e2e/journey_test.cc": SPDX + '#include "src/api/x.h"\n',
    "src/api/x.h": header("CONSENT_API_X_H_"),
    "proto/consent/v1/x.proto": SPDX + 'syntax = "proto3";\n',
    "dev": "#!/bin/bash\n# SPDX-License-Identifier: Apache-2.0\n",
    "docs/page.md": "# A page\n",
}


class ArchitectureTest(unittest.TestCase):
    def faults(self, **changes):
        """Faults of the good tree with some files changed: name=(path, text)."""
        files = dict(GOOD)
        files.update(changes.values())
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
            return list(architecture.tree_faults(root))

    def assert_one_fault(self, text, path, content):
        found = self.faults(change=(path, content))
        self.assertEqual(len(found), 1, found)
        self.assertIn(text, found[0])
        self.assertTrue(found[0].startswith(path + ":"), found[0])

    def assert_include_refused(self, path, include, text):
        self.assert_one_fault(text, path, SPDX + f"#include {include}\n")

    def test_a_good_tree_has_no_fault(self):
        self.assertEqual(self.faults(), [])

    def test_an_include_that_points_up_is_found(self):
        self.assert_include_refused("src/base/b.cc", '"src/crypto/c.h"', "may not include")
        self.assert_include_refused("src/store/b.cc", '"src/api/x.h"', "may not include")
        self.assert_include_refused("src/api/b.cc", '"consent/client.h"', "may not include")

    def test_an_include_that_points_sideways_is_found(self):
        self.assert_include_refused("src/consent/b.cc", '"src/crypto/c.h"', "may not include")
        self.assert_include_refused("src/store/b_test.cc", '"src/merkle/m.h"', "may not include")
        self.assert_include_refused("clients/cpp/b.cc", '"src/api/x.h"', "may not include")
        self.assert_include_refused("include/consent/b.cc", '"src/base/a.h"', "may not include")
        self.assert_include_refused("src/merkle/b.cc", '"tests/e2e/e.h"', "does not exist")

    def test_spacing_and_brackets_hide_nothing(self):
        self.assert_include_refused("src/base/b.cc", "<src/crypto/c.h>", "may not include")
        self.assert_one_fault("may not include", "src/base/b.cc",
                              SPDX + '  #  include   "src/crypto/c.h"\n')

    def test_a_library_in_a_folder_that_does_not_own_it_is_found(self):
        for path, include in (
            ("src/consent/b.cc", "<openssl/sha.h>"),
            ("tests/e2e/b_test.cc", '"openssl/sha.h"'),
            ("src/ledger/b.cc", '"rocksdb/db.h"'),
            ("tests/e2e/b_test.cc", '"rocksdb/db.h"'),
            ("src/api/b.cc", "<phonenumbers/phonenumberutil.h>"),
            ("src/ledger/b.cc", "<grpcpp/grpcpp.h>"),
            ("src/statement/b.cc", '"consent/v1/x.grpc.pb.h"'),
            ("src/journal/b.cc", '"consent/v1/x.pb.h"'),
            ("src/consent/b.cc", "<google/protobuf/message.h>"),
            ("src/base/b.cc", "<yaml-cpp/yaml.h>"),
            ("include/consent/b.cc", "<grpcpp/grpcpp.h>"),
        ):
            self.assert_include_refused(path, include, "may not use")

    def test_an_unknown_library_is_found(self):
        self.assert_include_refused("src/api/b.cc", "<boost/asio.hpp>", "belongs to no library")

    def test_test_libraries_outside_tests_are_found(self):
        self.assert_include_refused("src/base/b.cc", '"gtest/gtest.h"', "for tests only")

    def test_a_conformance_suite_may_use_test_libraries(self):
        for path in ("src/store/conformance.cc", "src/store/test_world.cc"):
            self.assertEqual(
                self.faults(change=(path, SPDX + '#include "gtest/gtest.h"\n')), [], path)
        self.assert_include_refused("src/store/latest.cc", '"gtest/gtest.h"', "for tests only")

    def test_code_that_says_so_may_use_test_libraries(self):
        found = self.faults(
            header=("src/store/past.h", "// Test code only.\n" + header("CONSENT_STORE_PAST_H_")),
            code=("src/store/past.cc",
                  SPDX + '#include "src/store/past.h"\n#include "gtest/gtest.h"\n'))
        self.assertEqual(found, [])

    def test_data_is_not_judged(self):
        self.assertEqual(self.faults(change=("tests/corpus/x_fuzz/deep.yaml", "{" * 9)), [])

    def test_impurity_in_a_pure_folder_is_found(self):
        for include in ("<chrono>", "<random>", "<fstream>", "<unistd.h>", '"absl/time/clock.h"'):
            self.assert_include_refused("src/consent/b.cc", include, "is pure")
        self.assert_include_refused("src/merkle/b.cc", "<sys/stat.h>", "is pure")

    def test_includes_not_from_the_root_are_found(self):
        self.assert_include_refused("src/base/b.cc", '"a.h"', "path from the root")
        self.assert_include_refused("src/base/b.cc", '"../base/a.h"', "belongs to no library")

    def test_an_own_header_that_is_not_first_is_found(self):
        self.assert_one_fault("must be included first", "src/crypto/c.cc",
                              SPDX + '#include <string>\n#include "src/crypto/c.h"\n')

    def test_code_outside_the_layers_is_found(self):
        self.assert_one_fault("outside the folders", "src/misc/b.cc", SPDX)

    def test_a_wrong_header_guard_is_found(self):
        self.assert_one_fault("CONSENT_API_X_H_", "src/api/x.h", header("CONSENT_X_H_"))
        self.assert_one_fault("CONSENT_API_X_H_", "src/api/x.h", SPDX + "#pragma once\n")

    def test_a_missing_licence_line_is_found(self):
        self.assert_one_fault("SPDX", "proto/consent/v1/x.proto", 'syntax = "proto3";\n')
        self.assert_one_fault("SPDX", "src/api/CMakeLists.txt", "# nothing\n")
        self.assert_one_fault("SPDX", "dev", "#!/bin/bash\ntrue\n")
        self.assert_one_fault("SPDX", "tests/x.py", "pass\n")

    def test_a_file_of_501_lines_is_found(self):
        self.assert_one_fault("501 lines", "docs/page.md", "line\n" * 501)
        self.assertEqual(self.faults(change=("docs/page.md", "line\n" * 500)), [])

    def test_names_that_say_nothing_are_found(self):
        self.assert_one_fault("says nothing", "src/base/string_util.cc", SPDX)
        self.assert_one_fault("says nothing", "src/base/b.cc", SPDX + "class ShardManager {\n};\n")

    def test_unfinished_work_is_found(self):
        self.assert_one_fault("left for later", "src/base/b.cc", SPDX + "// TO" + "DO: more\n")

    def test_a_table_that_points_up_is_found(self):
        circle = dict(layers.MAY_INCLUDE)
        circle["src/base"] = ("src/api",)
        with mock.patch.object(layers, "MAY_INCLUDE", circle):
            found = list(architecture.table_faults())
        self.assertEqual(len(found), 1)
        self.assertIn("src/base may include src/api", found[0])


if __name__ == "__main__":
    unittest.main()
