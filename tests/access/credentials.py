# SPDX-License-Identifier: Apache-2.0
"""A test case with a folder, an authority in it that certifies callers, and an issuer of tokens."""

import base64
import json
import pathlib
import subprocess
import tempfile
import time
import unittest

NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split()


def encode(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class CredentialsCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.openssl("req", "-x509", *NEW_KEY, "-subj", "/CN=authority", "-days", "2",
                     "-keyout", "ca.key", "-out", "ca.pem")
        self.issue("server", "DNS:localhost,IP:127.0.0.1")
        self.openssl("genpkey", "-algorithm", "ed25519", "-out", "issuer.key")
        public = self.openssl("pkey", "-in", "issuer.key", "-pubout", "-outform", "DER")
        (self.folder / "jwks.json").write_text(json.dumps({"keys": [
            {"kty": "OKP", "crv": "Ed25519", "kid": "one", "x": encode(public[-32:])}]}))

    def openssl(self, *words):
        return subprocess.run(["openssl", *words], cwd=self.folder, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    def issue(self, name, names, days="2"):
        """NAME.pem and NAME.key, for the subject's alternative names."""
        self.openssl("req", "-new", *NEW_KEY, "-subj", f"/CN={name}", "-addext",
                     f"subjectAltName={names}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-copy_extensions", "copy", "-CA",
                     "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", days, "-out",
                     f"{name}.pem")

    def token(self, *words, seconds=600):
        """For whoever is called by these words, good for so long."""
        claims = {"iss": "https://issuer.example", "aud": "ledger.example",
                  "exp": int(time.time()) + seconds, "consent": words}
        signed = ".".join(encode(json.dumps(part).encode())
                          for part in ({"alg": "EdDSA", "kid": "one"}, claims))
        (self.folder / "signed").write_text(signed)
        signature = self.openssl("pkeyutl", "-sign", "-rawin", "-inkey", "issuer.key", "-in", "signed")
        return f"{signed}.{encode(signature)}"
