#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A dialer's loop: ask, contact, report. Fail closed: whatever goes wrong, nobody is contacted.

    quickstart.py HOST:PORT COMPANY BEGUN < campaign.txt

Each line of the input is a contact point and your own id for this contact: "+33639980001 c7-1".
The file BEGUN takes the ids of contacts that have begun, so that none begins twice if this program
dies in the middle. Exit codes: 0, all is asked and reported; 1, run it again with the same files:
the same id never takes a second unit.
"""

import pathlib
import sys
import time

from consent_ledger import Channel, Client, Outcome, Purpose, Reason, Request


def dial(contact_point: str) -> Outcome:
    """Put your telephony here. It says what became of the call."""
    print(contact_point, "CONTACTED")
    return Outcome.CONNECTED


def report(client: Client, company: str, permit_id: str, outcome: Outcome) -> bool:
    """Repeats until the ledger has it: what is not reported is a say the consumer loses."""
    for tries in range(5):
        answer = client.report_outcome(company, permit_id, outcome)
        if answer.done or answer.reason == Reason.ALREADY_DONE:
            return True
        time.sleep(0.1 * 2**tries)
    return False  # Keep permit_id and outcome, and report them later.


def run(client: Client, company: str, begun_file: pathlib.Path) -> bool:
    begun = set(begun_file.read_text().split()) if begun_file.exists() else set()
    complete = True
    for line in sys.stdin:
        contact_point, request_id = line.split()
        if request_id in begun:
            continue
        answer = client.check_and_consume(
            Request(contact_point, company, Channel.CALL, Purpose.DIRECT_MARKETING, request_id)
        )
        if answer.may_contact:
            with begun_file.open("a") as begin:
                print(request_id, file=begin)
        if not answer.may_contact:  # Asked again: time went by while the disk was written to.
            print(contact_point, "NOT CONTACTED", answer.summary())
            complete = complete and not answer.is_error
            continue
        outcome = dial(contact_point)
        if not report(client, company, answer.decision.permit_id, outcome):
            print(contact_point, "NOT REPORTED", outcome.name)
            complete = False
    return complete


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: quickstart.py HOST:PORT COMPANY BEGUN < campaign.txt")
    with Client(sys.argv[1]) as ledger:
        sys.exit(0 if run(ledger, sys.argv[2], pathlib.Path(sys.argv[3])) else 1)
