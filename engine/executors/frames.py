"""What this process and a worker of it say to each other: a line of JSON, and bytes after it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import numpy as np

from .work import Arrays, Work

Frame = tuple[dict[str, Any], bytes]


def write_frame(stream: BinaryIO, message: Mapping[str, Any], data: bytes = b"") -> None:
    """Write a message with its bytes."""
    line = json.dumps({**message, "bytes": len(data)}, ensure_ascii=True, allow_nan=False)
    stream.write(line.encode("ascii") + b"\n")
    stream.write(data)
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next message with its bytes; None once the other side is gone."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    message = json.loads(line)
    data = stream.read(message["bytes"])
    return (message, data) if len(data) == message["bytes"] else None


def pack(arrays: Arrays) -> tuple[list[str], bytes]:
    """Arrays as their names and bytes, without pickle."""
    buffer = io.BytesIO()
    for values in arrays.values():
        np.save(buffer, values, allow_pickle=False)
    return list(arrays), buffer.getvalue()


def unpack(names: Iterable[str], data: bytes) -> Arrays:
    """The arrays of `pack`."""
    buffer = io.BytesIO(data)
    return {name: np.load(buffer, allow_pickle=False) for name in names}


def work_frame(work: Work) -> Frame:
    """A work as a message."""
    sizes = {name: len(data) for name, data in work.files.items()}
    message = {
        "module": work.module,
        "description": dict(work.description),
        "files": sizes,
        "language": work.language,
    }
    return message, b"".join(work.files.values())


def work_of(message: Mapping[str, Any], data: bytes) -> Work:
    """The work of `work_frame`."""
    files, start = {}, 0
    parts = memoryview(data)  # which a worker need not hold twice
    for name, size in message["files"].items():
        files[name] = parts[start : start + size]
        start += size
    return Work(message["module"], message["description"], files, language=message["language"])
