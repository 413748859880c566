"""What pip and uv print when a setup fails, and the one thing that the user is told to do."""

from __future__ import annotations

import pytest

from geohg.geohg_plugin.runtime.faults import fault_of, remedy
from geohg.geohg_plugin.runtime.progress import InstallProgress

NO_MATCH = """
ERROR: Could not find a version that satisfies the requirement affine==3.0.1 (from versions: none)
ERROR: No matching distribution found for affine==3.0.1
"""

MESSAGES = {
    "pip disk": (
        "disk",
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    ),
    "pip disk while downloading": (
        "disk",
        "ERROR: Could not install packages due to an OSError: (\"Connection broken: OSError(28, 'No"
        " space left on device')\", OSError(28, 'No space left on device'))",
    ),
    "uv disk": (
        "disk",
        "error: Failed to install: scipy-1.15.3-cp311-cp311-manylinux_2_17_x86_64.whl\n"
        "  cause: failed to copy file: No space left on device (os error 28)",
    ),
    "Windows disk": ("disk", "OSError: [WinError 112] There is not enough space on the disk"),
    "pip network": (
        "network",
        "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) "
        "after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection."
        "HTTPSConnection object at 0x7fc78b3ae4d0>: Failed to establish a new connection: [Errno "
        "-2] Name or service not known')': /simple/affine/" + NO_MATCH,
    ),
    "uv network": (
        "network",
        "error: Failed to fetch: https://pypi.org/simple/affine/\n"
        "  cause: error sending request for url (https://pypi.org/simple/affine/)\n"
        "  cause: client error (Connect)\n  cause: dns error\n  cause: error resolving DNS\n"
        "  cause: failed to lookup address information: Name or service not known",
    ),
    "pip proxy": (
        "proxy",
        "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) "
        "after connection broken by 'ProxyError('Cannot connect to proxy.', NewConnectionError("
        "'<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f58cbf8a2d0>: Failed to "
        "establish a new connection: [Errno 111] Connection refused'))': /simple/affine/"
        + NO_MATCH,
    ),
    "uv proxy": (
        "proxy",
        "  cause: client error (Connect)\n"
        "  cause: tunnel error: failed to create underlying connection\n"
        "  cause: tcp connect error\n  cause: Connection refused (os error 111)",
    ),
    "uv proxy password": ("proxy", "  cause: tunnel error: proxy authorization required"),
    "pip certificate": (
        "certificate",
        "Could not fetch URL https://pypi.org/simple/affine/: There was a problem confirming the "
        "ssl certificate: HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded "
        "with url: /simple/affine/ (Caused by SSLError(SSLCertVerificationError(1, '[SSL: "
        "CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate "
        "(_ssl.c:1006)'))) - skipping" + NO_MATCH,
    ),
    "uv certificate": (
        "certificate",
        "  cause: error sending request for url (https://pypi.org/simple/affine/)\n"
        "  cause: client error (Connect)\n"
        "  cause: invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
    ),
    "pip no wheel": (
        "wheel",
        "ERROR: Could not find a version that satisfies the requirement numpy==1.21.6 (from "
        "versions: 1.23.2, 1.23.3, 2.4.6)\nERROR: No matching distribution found for numpy==1.21.6",
    ),
    "uv no wheel": (
        "wheel",
        "  cause: Because numpy==1.21.6 has no usable wheels and you require numpy==1.21.6, we can "
        "conclude that your requirements are unsatisfiable.\n\nhint: Wheels are required for "
        "`numpy` because building from source is disabled for all packages",
    ),
    "permission": ("permission", "Error: [Errno 13] Permission denied: '/root/zz'"),
    "Windows permission": (
        "permission",
        "ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied: "
        "'C:\\\\Users\\\\me\\\\AppData\\\\Local\\\\geohg\\\\engine-1\\\\Lib\\\\torch\\\\_C.pyd'",
    ),
    "read-only": ("permission", "OSError: [Errno 30] Read-only file system: '/home/me/.local'"),
    "antivirus": (
        "antivirus",
        "OSError: [WinError 225] Operation did not complete successfully because the file contains "
        "a virus or potentially unwanted software",
    ),
    "file held by a scanner": (
        "antivirus",
        "ERROR: Could not install packages due to an OSError: [WinError 32] The process cannot "
        "access the file because it is being used by another process",
    ),
    "old pip": (
        "pip",
        "option --progress-bar: invalid choice: 'raw' (choose from 'off', 'on', 'ascii', 'pretty', "
        "'emoji')",
    ),
    "no pip": ("pip", "/usr/bin/python3: No module named pip"),
    "glibc": (
        "glibc",
        "ImportError: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.28' not found (required by "
        "/home/me/.local/share/geohg/engine-1/lib/python3.10/site-packages/torch/lib/libc10.so)",
    ),
    "uv glibc": (
        "glibc",
        "hint: You're on Linux (`manylinux_2_17_x86_64`), but `torch` (v2.13.0) only has wheels "
        "for the following platforms: `manylinux_2_28_aarch64`, `manylinux_2_28_x86_64`",
    ),
    "pip hash": (
        "hash",
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have "
        "updated the package versions, please update the hashes.",
    ),
    "uv hash": (
        "hash",
        "error: Failed to download `affine==3.0.1`\n  cause: Hash mismatch for `affine==3.0.1`",
    ),
    "missing library of Windows": (
        "dll",
        "OSError: [WinError 126] The specified module could not be found. Error loading "
        '"C:\\\\geohg\\\\engine-1\\\\Lib\\\\site-packages\\\\torch\\\\lib\\\\c10.dll"',
    ),
    "no venv": (
        "interpreter",
        "The virtual environment was not created successfully because ensurepip is not available.",
    ),
    "else": ("unknown", "RuntimeError: something new"),
}


@pytest.mark.parametrize(("kind", "output"), MESSAGES.values(), ids=MESSAGES)
def test_a_message_is_known(kind: str, output: str) -> None:
    assert fault_of(output) == kind


def test_each_kind_has_one_thing_to_do() -> None:
    sentences = {kind: remedy(kind) for kind, _ in MESSAGES.values()}
    assert len(set(sentences.values())) == len(sentences)
    for sentence in sentences.values():
        assert sentence.endswith(".") and "\n" not in sentence and ";" in sentence


def test_progress_of_pip() -> None:
    progress = InstallProgress("one==1 \\\n    --hash=sha256:0\ntwo==2\n# three==3\n")
    lines = {
        "Collecting one==1 (from -r lock.txt (line 1))": ("Fetching one (1 of 2)", 0.0),
        "  Downloading one-1-py3-none-any.whl (10 kB)": ("", 0.0),
        "Progress 5 of 10": ("", 0.2125),
        "Processing /opt/wheels/two-2+cpu-cp311-linux.whl": ("Fetching two (2 of 2)", 0.425),
        "Progress 0 of 0": ("", 0.425),
        "Installing collected packages: one, two": ("Installing the packages", 0.85),
        "Successfully installed one-1 two-2": ("", 0.85),
    }
    for line, (text, fraction) in lines.items():
        assert (progress.read(line), pytest.approx(progress.fraction)) == (text, fraction)


def test_progress_of_uv() -> None:
    progress = InstallProgress("affine==3 \\\nattrs==26\nscipy==1\n")
    lines = {
        "Resolved 3 packages in 120ms": ("", 0.05),
        "Downloading scipy (35.9MiB)": ("Downloading scipy (35.9MiB)", 0.05),
        " Downloaded scipy": ("", 0.2833333),
        "Prepared 3 packages in 742ms": ("Installing the packages", 0.85),
        "Installed 3 packages in 28ms": ("", 1.0),
        " + affine==3.0.1": ("", 1.0),
    }
    for line, (text, fraction) in lines.items():
        assert (progress.read(line), pytest.approx(progress.fraction)) == (text, fraction)
