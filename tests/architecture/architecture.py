# SPDX-License-Identifier: Apache-2.0
"""Reads the whole tree and reports what breaks its architecture.

    python3 tests/architecture/architecture.py [ROOT]

Prints one line a fault, `file:line: what is wrong`, and exits with 1 if there is any. The rules:
  - includes point down: layers.py says who may include whom, and who owns which library;
  - includes are written from the root; x.cc includes its own x.h before anything else, which proves
    that x.h compiles alone (headers without an x.cc are compiled alone by CMakeLists.txt here);
  - the folders called pure have no clock, chance, thread, input or output;
  - every file of code carries the licence line, no file has more than 500 lines, and names that say
    nothing (manager, helper, util, ...) do not occur.
"""

import os
import re
import sys

import layers

LINES_MAX = 500
SPDX = "SPDX-License-Identifier: Apache-2.0"
CODE = (".h", ".cc", ".proto", ".py", ".sh", ".cmake", ".js", ".ts", ".sql", ".yaml", ".yml")
PROSE = (".md",)
SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".cache"}
# Inputs and expected outputs of tests: bytes that must stay as they are, not code.
DATA_FOLDERS = ("tests/corpus/", "tests/golden/")
EMPTY_NAME = r"(^|_)(manager|helpers?|utils?|impl|common)(_|\.|$)"
EMPTY_CLASS = r"\b(?:class|struct)\s+(\w*(?:Manager|Helper|Utils?|Impl))\b[^;]*$"
UNFINISHED = re.compile(r"\b(" + "TO" + "DO|FIX" + r"ME)\b")


def all_files(root):
    """Paths of all files below root, from root, without what builds make."""
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(f for f in subfolders if f not in SKIPPED_FOLDERS)
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), root)


def read_lines(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()


def is_script(lines):
    return bool(lines) and lines[0].startswith("#!")


def layer_of(path):
    """The folder of layers.py that a file belongs to; None for files of no layer."""
    folders = list(layers.MAY_INCLUDE) + list(layers.WHOLE)
    fitting = [f for f in folders if path.startswith(f + "/")]
    return max(fitting, key=len, default=None)


def includes_of(lines):
    """Pairs of line number and what is included there."""
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if match:
            yield number, match.group(1), match.group(2)


def table_faults():
    """The table itself must point down."""
    seen = set()
    for folder, lower in layers.MAY_INCLUDE.items():
        for other in lower:
            if other not in seen:
                yield f"layers.py: {folder} may include {other}, which is not below it"
        seen.add(folder)


def house_header_fault(root, path, layer, target):
    """What is wrong with including `target`, a header of this tree; None if nothing is."""
    if not os.path.exists(os.path.join(root, target)):
        return f"{target} does not exist"
    other = layer_of(target)
    if layer in layers.WHOLE or other == layer:
        return None
    if other in layers.MAY_INCLUDE.get(layer, ()):
        return None
    return f"{layer} may not include {target}"


def library_fault(root, path, layer, target):
    """What is wrong with including `target`, a header of somebody else; None if nothing is."""
    if layer in layers.PURE and re.match(layers.IMPURE, target) and not is_test(root, path):
        return f"{layer} is pure and may not include <{target}>"
    if re.match(layers.TEST_LIBRARIES, target):
        if is_test(root, path) or layer in layers.WHOLE:
            return None
        return f"{target} is for tests only"
    if re.match(r"\w+(\.h)?$", target):
        return None  # C++, C and POSIX
    for pattern, owners in layers.LIBRARIES:
        if re.match(pattern, target):
            if owners is None or layer in owners:
                return None
            return f"{layer} may not use {target}; only {', '.join(owners)} may"
    return f"{target} belongs to no library in tests/architecture/layers.py"


def is_test(root, path):
    """Whether a file is part of tests: by its name, or because it says so in its first lines."""
    if re.search(layers.TEST_FILES, path):
        return True
    for file in (path, re.sub(r"\.cc$", ".h", path)):
        if os.path.exists(os.path.join(root, file)):
            if "Test code only" in "\n".join(read_lines(root, file)[:15]):
                return True
    return False


def house_target(root, target):
    """The path in the tree of an included header; None if it is somebody else's."""
    if target.startswith(("src/", "clients/", "tests/", "bench/", "include/")):
        return target
    if target.startswith("consent/") and not target.endswith(".pb.h"):
        return "include/" + target
    return None


def include_faults(root, path, lines):
    """Faults of a C++ file's includes."""
    layer = layer_of(path)
    if layer is None:
        yield 1, "C++ outside the folders of tests/architecture/layers.py"
        return
    first = True
    own = re.sub(r"\.cc$", ".h", path)
    for number, mark, target in includes_of(lines):
        house = house_target(root, target)
        if first and path.endswith(".cc") and own != path and house != own:
            if os.path.exists(os.path.join(root, own)):
                yield number, f"{own} must be included first: that proves that it compiles alone"
        first = False
        if house is not None:
            fault = house_header_fault(root, path, layer, house)
        elif mark == '"' and "/" not in target:
            fault = f"{target} must be included by its path from the root"
        else:
            fault = library_fault(root, path, layer, target)
        if fault:
            yield number, fault


def guard_of(path):
    """CONSENT_MERKLE_TREE_H_ for src/merkle/tree.h, CONSENT_CLIENT_H_ for a public client.h."""
    inner = re.sub(r"^(src|include/consent|include|tests)/", "", path)
    return "CONSENT_" + re.sub(r"[^A-Za-z0-9]", "_", inner).upper() + "_"


def cpp_faults(root, path, lines):
    yield from include_faults(root, path, lines)
    if path.endswith(".h") and f"#ifndef {guard_of(path)}" not in lines:
        yield 1, f"the header guard must be {guard_of(path)}"
    for number, line in enumerate(lines, 1):
        match = re.search(EMPTY_CLASS, line)
        if match and not line.lstrip().startswith("//"):
            yield number, f"{match.group(1)} says nothing; name what it is"


def text_faults(path, lines):
    """Faults that any file of code or prose can have."""
    name = os.path.basename(path)
    code = path.endswith(CODE) or name == "CMakeLists.txt" or is_script(lines)
    if code and SPDX not in "\n".join(lines[:2]):
        yield 1, f"the first line must say {SPDX}"
    if not (code or path.endswith(PROSE)):
        return
    if len(lines) > LINES_MAX:
        yield LINES_MAX + 1, f"{len(lines)} lines; {LINES_MAX} are the most"
    if re.search(EMPTY_NAME, name):
        yield 1, "the file's name says nothing; name what is in it"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield number, "work is left for later"


def tree_faults(root):
    """All faults below root, as lines for people."""
    yield from table_faults()
    for path in all_files(root):
        if os.path.islink(os.path.join(root, path)) or path.startswith(DATA_FOLDERS):
            continue
        lines = read_lines(root, path)
        faults = list(text_faults(path, lines))
        if path.endswith((".h", ".cc")):
            faults += cpp_faults(root, path, lines)
        for number, fault in faults:
            yield f"{path}:{number}: {fault}"


def main(arguments):
    root = arguments[0] if arguments else os.path.join(os.path.dirname(__file__), "..", "..")
    faults = list(tree_faults(root))
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
