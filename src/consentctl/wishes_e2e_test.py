# SPDX-License-Identifier: Apache-2.0
"""What consumers wish of all companies, and what companies claim of them, against a real consentd."""

import pathlib
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from e2e_test import ALICE, BAD_INPUT, BOB, DENIED, Ledger  # noqa: E402

ZOE = "+33639980003"


def moment(seconds):
    """So many seconds from now."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class WishesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.ledger = Ledger(folder.name)
        cls.ledger.start()
        cls.addClassCleanup(cls.ledger.stop)
        run = cls.ledger.run
        run("registrar", "add", "hall", "--name", "Town Hall")
        for key in ("hall", "alice", "bob", "zoe", "acme", "beta"):
            run("keys", "new", "--out", f"{key}.pem")
        run("key", "add", "hall", "--key", "hall.pem")
        for company in ("acme", "beta"):
            run("company", "add", company, "--name", company.title())
            run("key", "add", company, "--key", f"{company}.pem")
        for who, contact in (("alice", ALICE), ("bob", BOB), ("zoe", ZOE)):
            run("bind", contact, "--registrar-key", "hall.pem", "--key", f"{who}.pem")
        (cls.ledger.folder / "contract.txt").write_text("Electricity for a house in Lyon")

    def evidence(self, *words):
        return ("--collected-at", moment(-1), "--text-file", "contract.txt", "--method", "paper",
                "--collected-by", "the shop", *words)

    def reported(self, *words, expect=DENIED):
        return next(iter(self.ledger.ask(*words, expect=expect)["refused_by_reason"]), "")

    def test_one_call_a_year_across_all_companies(self):
        ask, run = self.ledger.ask, self.ledger.run
        for company in ("acme", "beta"):
            run("grant", ALICE, "--key", "alice.pem", "--company", company, "--limit",
                "calls:CALL:5/YEAR", "--limit", "texts:SMS:4/YEAR")
        run("preferences", ALICE, "--key", "alice.pem", "--limit", "mine:CALL:1/YEAR")
        call = ("--channel", "CALL", "--request-id", "r1")
        self.assertEqual(ask("consume", ALICE, "--company", "acme", *call)["decision"], "ALLOWED")
        told = ask("consume", ALICE, "--company", "beta", *call, "--next", expect=DENIED)
        self.assertEqual(told["reason"], "CONSUMER_LIMIT")
        self.assertEqual(told["limit"], "", "which of their limits is no company's affair")
        self.assertNotIn("mine", str(told))
        self.assertEqual({limit for limit in told["remaining"] if limit.startswith("preferences/")},
                         set())
        ask("consume", ALICE, "--company", "beta", "--channel", "SMS")
        view = ask("view", ALICE, "--key", "alice.pem")
        self.assertEqual(view["preferences"]["limits"], ["mine:CALL:1/YEAR:CALENDAR"])
        decided = [one for one in view["history"] if one["kind"] == "DECIDED"]
        self.assertEqual([(one["company"], one["decision"], one["basis"]) for one in decided],
                         [("acme", "ALLOWED", "CONSENT"), ("beta", "DENIED", ""),
                          ("beta", "ALLOWED", "CONSENT")])
        self.assertIn("of all companies: mine:CALL:1/YEAR",
                      run("view", ALICE, "--key", "alice.pem"))
        # Only the consumer says what they prefer, and an empty word ends it.
        run("preferences", ALICE, "--key", "hall.pem", "--limit", "CALL:9/YEAR", expect=DENIED)
        run("preferences", ALICE, "--key", "alice.pem")
        ask("consume", ALICE, "--company", "beta", *call)

    def test_a_pause_and_a_callback(self):
        ask, run = self.ledger.ask, self.ledger.run
        run("preferences", BOB, "--key", "bob.pem", "--quiet", "SUN 00:00-24:00", "--pause-until",
            moment(86400))
        run("grant", BOB, "--key", "bob.pem", "--company", "acme", "--limit", "CALL:5/YEAR")
        call = ("--company", "acme", "--channel", "CALL")
        self.assertEqual(ask("check", BOB, *call, expect=DENIED)["reason"], "PAUSED")
        run("preferences", BOB, "--key", "bob.pem")
        self.assertEqual(ask("check", BOB, *call)["basis"], "CONSENT")
        asked = ask("callback", BOB, "--key", "bob.pem", "--company", "beta", "--until",
                    moment(3600))
        allowed = ask("consume", BOB, "--company", "beta", "--channel", "CALL")
        self.assertEqual(allowed["basis"], "CALLBACK")
        run("revoke", BOB, "--key", "bob.pem", "--company", "beta", "--grant", asked["callback"])
        ask("check", BOB, "--company", "beta", "--channel", "CALL", expect=DENIED)
        view = ask("view", BOB, "--key", "bob.pem")
        self.assertEqual([(one["company"], one["revoked"]) for one in view["callbacks"]],
                         [("beta", True)])
        # Others need evidence, and the consumer none.
        words = ("callback", BOB, "--company", "acme", "--until", moment(3600))
        run(*words, "--key", "acme.pem", expect=DENIED)
        run(*words, "--key", "acme.pem", *self.evidence())
        run(*words, "--key", "bob.pem", *self.evidence(), expect=DENIED)
        run(*words, "--key", "acme.pem", "--method", "paper", expect=BAD_INPUT)

    def test_a_contested_contract_gives_no_ground(self):
        ask, run = self.ledger.ask, self.ledger.run
        run("rules", "put", "fr")
        self.addCleanup(run, "rules", "retire", "fr")
        mail = ("--company", "acme", "--channel", "EMAIL")
        self.assertEqual(ask("check", ZOE, *mail, expect=DENIED)["reason"], "NO_PERMISSION")
        contract = ("contract", ZOE, "--key", "acme.pem", "--company", "acme", "--id", "A-17",
                    "--object", "electricity", "--from", moment(-86400), "--similar-products")
        run(*contract, *self.evidence())
        allowed = ask("consume", ZOE, *mail)
        self.assertEqual((allowed["basis"], allowed["rule"]),
                         ("SIMILAR_PRODUCTS", "fr.similar_products"))
        self.assertEqual(ask("check", ZOE, "--company", "beta", "--channel", "EMAIL",
                             expect=DENIED)["reason"], "NO_PERMISSION", "acme's contract")

        run("contest", ZOE, "--key", "acme.pem", "--company", "acme", expect=DENIED)
        run("contest", ZOE, "--key", "zoe.pem", "--company", "acme", "--contract", "A-17")
        self.assertEqual(ask("check", ZOE, *mail, expect=DENIED)["reason"], "NO_PERMISSION")
        view = ask("view", ZOE, "--key", "zoe.pem")
        self.assertEqual([(one["contract"], one["contested"]) for one in view["contracts"]],
                         [("A-17", True)])
        decided = [one for one in view["history"] if one["kind"] == "DECIDED"]
        self.assertEqual((decided[0]["basis"], decided[0]["rule"]),
                         ("SIMILAR_PRODUCTS", "fr.similar_products"))
        self.assertIn("contested", run("view", ZOE, "--key", "zoe.pem"))
        # Old evidence does not bring it back; what was collected after the contest does.
        self.assertEqual(self.reported(*contract, "--collected-at", moment(-60), "--text-file",
                                       "contract.txt", "--method", "paper", "--collected-by", "us"),
                         "OUTRANKED")
        time.sleep(2.1)  # Evidence is dated in whole seconds.
        run(*contract, *self.evidence())
        ask("check", ZOE, *mail)

    def test_blocks_of_groups_processors_and_purposes(self):
        ask, run = self.ledger.ask, self.ledger.run
        run("block", BOB, "--key", "bob.pem", "--group", "holding", "--purpose", "SURVEY,CHARITY")
        run("block", BOB, "--key", "bob.pem", "--processor", "callcenter", "--channels", "CALL")
        blocks = ask("view", BOB, "--key", "bob.pem")["blocks"]
        self.assertEqual([(one["whose"], one["company"], len(one["channels"]), one["purposes"][:2])
                          for one in blocks],
                         [("GROUP", "holding", 7, ["SURVEY", "CHARITY"]),
                          ("PROCESSOR", "callcenter", 1, ["DIRECT_MARKETING", "PRESS"])])
        page = run("view", BOB, "--key", "bob.pem")
        self.assertIn("group holding", page)
        self.assertIn("for SURVEY, CHARITY", page)
        run("unblock", BOB, "--key", "bob.pem", "--company", "holding")
        self.assertEqual(len(ask("view", BOB, "--key", "bob.pem")["blocks"]), 2)
        run("unblock", BOB, "--key", "bob.pem", "--group", "holding")
        run("unblock", BOB, "--key", "bob.pem", "--processor", "callcenter")
        self.assertEqual(ask("view", BOB, "--key", "bob.pem")["blocks"], [])
        run("block", BOB, "--key", "bob.pem", "--group", "a", "--processor", "b", expect=BAD_INPUT)

    def test_a_new_holder_begins_anew(self):
        ask, run = self.ledger.ask, self.ledger.run
        line = "+33639980004"
        for key in ("old", "new"):
            run("keys", "new", "--out", f"{key}.pem")
        run("bind", line, "--registrar-key", "hall.pem", "--key", "old.pem")
        run("grant", line, "--key", "old.pem", "--company", "acme", "--limit", "CALL:5/YEAR")
        run("holder", line, "--registrar-key", "old.pem", "--new", expect=DENIED)
        run("holder", line, "--registrar-key", "hall.pem", expect=BAD_INPUT)
        run("holder", line, "--registrar-key", "hall.pem", "--new", "--class", "shared_line")
        ask("check", line, "--company", "acme", "--channel", "CALL", expect=DENIED)
        run("bind", line, "--registrar-key", "hall.pem", "--key", "new.pem")
        view = ask("view", line, "--key", "new.pem")
        self.assertEqual((view["grants"], view["holder_class"]), ([], "SHARED_LINE"))
        self.assertEqual([one["kind"] for one in view["history"]], ["HOLDER_CHANGED", "BOUND"])


if __name__ == "__main__":
    unittest.main()
