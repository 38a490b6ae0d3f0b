# SPDX-License-Identifier: Apache-2.0
"""Who may include whom. The only place that says so; there is no list of exceptions.

A folder may include its own headers, those of the folders named here, and the libraries that name
it as an owner. Keys are folders from the root of the tree; the longest that fits a file counts.
"""

# Lowest first. A folder named on the right stands above (in this list) the one on the left, so
# nothing can point up or in a circle; the checker refuses a table in which it does.
MAY_INCLUDE = {
    "src/base": (),
    "src/crypto": ("src/base",),
    "src/merkle": ("src/base", "src/crypto"),
    "src/tlog": ("src/base", "src/crypto", "src/merkle"),
    "src/access": ("src/base", "src/crypto"),
    "src/consent": ("src/base",),
    "src/contact": ("src/base", "src/crypto"),
    "src/text": ("src/base", "src/consent", "src/contact"),
    "src/rules": ("src/base", "src/crypto", "src/consent", "src/text"),
    "src/statement": ("src/base", "src/crypto", "src/consent", "src/contact"),
    "src/store": ("src/base",),
    "src/journal": (
        "src/base", "src/crypto", "src/merkle", "src/tlog", "src/consent", "src/store",
    ),
    "src/keys": ("src/base", "src/crypto", "src/contact", "src/store", "src/journal"),
    "src/directory": ("src/base", "src/crypto", "src/consent", "src/rules", "src/journal"),
    "src/ledger": (
        "src/base", "src/crypto", "src/merkle", "src/tlog", "src/consent", "src/contact",
        "src/rules", "src/statement", "src/store", "src/journal", "src/directory",
    ),
    "src/backup": (
        "src/base", "src/crypto", "src/merkle", "src/consent", "src/store", "src/journal",
        "src/ledger",
    ),
    "src/api": (
        "src/base", "src/crypto", "src/merkle", "src/tlog", "src/access", "src/consent",
        "src/contact", "src/rules", "src/statement", "src/store", "src/journal", "src/directory",
        "src/ledger",
    ),
    "src/http": ("src/base", "src/crypto", "src/merkle", "src/tlog"),
    "src/observe": (
        "src/base", "src/access", "src/consent", "src/store", "src/ledger", "src/api", "src/http",
    ),
    "src/simulate": ("src/base", "src/consent", "src/contact", "src/text", "src/rules"),
    "include": (),
    "src/verify": (
        "src/base", "src/crypto", "src/merkle", "src/tlog", "src/consent", "src/contact",
        "src/rules", "src/journal", "src/directory", "include",
    ),
    "src/client": ("src/base", "include"),
    "clients/cpp": ("include",),
    "clients/demo": ("src/base", "src/crypto", "src/statement"),
    "src/consentd": (
        "src/base", "src/crypto", "src/merkle", "src/tlog", "src/access", "src/consent",
        "src/contact", "src/statement", "src/store", "src/journal", "src/keys", "src/ledger",
        "src/backup", "src/api", "src/http", "src/observe", "include",
    ),
    "src/consentctl": (
        "src/base", "src/crypto", "src/merkle", "src/tlog", "src/consent", "src/contact",
        "src/statement", "src/store", "src/journal", "src/keys", "src/directory", "src/ledger", "src/backup",
        "src/api", "src/http", "src/text", "src/rules", "src/simulate", "src/verify", "include",
        "src/consentd",  # Doctor says what a start would say.
    ),
}

# Folders that look at the whole; they may include any header of the tree. Those of tests that are
# named here may also use a library that other tests may not.
WHOLE = ("tests", "tests/fault", "bench")

PROGRAMS = ("src/consentd", "src/consentctl", "clients/demo")
OUTER = ("src/client", "clients/cpp", "tests", "tests/fault", "bench")

# A library and the folders that may use it, by the beginning of what is included (a regular
# expression). The first that fits counts; an include that fits none is an error.
LIBRARIES = (
    (r"absl/", None),  # None: every folder
    (r"openssl/", ("src/crypto",)),
    (r"p11-kit/", ("src/crypto",)),
    (r"rocksdb/", ("src/store", "tests/fault")),
    (r"phonenumbers/", ("src/contact",)),
    (r"httplib\.h$", ("src/http",)),
    (r"prometheus/", ("src/observe",)),
    (r"(consent/v1|google/rpc)/\w+\.grpc\.pb\.h$", ("src/api",) + PROGRAMS + OUTER),
    (r"grpc(pp|\+\+)?/", ("src/api", "src/http", "src/observe") + PROGRAMS + OUTER),
    (r"(consent/v1|google/rpc)/\w+\.pb\.h$",
     ("src/statement", "src/ledger", "src/api") + PROGRAMS + OUTER),
    (r"google/protobuf/", ("src/statement", "src/ledger", "src/api", "src/http") + PROGRAMS + OUTER),
    (r"spdlog/", ("src/ledger", "src/api", "src/http") + PROGRAMS + ("bench",)),
    (r"yaml-cpp/", ("src/text",) + PROGRAMS + ("tests",)),
    (r"CLI/", PROGRAMS + ("clients/cpp", "tests", "bench")),
    (r"(hiredis/|libpq-fe\.h$)", ("bench",)),
    (r"nlohmann/", ("src/observe",) + PROGRAMS + ("tests", "bench")),
    (r"(sys|netinet|arpa|linux)/\w+\.h$", None),
)

# Libraries of tests: any folder, but only in files with such names, or that say in their opening
# comment (or in that of their own header): Test code only.
TEST_LIBRARIES = r"(gtest|gmock|rapidcheck|benchmark)(/|\.h$)"
TEST_FILES = r"((^|[/_])(test|fuzz|bench|matchers|conformance(_\w+)?)|/test_\w+)\.(cc|h)$"

# Folders without clock, chance, threads and input or output: what they may not include.
PURE = ("src/access", "src/consent", "src/merkle", "src/tlog")
IMPURE = (
    r"(chrono|ctime|time\.h|random|thread|mutex|shared_mutex|condition_variable|atomic|future"
    r"|iostream|fstream|cstdio|stdio\.h|filesystem|unistd\.h|fcntl\.h|sys/.*"
    r"|absl/time/clock\.h|absl/random/.*|absl/synchronization/.*)$"
)
