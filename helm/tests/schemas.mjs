// SPDX-License-Identifier: Apache-2.0
//
// Validates the manifests on standard input, YAML documents, against Kubernetes' schemas (and
// cert-manager's, and the Prometheus operator's). Prints a line for each fault; ends with 1 when there is one, or when a kind has no
// schema here.

import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const PACKAGES = {
  'cert-manager.io': '@kubernetes-models/cert-manager',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

// The class that knows the schema of "apps/v1", "StatefulSet".
async function modelOf(apiVersion, kind) {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  const name = PACKAGES[group] ?? 'kubernetes-models';
  try {
    return (await import(`${name}/${apiVersion}`))[kind];
  } catch {
    return undefined;
  }
}

const faults = [];
let manifests = 0;
for (const document of parseAllDocuments(readFileSync(0, 'utf8'))) {
  for (const error of document.errors) faults.push(error.message);
  const manifest = document.toJS();
  if (manifest === null) continue;
  manifests += 1;
  const what = `${manifest.kind} ${manifest.metadata?.name}`;
  const Model = await modelOf(manifest.apiVersion, manifest.kind);
  if (Model === undefined) {
    faults.push(`${what}: no schema of ${manifest.apiVersion} is known`);
    continue;
  }
  try {
    new Model(manifest).validate();
  } catch (error) {
    faults.push(`${what}: ${error.message}`);
  }
}
if (manifests === 0) faults.push('nothing to validate');
for (const fault of faults) console.log(fault);
process.exit(faults.length === 0 ? 0 : 1);
