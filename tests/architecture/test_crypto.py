"""Where the house encrypts, hashes and signs: found in the source, with what for. No weak way is among them (ASVS V1.5, V11)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .source import ROOMS, ROOT, files, imports, name, tree

# What comes from a library of ciphers or signatures, and what for.
CIPHERS = {
    "audit/sealing.py": ("the seals over the trail", {"Ed25519PrivateKey", "Encoding", "PublicFormat"}),
    "audit/verify_bundle.py": ("checking them", {"Ed25519PublicKey", "InvalidSignature"}),
    "consent/papers.py": (
        "the certificate of signed papers",
        {"x509", "NameOID", "ec", "hashes", "Encoding", "NoEncryption", "PrivateFormat"},
    ),
    "practice/certify.py": (
        "the signature in a PDF",
        {"keys", "x509", "IncrementalPdfFileWriter", "fields", "signers", "SimpleCertificateStore"},
    ),
    "upkeep/restoring.py": ("opening a backup", {"pyrage"}),
    "upkeep/sealing.py": ("sealing a backup", {"pyrage"}),
    "vault/blob.py": ("sealed values", {"AESGCM", "InvalidTag"}),
    "vault/gate.py": ("their ciphers while a door is open", {"AESGCM"}),
    "vault/keys.py": ("data keys under a master", {"FernetSigner", "FernetBytes", "InvalidToken"}),
}
LIBRARIES = re.compile(r"(cryptography|django_cryptography|pyhanko|pyhanko_certvalidator|asn1crypto|pyrage|nacl|Crypto|OpenSSL|jwt|jose)\b")
HASHES = {"sha256", "file_digest"}  # of hashlib; what hmac is given is named in its calls
# ruff's rules for code from data, weak hashes and ciphers, chance that can be foretold, XML that opens entities, shells, TLS unchecked.
WEAK = (
    "S102,S301,S302,S306,S307,S311,S313,S314,S315,S316,S317,S318,S319,S323,S324,S403,S405,S406,S407,S408,S409,S411,S412,S413,"
    "S501,S502,S503,S505,S506,S602,S604,S605,S609,S701,S702"
)
HOUSE = [room for room in ROOMS if room != "demo"]  # whose invented lives are drawn by lot, with a seed


def _from_libraries(path: Path) -> set[str]:
    asked = {(node, reached) for node, reached in imports(path) if LIBRARIES.match(reached)}
    return {alias.name.split(".")[-1] for node, _ in asked if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}


def test_asvs_11_1_3_every_cipher_and_signature_is_known_and_comes_from_a_library() -> None:
    found = {name(path): names for path in files(*ROOMS, "config", "ops") if (names := _from_libraries(path))}
    assert found == {path: names for path, (_, names) in CIPHERS.items()}


def test_asvs_11_4_1_every_hash_is_sha_256_or_better() -> None:
    nodes = [node for path in files(*ROOMS, "config", "ops") for node in ast.walk(tree(path))]
    calls = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) in ("hmac.digest", "hmac.new")]
    hashed = {node.attr for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "hashlib"}
    assert (hashed, {ast.unparse(call.args[-1]) for call in calls}) == (HASHES, {"'sha256'"})
    assert len(calls) > 3


def _weak(*given: str, source: str = "") -> str:
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--output-format", "concise", "--select", WEAK, *given]
    return subprocess.run(command, cwd=ROOT, input=source, capture_output=True, text=True, check=False).stdout


def test_nothing_runs_data_as_code_opens_a_shell_or_uses_what_is_weak() -> None:
    assert _weak(*HOUSE, "config", "ops").strip() == "All checks passed!"


@pytest.mark.parametrize(
    "wrong",
    ["eval(x)", "import random\nrandom.random()", "import hashlib\nhashlib.md5(x)", "import subprocess\nsubprocess.run(x, shell=True)",
     "import pickle\npickle.loads(x)", "import xml.sax\nxml.sax.parse(x)"],
)  # fmt: skip
def test_the_control_each_of_these_is_found(wrong: str) -> None:
    assert "Found" in _weak("-", source=wrong)
