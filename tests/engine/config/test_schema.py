import pytest

from geohg.engine.config.schema import Config, make_config
from geohg.engine.errors import InputError


def test_defaults_are_filled_in():
    assert make_config({}) == Config()


def test_values_replace_defaults_and_whole_numbers_serve_as_numbers():
    config = make_config({"training": {"lr": 1, "seed": 3}, "model": {"head_dims": [8, 4]}})
    assert config.training.lr == 1.0 and isinstance(config.training.lr, float)
    assert config.training.seed == 3 and config.model.head_dims == (8, 4)
    assert config.training.epochs == Config().training.epochs


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"trainin": {}}, "'trainin' is not an option.*Did you mean 'training'"),
        ({"training": {"epoch": 3}}, "'training.epoch'.*Did you mean 'training.epochs'"),
        ({"training": {"epochs": "many"}}, "'training.epochs' must be a whole number, got 'many'"),
        ({"training": {"epochs": True}}, "must be a whole number, got True"),
        ({"training": {"epochs": 0}}, "between 1 and"),
        ({"training": {"lr": float("nan")}}, "between"),
        ({"training": {"metric": "rmsd"}}, "one of r2, rmse, mae, got 'rmsd'.*'rmse'"),
        ({"model": {"head_dims": 3}}, "must be a list of whole numbers"),
        ({"model": {"head_dims": [0]}}, "between 1 and"),
        ({"model": {"bounds": [0]}}, "'model.bounds' must be the least and the greatest value"),
        ({"model": {"bounds": [100, 0]}}, r"such as 0 and 100, got \[100.0, 0.0\]"),
        ({"model": {"bounds": [0, "a"]}}, r"'model.bounds\[1\]' must be a number, got 'a'"),
        ({"model": 3}, "must be a section"),
        ({"execution": {"scheduler": "host"}}, "'host' is no address of a Dask scheduler"),
        (
            {"execution": {"scheduler": "tcp://host:1", "workers": 2}},
            "by 2 workers of this machine .* or by those of a scheduler .*; give one",
        ),
    ],
)
def test_refuses_what_is_wrong_and_names_its_path(values, message):
    with pytest.raises(InputError, match=message):
        make_config(values)
