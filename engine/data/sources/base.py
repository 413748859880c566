"""What every source of a graph has in common."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from ..builders.graph import GraphRawData


@runtime_checkable
class LandCoverSource(Protocol):
    """Something that knows cells and makes their graph; a class of one's own may be one."""

    def load(self) -> GraphRawData:
        """Read what is known, check it and build the graph."""
