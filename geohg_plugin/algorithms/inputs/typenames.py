"""What types of hypernodes are called: each after its layer."""

from __future__ import annotations

from collections.abc import Container

from ....engine.names import AREA, ENTITY, FEATURE_KINDS, NEAR, POI

# What a graph calls its other parts.
_TAKEN = (AREA, ENTITY, POI, NEAR[1], "target", *FEATURE_KINDS)
_MOST = 60


def type_name(layer: str, taken: Container[str]) -> str:
    """The name of a layer as that of a type of hypernodes: one word, that no other has.

    Parameters
    ----------
    layer : str
        The name of the layer.
    taken : container of str
        Types that there are.
    """
    letters = (letter if f"_{letter}".isidentifier() else "_" for letter in layer[:_MOST])
    word = "".join(letters).strip("_") or "layer"
    if not word.isidentifier():
        word = f"layer_{word}"
    name, number = word, 1
    while name in _TAKEN or name in taken:
        number += 1
        name = f"{word}_{number}"
    return name
