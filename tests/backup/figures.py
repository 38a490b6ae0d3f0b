#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a backup costs, and how long it takes to come back.

    CONSENT_BIN_DIR=build/release/bin python3 tests/backup/figures.py --decisions 1000000

Makes so many decisions, then a full and an incremental backup while single calls are timed, kills
the service, starts it again, verifies and restores. That the service then does not start is right: the
guard knows of the calls that came after the backup, and their loss is accepted. One JSON object on stdout. Numbers are those
reserved for fiction; the folder is removed at the end.
"""

import argparse
import http.client
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time

BIN = pathlib.Path(os.environ.get("CONSENT_BIN_DIR", "build/dev/bin")).resolve()
NUMBERS = [f"+3363998{n:04d}" for n in range(10000)]


class Service:
    def __init__(self, folder):
        self.folder, self.process = pathlib.Path(folder), None

    def start(self):
        """Seconds until it serves."""
        for port in ("grpc.port", "http.port"):
            (self.folder / "ledger" / port).unlink(missing_ok=True)
        began = time.monotonic()
        self.process = subprocess.Popen(
            [BIN / "consentd", "--data", "ledger", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0",
             "--guard", "guard", "--backup", "backups", "--log-level", "warn", "--development",
             # All of this is one caller, and nobody has permitted it anything.
             "--rate-per-caller", "0", "--strangers-per-day", "0"], cwd=self.folder)
        while not (self.folder / "ledger" / "grpc.port").exists():
            if self.process.poll() is not None:
                raise SystemExit("consentd has ended")
            time.sleep(0.005)
        seconds = time.monotonic() - began
        self.port = (self.folder / "ledger" / "grpc.port").read_text().strip()
        self.http = int((self.folder / "ledger" / "http.port").read_text())
        return round(seconds, 3)

    def end(self, kill=False):
        (self.process.kill if kill else self.process.terminate)()
        self.process.wait()

    def ctl(self, *words):
        done = subprocess.run([BIN / "consentctl", *map(str, words), "--json"], cwd=self.folder,
                              capture_output=True, text=True,
                              env={**os.environ, "CONSENT_SERVER": f"127.0.0.1:{self.port}"})
        if done.returncode not in (0, 3):
            raise SystemExit(f"{words}: {done.stdout} {done.stderr}")
        return json.loads(done.stdout)

    def decide(self, count, prefix):
        """By one stream; every denial is an entry too."""
        for run in range(-(-count // len(NUMBERS))):
            numbers = NUMBERS[:min(len(NUMBERS), count - run * len(NUMBERS))]
            (self.folder / "numbers").write_text("\n".join(numbers))
            self.ctl("campaign", "numbers", "--company", "acme", "--channel", "CALL",
                     "--id-prefix", f"{prefix}-{run}", "--concurrency", 16)


class Caller(threading.Thread):
    """One call after the other, each timed."""

    ids = itertools.count()

    def __init__(self, port):
        super().__init__()
        self.port, self.done, self.times, self.failure = port, threading.Event(), [], None

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        while not self.done.is_set():
            body = json.dumps({"contactPoint": "tel:" + NUMBERS[0], "company": "acme",
                               "channel": "CHANNEL_CALL", "purpose": "PURPOSE_DIRECT_MARKETING",
                               "requestId": f"t{next(self.ids)}"})
            began = time.perf_counter()
            connection.request("POST", "/consent.v1.ContactService/CheckAndConsume", body,
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                self.failure = text.decode()
                return
            self.times.append(time.perf_counter() - began)


def timed_calls(port, work):
    """p50 and p99 in milliseconds of calls made while `work` goes on, and what it returned."""
    caller = Caller(port)
    caller.start()
    result = work()
    caller.done.set()
    caller.join()
    if caller.failure is not None:
        raise SystemExit(f"a timed call failed: {caller.failure}")
    times = sorted(caller.times)
    return {"calls": len(times), "p50_ms": round(1000 * times[len(times) // 2], 2),
            "p99_ms": round(1000 * times[len(times) * 99 // 100], 2)}, result


def backup(service, figures, name):
    calls, made = timed_calls(service.http, lambda: service.ctl("backup"))
    figures[name] = {"seconds": made["duration_ms"] / 1000, "bytes": made["bytes"],
                     "bytes_copied": made["bytes_copied"], "calls_meanwhile": calls}


def timed(work):
    began = time.monotonic()
    work()
    return round(time.monotonic() - began, 3)


def measure(folder, decisions):
    service = Service(folder)
    try:
        return measure_with(service, decisions)
    finally:
        if service.process.poll() is None:
            service.end(kill=True)


def measure_with(service, decisions):
    figures = {"decisions": decisions}
    service.start()
    service.ctl("company", "add", "acme", "--name", "Acme SAS")
    figures["decide_seconds"] = timed(lambda: service.decide(decisions, "a"))
    figures["calls_alone"], _ = timed_calls(service.http, lambda: time.sleep(5))
    backup(service, figures, "full_backup")
    service.decide(decisions // 100, "b")
    backup(service, figures, "incremental_backup")
    service.decide(decisions // 100, "c")
    service.end(kill=True)
    figures["start_after_kill_seconds"] = service.start()
    backup(service, figures, "last_backup")
    service.end()
    shutil.move(service.folder / "ledger", service.folder / "lost")
    figures["verify_seconds"] = timed(
        lambda: service.ctl("backup", "verify", "--backup", "backups", "--id", 3))
    figures["restore_seconds"] = timed(
        lambda: service.ctl("restore", "--backup", "backups", "--data", "ledger"))
    shutil.copytree(service.folder / "lost" / "keys", service.folder / "ledger" / "keys")
    figures["start_after_restore_seconds"] = None
    try:
        figures["start_after_restore_seconds"] = service.start()
        service.end()
    except SystemExit:  # What the calls during the backup wrote is missing: the guard says so.
        figures["accept_loss_seconds"] = timed(lambda: service.ctl(
            "recover", "--data", "ledger", "--guard", "guard", "--accept-loss"))
        figures["start_after_restore_seconds"] = service.start()
        service.end()
    return figures


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--decisions", type=int, default=100_000)
    words.add_argument("--folder", help="where to work; a temporary folder below it")
    arguments = words.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        print(json.dumps(measure(folder, arguments.decisions), indent=1))


if __name__ == "__main__":
    main()
