"""The address of a Dask scheduler."""

from __future__ import annotations

import ipaddress
import re
import socket

from ..errors import InputError
from ..language import tr

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]]+):(\d{1,5})")


def check_address(address: str) -> None:
    """Refuse what is no address of a scheduler, and one to which nobody should send data.

    Through `tcp` whoever listens can read, and answer with code that runs here: it is for this
    machine and networks of one's own, and `tls` for all others.

    Raises
    ------
    InputError
        Saying what an address looks like.
    """
    found = _ADDRESS.fullmatch(address)
    if not found or not 0 < int(found[3]) < 1 << 16:
        raise InputError(
            tr(
                "'{address}' is no address of a Dask scheduler; it looks like tcp://host:8786 or "
                "tls://host:8786."
            ).format(address=address)
        )
    if found[1] == "tcp" and _is_public(found[2].strip("[]")):
        raise InputError(
            tr(
                "'{address}' is on the open internet, where tcp:// lets others read the data and "
                "run code here; use tls://, or a tunnel."
            ).format(address=address)
        )


def _is_public(host: str) -> bool:
    """Whether a host has an address that the whole internet sees; not, where it is unknown."""
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return False
    return any(ipaddress.ip_address(each[4][0]).is_global for each in found)
