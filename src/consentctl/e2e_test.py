# SPDX-License-Identifier: Apache-2.0
"""consentctl against a real consentd, as people and scripts use it: commands, answers, exit codes.

Programs are those in CONSENT_BIN_DIR; the server listens on a free port of this machine only.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ.get("CONSENT_BIN_DIR", "build/dev/bin")).resolve()
ALICE, BOB, STRANGER = "+33639980001", "+33639980002", "+33639980099"
OK, FAILED, BAD_INPUT, DENIED = 0, 1, 2, 3
WAIT_SECONDS = 60


class Ledger:
    """A consentd in a folder of its own."""

    flags = ()  # More words for consentd.

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "ledger"
        self.server = None

    def start(self, port_number=0):
        port = self.data / "grpc.port"
        port.unlink(missing_ok=True)
        log = open(self.folder / "consentd.log", "ab")
        self.server = subprocess.Popen(
            [BIN / "consentd", "--data", self.data, "--grpc", f"127.0.0.1:{port_number}",
             *self.flags], stdout=log, stderr=log)
        log.close()
        for _ in range(WAIT_SECONDS * 20):
            if port.exists() and port.read_text().strip():
                self.address = "127.0.0.1:" + port.read_text().strip()
                return
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError((self.folder / "consentd.log").read_text())

    def stop(self):
        if self.server is not None:
            self.server.terminate()
            self.server.wait(WAIT_SECONDS)
            self.server = None

    def kill_and_restart(self):
        """Ends the server without warning; the next one listens on the same port."""
        self.server.kill()
        self.server.wait(WAIT_SECONDS)
        self.start(self.address.rpartition(":")[2])

    def run(self, *words, expect=OK, stdin=None):
        """Runs consentctl; returns what it wrote to stdout. Never may an error name a number."""
        done = subprocess.run(
            [BIN / "consentctl", *map(str, words)], input=stdin, capture_output=True, text=True,
            cwd=self.folder, timeout=WAIT_SECONDS,
            env={**os.environ, "CONSENT_SERVER": getattr(self, "address", "127.0.0.1:1")})
        if done.returncode != expect:
            raise AssertionError(f"{words}: exit {done.returncode}, not {expect}\n"
                                 f"{done.stdout}\n{done.stderr}")
        if "3363998" in done.stderr:
            raise AssertionError(f"{words}: a contact point in an error: {done.stderr}")
        self.stderr = done.stderr
        return done.stdout

    def ask(self, *words, expect=OK, stdin=None):
        """The same with --json: what was answered."""
        return json.loads(self.run(*words, "--json", expect=expect, stdin=stdin))


class LedgerCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.ledger = Ledger(cls.folder.name)
        cls.ledger.start()
        run = cls.ledger.run
        run("company", "add", "acme", "--name", "Acme SAS", "--named-in-entries")
        run("registrar", "add", "town-hall", "--name", "Town Hall")
        for name, kind in (("registrar", "ed25519"), ("alice", "p256"), ("bob", "ed25519"),
                           ("company", "ed25519")):
            run("keys", "new", "--type", kind, "--out", name + ".pem")
        run("key", "add", "town-hall", "--key", "registrar.pem")
        run("key", "add", "acme", "--key", "company.pem")
        for who, contact in (("alice", ALICE), ("bob", BOB)):
            run("bind", contact, "--registrar-key", "registrar.pem", "--key", who + ".pem",
                "--zone", "Europe/Paris")

    @classmethod
    def tearDownClass(cls):
        cls.ledger.stop()
        cls.folder.cleanup()

    def consume(self, contact, request_id, *more, channel="CALL", expect=OK):
        return self.ledger.ask("consume", contact, "--company", "acme", "--channel", channel,
                               "--request-id", request_id, *more, expect=expect)


class JourneyTest(LedgerCase):
    def test_1_the_promise_is_kept(self):
        ask = self.ledger.ask
        granted = ask("grant", ALICE, "--key", "alice.pem", "--company", "acme", "--id", "promise",
                      "--limit", "calls:CALL:1/YEAR", "--limit", "sms:SMS:4/YEAR")
        self.assertEqual((granted["grant"], granted["accepted"]), ("promise", 1))
        check = ask("check", ALICE, "--company", "acme", "--channel", "CALL")
        self.assertEqual(check["remaining"], {"calls": 1})
        first = self.consume(ALICE, "call-1", "--next")
        self.assertEqual((first["decision"], first["reason"]), ("ALLOWED", "OK"))
        self.assertEqual(first["remaining"], {"calls": 0})
        self.assertTrue(first["contact_before"])
        again = self.consume(ALICE, "call-1", "--next")
        self.assertTrue(again["repeated"])
        self.assertEqual(again["entry"], first["entry"])
        second = self.consume(ALICE, "call-2", expect=DENIED)
        self.assertEqual((second["reason"], second["limit"]), ("LIMIT_REACHED", "calls"))
        self.assertRegex(second["next_allowed_time"], r"^20\d\d-12-31T23:00:00Z$")
        for i in range(4):
            self.consume(ALICE, f"sms-{i}", channel="SMS")
        self.consume(ALICE, "sms-5", channel="SMS", expect=DENIED)

    def test_2_outcomes_and_the_view(self):
        permit = self.consume(ALICE, "call-1")["permit"]
        report = ("report", permit, "--company", "acme", "--outcome")
        self.assertEqual(self.ledger.ask(*report, "CONNECTED")["decision"], "DONE")
        late = self.ledger.ask(*report, "BUSY", expect=DENIED)
        self.assertEqual(late["reason"], "ALREADY_DONE")
        view = self.ledger.ask("view", ALICE, "--key", "alice.pem", "--history", "50")
        self.assertEqual(view["grants"][0]["remaining"], {"calls": 0, "sms": 0})
        kinds = [entry["kind"] for entry in view["history"]]
        self.assertEqual(kinds.count("DECIDED"), 7)
        self.assertIn("OUTCOME_REPORTED", kinds)
        page = self.ledger.run("view", ALICE, "--key", "alice.pem")
        self.assertIn("calls:CALL:1/YEAR:CALENDAR", page)

    def test_3_revoked_is_revoked(self):
        self.ledger.run("revoke", ALICE, "--key", "alice.pem", "--company", "acme")
        self.assertEqual(self.consume(ALICE, "call-3", expect=DENIED)["reason"], "REVOKED")

    def test_4_holds_are_confirmed_or_released(self):
        self.ledger.run("grant", BOB, "--key", "bob.pem", "--company", "acme", "--limit",
                        "CALL:2/DAY")
        held = self.consume(BOB, "held", "--hold", "10m")
        self.assertIsNone(held["contact_before"])
        permit = (held["permit"], "--company", "acme")
        self.assertTrue(self.ledger.ask("confirm", *permit)["contact_before"])
        self.assertEqual(self.ledger.ask("release", *permit, expect=DENIED)["reason"],
                         "ALREADY_DONE")
        other = self.consume(BOB, "other", "--hold", "10m")["permit"]
        self.ledger.run("release", other, "--company", "acme")
        self.assertEqual(self.consume(BOB, "other", "--hold", "10m", expect=DENIED)["reason"],
                         "PERMIT_RELEASED")

    def test_5_blocks_come_and_go(self):
        self.ledger.run("block", BOB, "--key", "bob.pem", "--channels", "CALL")
        self.assertEqual(self.consume(BOB, "b1", expect=DENIED)["reason"], "BLOCKED")
        self.ledger.run("unblock", BOB, "--key", "bob.pem")
        self.consume(BOB, "b2")

    def test_6_strangers_hear_nothing(self):
        self.assertEqual(self.consume(STRANGER, "s1", expect=DENIED)["reason"], "NO_PERMISSION")

    def test_7_the_directory_and_the_journals(self):
        parties = {party["party"]: party for party in self.ledger.ask("directory")["parties"]}
        self.assertEqual(parties["acme"]["name"], "Acme SAS")
        key = parties["acme"]["keys"][0]["key_id"]
        self.assertEqual(self.ledger.ask("keys", "show", "company.pem")["key_id"], key)
        self.ledger.run("key", "retire", "acme", key)
        ledger = self.ledger.ask("ledger")
        self.assertEqual(len(ledger["journals"]), 2)
        for journal in ledger["journals"]:
            lines = self.ledger.run("entries", journal["journal_origin"], "--json").splitlines()
            size = self.ledger.ask("ledger")["journals"]
            self.assertEqual(len(lines), next(j["size"] for j in size if j["journal_origin"] ==
                                              journal["journal_origin"]))
            self.assertEqual([json.loads(line)["position"] for line in lines],
                             list(range(len(lines))))
        two = self.ledger.run("entries", ledger["journals"][1]["journal_origin"], "--from", "1",
                              "--max", "2", "--json", "--openings").splitlines()
        self.assertEqual([json.loads(line)["position"] for line in two], [1, 2])
        self.assertTrue(all(json.loads(line)["opening"] for line in two))
        self.ledger.run("entries", ledger["journals"][1]["journal_origin"])


class StatementTest(LedgerCase):
    def test_what_is_signed_elsewhere_is_sent_later(self):
        origin = self.ledger.ask("ledger")["origin"]
        folder = pathlib.Path(self.folder.name)
        signed = self.ledger.ask(
            "grant", ALICE, BOB, "--key", "alice.pem", "--company", "acme", "--limit",
            "CALL:1/YEAR", "--audience", origin, "--server", "127.0.0.1:1", "--dry-run", "--out",
            "grants.bin")
        self.assertEqual(signed["signed"], 2)
        self.assertEqual((folder / "grants.bin").stat().st_mode & 0o777, 0o600)
        sent = self.ledger.ask("send", "grants.bin", expect=DENIED)
        self.assertEqual((sent["accepted"], sent["refused"]), (1, 1))
        self.assertEqual(sent["refused_by_reason"], {"UNKNOWN_KEY": 1})
        self.assertIn("UNKNOWN_KEY", (self.ledger.run("send", "grants.bin", expect=DENIED),
                                      self.ledger.stderr)[1])
        again = self.ledger.ask("send", "grants.bin", expect=DENIED)
        self.assertEqual(again["repeated"], 1)

    def test_claims_come_in_files_of_contacts(self):
        folder = pathlib.Path(self.folder.name)
        (folder / "text.txt").write_text("May Acme call you once a year?")
        (folder / "people.csv").write_text("".join(f"+3363998{i:04}\n" for i in range(5000, 7500)))
        claimed = self.ledger.ask(
            "claim", "@people.csv", "--key", "registrar.pem", "--company", "acme", "--limit",
            "calls:CALL:1/YEAR", "--collected-at", "2026-01-01T10:00:00Z", "--text-file",
            "text.txt", "--method", "paper", "--collected-by", "Town Hall")
        self.assertEqual(claimed["accepted"], 2500)
        north = self.ledger.ask("campaign", "people.csv", "--company", "acme", "--channel", "CALL",
                                "--id-prefix", "north", "--report", "CONNECTED", "--batch", "100")
        self.assertEqual((north["asked"], north["allowed"], north["errors"]), (2500, 2500, 0))
        self.assertEqual(north["reported"], {"done": 2500, "not_done": 0, "errors": 0})
        again = self.ledger.ask("campaign", "people.csv", "--company", "acme", "--channel", "CALL",
                                "--id-prefix", "north")
        self.assertEqual(again["denied_by_reason"], {"PERMIT_USED": 2500})
        south = self.ledger.run("campaign", "people.csv", "--company", "acme", "--channel", "CALL",
                                "--id-prefix", "south")
        self.assertRegex(south, r"LIMIT_REACHED +2,500")

    def test_refusals_are_told(self):
        self.ledger.run("grant", ALICE, "--key", "bob.pem", "--company", "acme", "--limit",
                        "CALL:1/YEAR", expect=DENIED)
        self.assertIn("[UNKNOWN_KEY]", self.ledger.stderr)
        self.ledger.run("grant", ALICE, "--key", "alice.pem", "--company", "acme", "--limit",
                        "CALL:1/YEAR", "--audience", "elsewhere/1", expect=DENIED)
        self.assertIn("[WRONG_AUDIENCE]", self.ledger.stderr)


class OfflineTest(LedgerCase):
    def test_a_stopped_ledger_is_replayed_and_recounted(self):
        self.ledger.run("grant", ALICE, "--key", "alice.pem", "--company", "acme", "--limit",
                        "calls:CALL:2/YEAR")
        for i in range(4):
            self.consume(ALICE, f"r{i}", expect=OK if i < 2 else DENIED)
        self.ledger.run("replay", "--data", "ledger", expect=FAILED)
        self.assertIn("stop it first", self.ledger.stderr)
        self.ledger.stop()
        replay = self.ledger.ask("replay", "--data", "ledger")
        self.assertTrue(replay["equal"])
        self.assertEqual(replay["records"], 2)
        recount = self.ledger.ask("recount", "--data", "ledger")
        self.assertEqual((recount["allowed"], recount["denied"], recount["over_limit"]), (2, 2, 0))
        self.assertEqual(recount["denied_by_reason"], {"LIMIT_REACHED": 2})
        self.assertEqual(recount["contacts_by_channel"], {"CALL": 2})
        self.assertEqual(recount["consumers_contacted"], 1)
        self.assertRegex(self.ledger.run("recount", "--data", "ledger"), r"over a limit +0")
        self.ledger.run("replay", "--data", "nowhere", expect=BAD_INPUT)
        self.ledger.start()


class EraseTest(LedgerCase):
    def files_holding(self, *wanted):
        """Names of the store's files in which any of these bytes are."""
        return sorted(file.name for file in (self.ledger.data / "store").iterdir()
                      if any(bytes_ in file.read_bytes() for bytes_ in wanted))

    def test_the_erased_are_gone_and_their_objections_stay(self):
        ask = self.ledger.ask
        self.ledger.run("company", "add", "beta", "--name", "Beta SAS")
        for company in ("acme", "beta"):
            self.ledger.run("grant", ALICE, "--key", "alice.pem", "--company", company, "--limit",
                            "calls:CALL:2/YEAR")
        permit = self.consume(ALICE, "r1")["permit"]
        self.ledger.run("block", ALICE, "--key", "alice.pem", "--company", "beta")
        key_id = bytes.fromhex(ask("view", ALICE, "--key", "alice.pem")["key_ids"][0])
        time.sleep(1)  # Records are written behind when nothing happens.
        self.assertTrue(self.files_holding(key_id))
        self.ledger.run("erase", ALICE, "--key", "bob.pem", expect=FAILED)
        self.assertIn("UNKNOWN_KEY", self.ledger.stderr)

        erased = ask("erase", ALICE, "--key", "alice.pem")
        self.assertTrue(erased["journal_origin"].endswith("/1"))
        self.assertTrue(erased["erased_at"])
        for command in ("view", "erase"):
            self.ledger.run(command, ALICE, "--key", "alice.pem", expect=FAILED)
            self.assertIn("UNKNOWN_KEY", self.ledger.stderr)
        self.assertEqual(self.consume(ALICE, "r2", expect=DENIED)["reason"], "NO_PERMISSION")
        late = ask("report", permit, "--company", "acme", "--outcome", "CONNECTED", expect=DENIED)
        self.assertEqual(late["reason"], "NO_SUCH_PERMIT")
        entries = ask("entries", erased["journal_origin"], "--from", erased["entry"], "--max", 1)
        self.assertIn("ERASED", json.dumps(entries))
        # Files are purged in the background.
        for _ in range(WAIT_SECONDS):
            if not self.files_holding(key_id):
                break
            time.sleep(1)
        self.assertEqual(self.files_holding(key_id), [])

        # They come back: what they objected to is still forbidden, what they granted is not allowed.
        self.ledger.run("bind", ALICE, "--registrar-key", "registrar.pem", "--key", "alice.pem",
                        "--zone", "Europe/Paris")
        self.ledger.run("grant", ALICE, "--key", "alice.pem", "--company", "beta", "--limit",
                        "calls:CALL:2/YEAR")
        ask_beta = ("check", ALICE, "--company", "beta", "--channel", "CALL")
        self.assertEqual(ask(*ask_beta, expect=DENIED)["reason"], "BLOCKED")
        kinds = [e["kind"] for e in ask("view", ALICE, "--key", "alice.pem")["history"]]
        self.assertEqual((kinds[0], kinds[-2:]), ("ERASED", ["BOUND", "GRANTED"]))
        self.ledger.stop()
        replay = ask("replay", "--data", "ledger")
        self.assertEqual((replay["equal"], replay["erased"]), (True, 5))
        self.assertEqual(ask("recount", "--data", "ledger")["over_limit"], 0)
        self.ledger.start()
        self.assertEqual(ask(*ask_beta, expect=DENIED)["reason"], "BLOCKED")


class RestartTest(LedgerCase):
    def test_a_campaign_outlives_its_server(self):
        (pathlib.Path(self.folder.name) / "text.txt").write_text("May Acme call you?")
        (pathlib.Path(self.folder.name) / "people").write_text(
            "".join(f"+3363998{i:04}\n" for i in range(5000, 7000)) * 5)
        self.ledger.run("claim", "@people", "--key", "registrar.pem", "--company", "acme",
                        "--id", "g", "--limit", "calls:CALL:1/YEAR", "--collected-at",
                        "2026-01-01T10:00:00Z", "--text-file", "text.txt", "--method", "paper",
                        "--collected-by", "Town Hall", expect=DENIED)  # Each but the first.
        dialer = subprocess.Popen(
            [BIN / "consentctl", "campaign", "people", "--company", "acme", "--channel", "CALL",
             "--server", self.ledger.address, "--batch", "20", "--json"],
            cwd=self.folder.name, stdout=subprocess.PIPE, text=True)
        time.sleep(0.3)
        self.ledger.kill_and_restart()
        totals = json.loads(dialer.communicate(timeout=WAIT_SECONDS)[0])
        self.assertEqual(dialer.returncode, OK, totals)
        self.assertEqual((totals["asked"], totals["errors"]), (10000, 0))
        self.assertEqual((totals["allowed"], totals["denied"]), (2000, 8000))
        self.ledger.stop()
        recount = self.ledger.ask("recount", "--data", "ledger")
        self.assertEqual((recount["allowed"], recount["over_limit"]), (2000, 0))
        self.ledger.run("replay", "--data", "ledger")


class UsageTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = Ledger(self.folder.name)  # Never started.

    def tearDown(self):
        self.folder.cleanup()

    def test_every_command_explains_itself(self):
        top = self.ledger.run("--help")
        for command in ("keys", "company", "registrar", "key", "directory", "ledger", "bind",
                        "grant", "claim", "revoke", "block", "unblock", "send", "consume", "check",
                        "confirm", "release", "report", "campaign", "view", "entries", "replay",
                        "recount", "rules", "simulate"):
            self.assertIn(command, top)
            self.assertIn("--help", self.ledger.run(command, "--help"))

    def test_keys_are_kept_to_oneself(self):
        made = self.ledger.ask("keys", "new", "--out", "a.pem")
        self.assertEqual((pathlib.Path(self.folder.name) / "a.pem").stat().st_mode & 0o777, 0o600)
        self.ledger.run("keys", "new", "--out", "a.pem", expect=BAD_INPUT)
        shown = self.ledger.run("keys", "show", "a.pem")
        self.assertIn(made["key_id"], shown)
        self.assertNotIn("PRIVATE", shown)
        (pathlib.Path(self.folder.name) / "a.pub").write_text(made["public_key_pem"])
        self.assertEqual(self.ledger.ask("keys", "show", "a.pub")["key_id"], made["key_id"])

    def test_a_server_that_is_not_there_is_an_error(self):
        words = ("consume", ALICE, "--company", "acme", "--channel", "CALL")
        self.ledger.run(*words, expect=FAILED)
        self.assertIn("start consentd", self.ledger.stderr)
        error = self.ledger.ask(*words, expect=FAILED)["error"]
        self.assertEqual(error["code"], "UNAVAILABLE")
        (pathlib.Path(self.folder.name) / "file").write_text(ALICE + "\n")
        self.ledger.run("campaign", "file", *words[2:], expect=FAILED)

    def test_bad_input_is_told_and_not_repeated(self):
        for words in (("consume",), ("consume", ALICE), (ALICE,), ("grant", ALICE),
                      ("consume", ALICE, "--company", "a", "--channel", ALICE),
                      ("consume", ALICE, "--company", "a", "--channel", "CALL", "--ttl", ALICE),
                      ("consume", ALICE, BOB, "--company", "a", "--channel", "CALL"),
                      ("campaign", "nowhere", "--company", "a", "--channel", "CALL"),
                      ("campaign", "x", "--company", "a", "--channel", "CALL", "--batch", ALICE),
                      ("check", ALICE, "--company", "a", "--channel", "CALL", "--server", "x"),
                      ("send", "nowhere"), ("keys", "show", "nowhere"),
                      ("simulate", "nowhere"), ("keys", "new", "--type", "rsa", "--out", "k")):
            with self.subTest(words=words):
                self.ledger.run(*words, expect=BAD_INPUT)
                self.assertTrue(self.ledger.stderr)

    def test_scenarios_run_without_a_server(self):
        scenario = ('{"rules": [], "consumers": [{"id": "a", "contact_point": "+33639980001"}], '
                    '"steps": [{"at": "2026-03-01T09:00:00Z", "check": {"consumer": "a", '
                    '"company": "acme", "channel": "CALL", "purpose": "PRESS"}}]}')
        line = self.ledger.ask("simulate", "-", stdin=scenario)
        self.assertEqual(line["reason"], "NO_PERMISSION")

    def test_a_scenario_runs_under_a_pack_of_ones_own(self):
        pack = pathlib.Path(self.folder.name) / "pack.yaml"
        head = "id: fr\nversion: 2026-11-22\ntitle: T\ntime_zone: UTC\nregions: [FR]\nrules:\n"
        pack.write_text(head + "  - {id: fr.none, says: No., source: Law, prohibition: {}}\n")
        scenario = ("rules: [fr]\n"
                    "consumers: [{id: a, contact_point: '+33639980001'}]\n"
                    "steps:\n"
                    "  - {at: 2026-03-02T09:00:00Z, grant: {id: g, consumer: a, company: acme,\n"
                    "     purposes: [PRESS], limits: [{id: l, channels: [SMS], max: 1,\n"
                    "     window: {period: LIFETIME}}]}}\n"
                    "  - {at: 2026-03-02T09:00:00Z, check: {consumer: a, company: acme,\n"
                    "     channel: SMS, purpose: PRESS}}\n")
        line = self.ledger.ask("simulate", "-", "--pack", "pack.yaml", stdin=scenario)
        self.assertEqual((line["reason"], line["rule"]), ("PROHIBITED", "fr.none"))
        self.assertEqual(self.ledger.ask("simulate", "-", stdin=scenario)["reason"], "OK")
        pack.write_text(head + "  - {id: fr.none, says: No., source: Law}\n")
        self.ledger.run("simulate", "-", "--pack", "pack.yaml", stdin=scenario, expect=BAD_INPUT)
        self.assertIn("pack.yaml:7: expected one of consent", self.ledger.stderr)
        self.ledger.run("simulate", "-", "--pack", "nowhere", stdin=scenario, expect=BAD_INPUT)

    def test_rule_packs_are_listed_shown_and_checked(self):
        lines = self.ledger.run("rules", "list", "--json").splitlines()
        packs = {pack["id"]: pack for pack in map(json.loads, lines)}
        self.assertEqual(sorted(packs), ["ca", "eu", "fr", "gb", "in", "us"])
        rule = self.ledger.ask("rules", "show", "fr.silence")
        self.assertEqual((rule["demands"], rule["verified"]), ("60 full days after a refusal", True))
        self.assertIn("fr.hours", self.ledger.run("rules", "show", "fr"))
        for name in ("xx", "fr.nothing"):
            self.ledger.run("rules", "show", name, expect=BAD_INPUT)

        # The file shown is the one within, to the byte.
        file = pathlib.Path(self.folder.name) / "pack.yaml"
        file.write_text(self.ledger.run("rules", "show", "fr", "--file"))
        checked = self.ledger.ask("rules", "check", "pack.yaml")
        self.assertEqual(checked["sha256"], packs["fr"]["sha256"])
        self.assertIn(checked["sha256"], self.ledger.run("rules", "check", "pack.yaml"))

        file.write_text(file.read_text().replace("days: 60", "days: sixty"))
        line = file.read_text().splitlines().index("    silence: {days: sixty}") + 1
        self.ledger.run("rules", "check", "pack.yaml", expect=BAD_INPUT)
        self.assertIn(f"pack.yaml:{line}: expected days", self.ledger.stderr)
        self.ledger.run("rules", "check", "nowhere", expect=BAD_INPUT)
        fault = self.ledger.ask("rules", "check", "-", stdin="id: XX\n", expect=BAD_INPUT)
        self.assertEqual(fault["errors"][0]["line"], 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
