"""The JSON of a request: from bytes that anybody may have written to Python's own types."""

from __future__ import annotations

import json
from typing import Any

from ..errors import InputError, shown
from ..language import tr
from .checks import first_twice

MOST_BYTES = 1 << 27
"""Files of requests are smaller, with their tables inside."""


def parse_json(content: bytes, owner: str) -> Any:
    """What the JSON of a request holds, none of it checked.

    Parameters
    ----------
    content : bytes
        JSON in UTF-8; it may be more than `MOST_BYTES` long, and is refused then.
    owner : str
        What to call it in an error.

    Raises
    ------
    InputError
        If it is too long, no JSON, or names a key twice.
    """
    if len(content) > MOST_BYTES:
        raise InputError(
            tr("{owner} has more than {most} MB, so it is no request.").format(
                owner=owner, most=MOST_BYTES >> 20
            )
        )
    try:
        return json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_unique, parse_int=_whole_number
        )
    except RecursionError as error:
        reason = tr("it is nested too deeply")
        raise InputError(_no_json(owner, reason)) from error
    except ValueError as error:
        raise InputError(_no_json(owner, str(error))) from error


def _no_json(owner: str, reason: str) -> str:
    return tr("{owner} is not JSON in UTF-8: {reason}.").format(owner=owner, reason=reason)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = first_twice(name for name, _ in pairs)
        raise ValueError(tr("the key {key} stands twice").format(key=shown(twice)))
    return found


def _whole_number(digits: str) -> int | float:
    # Python refuses to read thousands of digits; no number of a request has hundreds.
    return int(digits) if len(digits) < 300 else float(digits)
