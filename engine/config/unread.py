"""Options that were set, and that the chosen model does not read."""

from __future__ import annotations

from ..language import tr
from .kinds import CHOICES, KINDS
from .options import options
from .schema import Config


def unread_options(config: Config) -> list[str]:
    """The options, such as `training.lr`, that another kind of model reads and this does not.

    Only those that differ from their defaults, in the order of the sections.
    """
    kind = KINDS[config.model.fitted_kind]
    read = {*kind.options} - {*(kind.fixed if config.model.strict_reference else ())}
    readable = {name for kind in KINDS.values() for name in kind.options}
    return [
        name
        for option in options()
        if (name := f"{option.section}.{option.name}") in readable - read
        and getattr(getattr(config, option.section), option.name) != option.default
    ]


def unread_in_words(config: Config) -> str:
    """A sentence that names them, the model, and the models that read them all; empty if none."""
    unread = unread_options(config)
    if not unread:
        return ""
    own = config.model.kind
    readers = [kind for kind in CHOICES if kind != own and {*unread} <= {*KINDS[kind].options}]
    text = tr("The model {kind} does not use these options, so they change nothing: {options}.")
    if readers:
        text = tr(
            "The model {kind} does not use these options, so they change nothing: {options}; "
            "{readers} does."
        )
    return text.format(kind=own, options=", ".join(unread), readers=tr(" or ").join(readers))
