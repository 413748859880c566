"""The address of a Dask scheduler."""

from __future__ import annotations

import ipaddress
import re
import socket

from ..errors import InputError
from ..language import tr

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]]+):(\d{1,5})")


def check_address(address: str) -> None:
    """Refuse what is no address of a scheduler.

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


def host_of(address: str) -> tuple[str, int]:
    """The host and the port of a checked address."""
    host, port = address.partition("://")[2].rsplit(":", 1)
    return host.strip("[]"), int(port)


def refuse_public(address: str) -> None:
    """Refuse a checked address to which nobody should send data.

    Through `tcp` whoever listens can read, and answer with code that runs here: it is for this
    machine and networks of one's own, and `tls` for all others.

    Raises
    ------
    InputError
        Naming what is safe.
    """
    if address.startswith("tcp") and _is_public(host_of(address)[0]):
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
