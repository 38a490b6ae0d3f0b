# SPDX-License-Identifier: Apache-2.0
"""The alerts and the dashboard: every metric in them is one that the service shows, every alert has
its page, and Prometheus' own promtool finds each alert to come when it should, and not before.

Run by `./dev alerts`, which fetches promtool. Without it the last part is left out.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CHART = os.path.join(ROOT, "helm", "consent-ledger")
ALERTS = os.path.join(CHART, "alerts.yaml")
DASHBOARD = os.path.join(CHART, "dashboards", "consent-ledger.json")
PROMTOOL = os.environ.get("PROMTOOL") or shutil.which("promtool") or os.path.join(
    ROOT, "build/promtool/usr/bin/promtool")
OWN = {"instance": "ledger:9464", "job": "consent-ledger"}


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def shown():
    """The names of the series that the service shows; the reference is compared with them."""
    names = set()
    for name, kind in re.findall(r"^\| `(\w+)` \| (\w+) \|", text_of(
            os.path.join(ROOT, "docs/reference/metrics.md")), re.MULTILINE):
        parts = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        names.update(name + part for part in parts)
    return names


def named(expression):
    return set(re.findall(r"\b(?:consent|process)_\w+", expression))


def alerts():
    return [rule for group in yaml.safe_load(text_of(ALERTS))["groups"] for rule in group["rules"]]


def expressions():
    """Of every panel and variable of the dashboard."""
    board = json.loads(text_of(DASHBOARD))
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"]


def series(name, values, **labels):
    written = ",".join(f'{label}="{value}"' for label, value in {**OWN, **labels}.items())
    return {"series": f"{name}{{{written}}}", "values": values}


# Of each alert: the series that bring it, the minute at which it is not there yet, and the first at
# which it is. What it is about says the labels that it adds.
CONSUMERS = {"journal": "consumers"}
CASES = {
    "ConsentLedgerDown": ([series("consent_build_info", "1x10 _x20", version="1")], 15, 17, {"version": "1"}),
    "ConsentLedgerRestarts": (
        [series("consent_build_info", "1x30", version="1"),
         series("process_start_time_seconds", "1x10 2 2 3 3 4 4 4 4 4 4")], 13, 15, {}),
    "ConsentLedgerDenialsRising": (
        [series("consent_decisions_total", "0+900x70 64000+100x60", way="unary", channel="CALL",
                verdict="allowed", reason="OK"),
         series("consent_decisions_total", "0+100x70 7100+900x60", way="unary", channel="CALL",
                verdict="denied", reason="NO_PERMISSION")], 75, 90, {}),
    "ConsentLedgerTurnedAway": (
        [series("consent_gate_refusals_total", "0x10 0+1200x30", reason="NOT_ALLOWED")], 11, 22, {}),
    "ConsentLedgerCheckpointStale": (
        [series("consent_journal_checkpoint_timestamp_seconds", "0 60 120x10", **CONSUMERS),
         series("consent_journal_entries", "10 20 30 30 40x10", **CONSUMERS),
         series("consent_journal_published_entries", "10 20 30x10", **CONSUMERS)], 4, 6, CONSUMERS),
    "ConsentLedgerWitnessSilent": (
        [series("consent_witnesses_failing", "0 0 1x20")], 11, 13, {}),
    "ConsentLedgerDiskNearlyFull": (
        [series("consent_store_free_bytes", "400 300 150x20"),
         series("consent_store_bytes", "10x30"),
         series("consent_store_reserve_bytes", "100x30")], 11, 13, {}),
    "ConsentLedgerStoreFull": (
        [series("consent_store_full", "0 0 1x10"), series("consent_store_free_bytes", "200x15"),
         series("consent_store_reserve_bytes", "100x15")], 1, 4, {}),
    "ConsentLedgerQueueGrowing": (
        [series("consent_queue_oldest_seconds", "0 1 3x10", **CONSUMERS),
         series("consent_queue_decisions", "0x12", **CONSUMERS)], 2, 4, CONSUMERS),
    "ConsentLedgerCommitsSlow": (
        [series("consent_commit_duration_seconds_bucket", "0+100x10 1000x40", le="0.1", **CONSUMERS),
         series("consent_commit_duration_seconds_bucket", "0+100x10 1000+100x40", le="1", **CONSUMERS),
         series("consent_commit_duration_seconds_bucket", "0+100x10 1000+100x40", le="+Inf",
                **CONSUMERS)], 15, 26, {}),
    "ConsentLedgerCertificateExpiring": (
        [series("consent_certificate_expiry_timestamp_seconds", f"{7 * 86400 + 600}x60")], 18, 22, {}),
    "ConsentLedgerClockUncertain": ([series("consent_clock_believed", "1 1 0x5")], 1, 2, {}),
    "ConsentLedgerRecordsBehind": (
        [series("consent_records_late_entries", "300000 300000 300001x20")], 11, 13, {}),
    "ConsentLedgerAuditLogStuck": (
        [series("consent_audit_lines_waiting", "1000 1000 1001x20")], 3, 5, {}),
}


class AlertsTest(unittest.TestCase):

    def test_every_metric_in_an_alert_is_one_that_the_service_shows(self):
        self.assertGreater(len(shown()), 30)
        for rule in alerts():
            self.assertTrue(named(rule["expr"]), rule["alert"])
            self.assertLessEqual(named(rule["expr"]), shown(), rule["alert"])
            texts = " ".join(rule["annotations"].values())
            self.assertLessEqual(named(texts), {re.sub("_(bucket|sum|count)$", "", name) for name in shown()})

    def test_every_metric_in_the_dashboard_is_one_that_the_service_shows(self):
        used = set()
        for title, expression in expressions():
            self.assertTrue(named(expression), title)
            self.assertLessEqual(named(expression), shown(), title)
            used |= named(expression)
        self.assertGreater(len(used), 25, "it shows most of them")

    def test_every_alert_says_what_it_means_and_what_to_do(self):
        page = text_of(os.path.join(ROOT, "docs/guides/monitor.md"))
        for rule in alerts():
            self.assertIn(f"\n### {rule['alert']}\n", page)
            self.assertEqual(rule["annotations"]["runbook"],
                             "docs/guides/monitor.md#" + rule["alert"].lower())
            self.assertIn(rule["labels"]["severity"], ("warning", "critical"))
        self.assertEqual(re.findall(r"^### (ConsentLedger\w+)$", page, re.MULTILINE),
                         [rule["alert"] for rule in alerts()])

    def test_every_alert_is_tried(self):
        self.assertEqual(set(CASES), {rule["alert"] for rule in alerts()})

    def promtool(self, *arguments):
        if not os.path.exists(PROMTOOL):
            self.skipTest("no promtool here; ./dev alerts fetches it")
        done = subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_promtool_finds_the_rules_well_formed(self):
        status, said = self.promtool("check", "rules", "--lint=all", "--lint-fatal", ALERTS)
        self.assertEqual(status, 0, said)

    def test_every_expression_of_the_dashboard_can_be_read(self):
        rules = {"groups": [{"name": "panels", "rules": [
            {"record": f"panel:{i}", "expr": expression.replace("$__rate_interval", "5m")}
            for i, (_, expression) in enumerate(expressions())
            if not expression.startswith("label_values(")]}]}
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            yaml.safe_dump(rules, file)
            file.flush()
            status, said = self.promtool("check", "rules", file.name)
        self.assertEqual(status, 0, said)

    def try_alert(self, name):
        """What promtool says of one alert's case."""
        given, before, after, labels = CASES[name]
        (rule,) = [rule for rule in alerts() if rule["alert"] == name]
        fired = {"exp_labels": {**OWN, **labels, **rule["labels"]}}
        test = {
            "rule_files": ["alerts.yaml"],
            "evaluation_interval": "30s",
            "tests": [{"interval": "1m", "input_series": given, "alert_rule_test": [
                {"eval_time": f"{before}m", "alertname": name, "exp_alerts": []},
                {"eval_time": f"{after}m", "alertname": name, "exp_alerts": [fired]}]}],
        }
        # Whether it comes, and with which labels, is what is tried: not its texts, which promtool
        # would compare as well.
        bare = {"groups": [{"name": "one", "rules": [
            {key: value for key, value in rule.items() if key != "annotations"}]}]}
        with tempfile.TemporaryDirectory() as folder:
            for file, content in (("alerts.yaml", bare), ("test.yaml", test)):
                with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
                    yaml.safe_dump(content, out)
            return self.promtool("test", "rules", os.path.join(folder, "test.yaml"))

    def test_every_alert_comes_when_it_should_and_not_before(self):
        for name in CASES:
            with self.subTest(alert=name):
                status, said = self.try_alert(name)
                self.assertEqual(status, 0, said)


if __name__ == "__main__":
    unittest.main()
