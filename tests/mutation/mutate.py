#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Removes the guards that matter, one at a time, and expects the tests to go red.

A guard whose removal no test notices is a guard nobody would miss: a missing test. The guards are
listed in guards.py. Each is removed in a copy of the tree (build/mutants/tree), the tests that
ought to notice are built and run, and the guard is put back. The tree itself is never touched.

  ./dev mutate [--list] [--seed N --count N] [--json FILE] [NAME...]

Ends with 0 when every removal was noticed, with 1 when one survived, with 2 when a guard could not
be removed (its text has changed), or when the tests are red without any removal.
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from guards import GUARDS  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "mutants"
TREE = PLACE / "tree"
BUILD = TREE / "build" / "dev"  # Inside, as in every checkout: so the compiler cache knows it all.
TEST_SECONDS_MAX = 300  # A test that hangs without the guard has noticed it.


class Unfit(Exception):
    """Nothing can be said of the guards: the copy does not build, or its tests are red."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, log, seconds=None, environment=None):
    with open(log, "wb") as file:
        try:
            return subprocess.run(command, cwd=TREE, stdout=file, stderr=subprocess.STDOUT,
                                  timeout=seconds, env=environment, check=False).returncode
        except subprocess.TimeoutExpired:
            return None


def files_of_the_tree():
    """What the repository holds, changes that are not committed included."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, check=True).stdout
    return {name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()}


def copy_tree():
    """Brings the copy up to date; files that are the same stay as they are, with their times."""
    wanted = files_of_the_tree()
    for name in wanted:
        source, target = ROOT / name, TREE / name
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    for path in list(TREE.rglob("*")):
        name = path.relative_to(TREE)
        if path.is_file() and name.parts[0] != "build" and str(name) not in wanted:
            path.unlink()


def build(targets):
    jobs = os.environ.get("CONSENT_JOBS", str(os.cpu_count()))
    if not (BUILD / "build.ninja").exists():
        if run(["cmake", "--preset", "dev"], PLACE / "configure.log") != 0:
            raise Unfit(f"cannot configure: see {PLACE}/configure.log")
    return run(["ninja", "-C", str(BUILD), "-j", jobs, *sorted(targets)],
               PLACE / "build.log") == 0


def red(target, names):
    """How the tests of these names in the binary `target` fail; None when they are green."""
    environment = dict(os.environ, CONSENT_BIN_DIR=str(BUILD / "bin"))
    command = [str(BUILD / "tests" / target), f"--gtest_filter={names}", "--gtest_fail_fast"]
    code = run(command, PLACE / "test.log", TEST_SECONDS_MAX, environment)
    if code == 0:
        return None
    if code is None:
        return f"{target} hangs"
    failed = re.search(r"\[  FAILED  \] (\S+)", (PLACE / "test.log").read_text(errors="replace"))
    return f"{target}: {failed[1].rstrip(',') if failed else 'ends abruptly'}"


def noticed(guard):
    """Which of the guard's tests is red; None when all are green."""
    return next(filter(None, (red(*tests) for tests in guard.noticed_by.items())), None)


def remove(guard):
    path = TREE / guard.file
    text = path.read_text()
    if text.count(guard.text) != 1:
        raise Unfit(f"{guard.name}: its text is {text.count(guard.text)} times in {guard.file}, "
                    "not once: bring tests/mutation/guards.py up to date")
    path.write_text(text.replace(guard.text, guard.without))
    return text


def judge(guard):
    """'noticed', by which test; or 'survived'; or that the compiler noticed."""
    text = remove(guard)
    try:
        if not build(guard.noticed_by):
            return {"result": "not built", "by": "the compiler: give the guard another removal"}
        by = noticed(guard)
        return {"result": "noticed", "by": by} if by else {"result": "survived", "by": ""}
    finally:
        (TREE / guard.file).write_text(text)


def expect_green(guards):
    """Without a removal the tests must be green, or their red would say nothing."""
    tests = {tests for guard in guards for tests in guard.noticed_by.items()}
    if not build({target for target, _ in tests}):
        raise Unfit(f"the tree does not build: see {PLACE}/build.log")
    for target, names in sorted(tests):
        failed = red(target, names)
        if failed:
            raise Unfit(f"with every guard in place: {failed}: see {PLACE}/test.log")


def choose(arguments):
    guards = GUARDS
    if arguments.names:
        unknown = set(arguments.names) - {guard.name for guard in guards}
        if unknown:
            raise Unfit(f"no guard is named {', '.join(sorted(unknown))}; see --list")
        guards = [guard for guard in guards if guard.name in arguments.names]
    if arguments.count:
        say(f"seed: {arguments.seed}")
        guards = random.Random(arguments.seed).sample(guards, min(arguments.count, len(guards)))
    return guards


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these guards")
    parser.add_argument("--list", action="store_true", help="name the guards and what they keep")
    parser.add_argument("--count", type=int, help="only so many, drawn by --seed")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--json", metavar="FILE", help="write the results here too")
    arguments = parser.parse_args()
    if arguments.list:
        for guard in GUARDS:
            print(f"{guard.name:28}{guard.keeps}")
        return 0
    try:
        guards = choose(arguments)
        PLACE.mkdir(parents=True, exist_ok=True)
        copy_tree()
        say(f"building the tests of {len(guards)} guards, all in place")
        expect_green(guards)
        results = []
        for number, guard in enumerate(guards, 1):
            began = time.monotonic()
            outcome = judge(guard)
            outcome.update(guard=guard.name, keeps=guard.keeps, file=guard.file,
                           seconds=round(time.monotonic() - began, 1))
            results.append(outcome)
            say(f"{number}/{len(guards)}  {guard.name:28}{outcome['result']:10}{outcome['by']}")
    except Unfit as unfit:
        say(f"mutate: {unfit}")
        return 2
    print(f"\n{'Guard removed':28}{'Result':11}{'s':>4}  By")
    for result in results:
        print(f"{result['guard']:28}{result['result']:11}{result['seconds']:4.0f}  {result['by']}")
    survivors = [result["guard"] for result in results if result["result"] != "noticed"]
    print(f"\n{len(results) - len(survivors)} of {len(results)} removals noticed")
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(results, indent=2) + "\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
