import pytest

from geohg.engine.config.kinds import CHOICES, KINDS, kinds_in_words
from geohg.engine.config.options import options
from geohg.engine.config.schema import make_config
from geohg.engine.errors import InputError
from geohg.engine.models.kinds import class_of, make_model


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_class_and_names_options_that_exist(kind):
    assert class_of(kind).kind == kind
    known = {f"{option.section}.{option.name}" for option in options()}
    assert set(KINDS[kind].options) <= known


def test_a_kind_that_the_table_lacks_is_refused():
    with pytest.raises(InputError, match="the kind of model 'forest' is unknown"):
        class_of("forest")
    with pytest.raises(
        InputError, match="'model.kind' must be one of propagation, gnn, deepkernel"
    ):
        make_config({"model": {"kind": "embedded"}})


@pytest.mark.parametrize(
    ("chosen", "kind"),
    [
        ({"kind": "propagation"}, "propagation"),
        ({"kind": "propagation", "freeze_gnn": True}, "embedded"),
        ({"kind": "gnn", "freeze_gnn": True}, "gnn"),
        ({"kind": "deepkernel"}, "deepkernel"),
    ],
)
def test_the_options_choose_the_model(chosen, kind):
    assert make_model(make_config({"model": chosen})).kind == kind


def test_every_choice_is_explained():
    assert all(f"{kind} " in kinds_in_words() for kind in CHOICES)
    assert kinds_in_words(str.upper).count("PROPAGATES THE FEATURES") == 1
