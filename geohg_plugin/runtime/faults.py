"""Tells from what pip or uv printed why a setup failed, and the one thing to do."""

from __future__ import annotations

import re

from ..translation import tr

# The first kind whose pattern is found is the one; a network that fails is named in what pip
# prints of most other faults too, so it stands low.
_PATTERNS = {
    "disk": r"No space left on device|There is not enough space on the disk|WinError 112\b"
    r"|Disk quota exceeded|os error (28|112|122)\b",
    "antivirus": r"WinError 225\b|contains a virus|potentially unwanted software"
    r"|WinError (32|1260)\b|being used by another process|os error (32|225)\b"
    r"|blocked by group policy|Application Control policy",
    "permission": r"Permission denied|Access is denied|WinError 5\b|Read-only file system"
    r"|os error (5|13|30)\b|Operation not permitted",
    "hash": r"DO NOT MATCH THE HASHES|Hash mismatch",
    "certificate": r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer"
    r"|confirming the ssl certificate|SSLError|certificate verify failed",
    "proxy": r"ProxyError|Proxy Authentication Required|proxy authorization required"
    r"|Cannot connect to proxy|tunnel error|Missing dependencies for SOCKS",
    "glibc": r"GLIBC_\d|GLIBCXX_\d|GNU libc"
    r"|You're (on|using) [^\n]*(manylinux_2_(1\d|2[0-7])|manylinux1|manylinux201)",
    "pip": r"no such option:|invalid choice:|No module named pip\b",
    "network": r"NewConnectionError|Name or service not known|getaddrinfo failed"
    r"|nodename nor servname|Temporary failure in name resolution|ConnectTimeout|Read timed out"
    r"|ConnectionResetError|Connection (refused|reset|aborted|broken)|dns error|timed out"
    r"|Network is unreachable|IncompleteRead|error sending request|RemoteDisconnected",
    "dll": r"DLL load failed|WinError (126|127|1114)\b",
    "wheel": r"No matching distribution found|no usable wheels|has no wheels|No solution found"
    r"|not a supported wheel|Could not find a version|there is no version of",
    "interpreter": r"No interpreter found|ensurepip|No module named venv",
}


def fault_of(output: str) -> str:
    """The kind of fault that an output tells of; "unknown" if none is known.

    Parameters
    ----------
    output : str
        What pip, uv or the check printed, or the text of an exception.
    """
    for kind, pattern in _PATTERNS.items():
        if re.search(pattern, output, re.IGNORECASE):
            return kind
    return "unknown"


def remedy(kind: str) -> str:
    """What went wrong, and one thing to do about it, in a sentence."""
    return {
        "disk": tr("The disk is full; free some space, then run it again."),
        "antivirus": tr(
            "An antivirus program or a security rule blocked a file; allow the engine's folder "
            "there, then run it again."
        ),
        "permission": tr(
            "A file or folder cannot be written; check the permissions of the engine's folder, "
            "close programs that use it, then run it again."
        ),
        "hash": tr(
            "A downloaded file does not match its pinned hash and was rejected; run it again on "
            "another network, without a mirror."
        ),
        "certificate": tr(
            "The server's certificate was not accepted; set the environment variable SSL_CERT_FILE "
            "to your organisation's certificate file, and restart QGIS."
        ),
        "proxy": tr(
            "The proxy refused the connection; correct it under Settings > Options > Network, "
            "then run it again."
        ),
        "glibc": tr(
            "This Linux is too old for PyTorch, which needs glibc 2.28; use one of 2019 or later."
        ),
        "pip": tr("The pip of this Python is too old or missing; choose a newer Python."),
        "network": tr("The packages could not be downloaded; connect to the internet and retry."),
        "dll": tr(
            "A Windows library is missing; install the Microsoft Visual C++ Redistributable, then "
            "run it again."
        ),
        "wheel": tr(
            "A package has no build for this Python on this computer; choose Python 3.12, and CPU "
            "as the device."
        ),
        "interpreter": tr(
            "The Python cannot make environments; install python3-venv, or choose another Python."
        ),
    }.get(kind, tr("The setup failed; its output below says why."))
