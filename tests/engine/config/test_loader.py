import dataclasses
from pathlib import Path

import pytest

from geohg.engine.config import loader
from geohg.engine.config.loader import load_config, read_values
from geohg.engine.config.options import by_section, default_yaml, options, plain_names
from geohg.engine.config.schema import Config, make_config
from geohg.engine.config.unread import unread_options
from geohg.engine.errors import InputError

CONFIG_FOLDER = Path(loader.__file__).parent
ROOT = CONFIG_FOLDER.parent.parent


@pytest.fixture
def settings(tmp_path):
    """Write a settings file."""

    def write(text):
        path = tmp_path / "settings.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_the_default_file_is_what_the_options_say():
    text = (CONFIG_FOLDER / "default.yaml").read_text(encoding="utf-8")
    assert text == default_yaml(), "write default_yaml() to engine/config/default.yaml again"


def test_the_default_file_gives_the_defaults_and_names_every_option():
    values = read_values(CONFIG_FOLDER / "default.yaml")
    assert make_config(values) == Config()
    assert {section: set(part) for section, part in values.items()} == {
        section.name: {item.name for item in dataclasses.fields(section.default)}
        for section in dataclasses.fields(Config)
    }


def test_every_option_has_a_text_and_the_bounds_of_its_field():
    assert all(option.text.endswith(".") for option in options())
    (epochs,) = (o for o in options() if (o.section, o.name) == ("training", "epochs"))
    assert (epochs.default, epochs.low, epochs.high) == (600, 1, 1_000_000)


def test_without_a_file_or_with_an_empty_one_the_defaults_hold(settings):
    assert load_config() == load_config(settings("")) == load_config(settings("# nothing"))
    assert load_config(settings("training:\nmodel: {}\n")) == Config()


def test_a_file_wins_over_defaults_and_arguments_over_the_file(settings):
    path = settings("training: {epochs: 10, seed: 4}\nmodel: {head_dims: [8, 4]}\n")
    config = load_config(path, {"training": {"epochs": 20}, "data": {"city": "GZ"}})
    assert (config.training.epochs, config.training.seed, config.training.patience) == (20, 4, 60)
    assert config.model.head_dims == (8, 4) and config.data.city == "GZ"


@pytest.mark.parametrize("text", ["1e-3", "1E-3", "0.001", "+1.0e-3", ".001", "10e-4"])
def test_numbers_may_be_written_with_an_exponent(settings, text):
    assert load_config(settings(f"training: {{lr: {text}}}")).training.lr == 0.001


def test_words_and_dates_stay_texts(settings):
    assert load_config(settings("data: {city: NO, task: 2020-01-01}")).data.city == "NO"


def test_a_byte_order_mark_and_utf8_are_read(settings):
    path = settings(b"\xef\xbb\xbfdata: {task: PM\xc2\xb5}")
    assert load_config(path).data.task == "PMµ"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("trainig: {}", "'trainig' is not an option.*Did you mean 'training'"),
        ("training: {epoch: 3}", "'training.epoch'.*Did you mean 'training.epochs'"),
        ("training: {epochs: 1.5}", "'training.epochs' must be a whole number, got 1.5"),
        ("training: {epochs: 010}", "must be a whole number, got 10.0"),
        ("training: {lr: fast}", "'training.lr' must be a number, got 'fast'"),
        ("training: {lr: .inf}", "must lie between"),
        ("training: {masked_ratio: 1.5}", "'training.masked_ratio' must lie between 0.0 and 0.95"),
        ("data: {pos_embedding: yes}", "must be true or false, got 'yes'"),
        ("data: {hypernode: al}", "Did you mean 'all'"),
        ("data: {city: }", "'data.city' must be a text, got None"),
        ("model: []", "'model' must be a section"),
        ("- training", "must hold sections such as 'training:'.*got a list"),
        ("training", "got a str"),
        ("training: {seed: 1}\ntraining: {}", "'training' stands twice, at line 2, column 1"),
        ("training:\n  seed: 1\n  seed: 2", "'seed' stands twice, at line 3, column 3"),
        ("training: {seed: 1", "is not good YAML.*at line 1, column 19"),
        ("training:\n\tseed: 1", "at line 2, column 1"),
        ("data: &a {}\nmodel: *a", "aliases are not read, at line 2, column 8"),
        (
            "data: !!python/object/apply:os.getcwd []",
            "tags such as tag:yaml.org,2002:python.* are not read",
        ),
        ("[a]: 1", "unhashable key"),
        (
            "training: {seed: !!int ''}",
            "tags such as tag:yaml.org,2002:int are not read, at line 1",
        ),
        ("data: {strict_reference: !!bool x}", "tags such as .*bool are not read"),
        ("data: {task: !!timestamp x}", "tags such as .*timestamp are not read"),
        ("data: {task: !!binary x}", "tags such as .*binary are not read"),
        ("training: {<<: 3}", "'training.<<' is not an option"),
        ("training: {lr: 1" + "0" * 400 + "}", "'training.lr' must lie between .* got 1000"),
        ("training: {lr: 1e400}", "'training.lr' must lie between .* got inf"),
        ("model: {head_dims: [1.5]}", r"'model.head_dims\[0\]' must be a whole number, got 1.5"),
        ("model: {head_dims: 8}", "'model.head_dims' must be a list of whole numbers, got 8"),
        ("data: " + "{a: " * 2000, "nested too deeply"),
        (b"\xff\xfed\x00", "is not good YAML|must hold sections"),
        ("#" * (1 << 17) + "#", "it has more than 128 KB"),
        ("training: {seed: " + "9" * 5000 + "}", "is not good YAML|must lie between"),
        ("[" * 10_000, "is not good YAML"),
        (b"data: {city: \xff}", "is not good YAML"),
        ("data: {city: '\x00'}", "is not good YAML"),
    ],
)
def test_refuses_a_bad_file_and_names_it(settings, text, message):
    with pytest.raises(InputError, match=message) as caught:
        load_config(settings(text))
    assert "settings.yaml" in str(caught.value) and "\n" not in str(caught.value)


def test_refuses_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(InputError, match="none.yaml' cannot be read: No such file"):
        load_config(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        load_config(tmp_path)


@pytest.mark.parametrize("path", [0, [1], b"x", "a\0b", "x" * 300])
def test_refuses_what_is_no_name_of_a_file(path):
    with pytest.raises(InputError, match="'config_file'"):
        read_values(path)


def test_refuses_a_bad_argument():
    with pytest.raises(InputError, match="Options must be sections such as 'training'"):
        load_config(None, 3)
    with pytest.raises(InputError, match="'model' must be a section"):
        load_config(None, {"model": 3})
    with pytest.raises(InputError, match="'training.epochs' must lie between"):
        load_config(None, {"training": {"epochs": 0}})


EXAMPLES = ["guangzhou_carbon", "no_poi", "ssl_pretrain"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_good_and_their_model_reads_all_that_they_set(name):
    config = load_config(ROOT / "resources" / "configs" / f"{name}.yaml")
    assert config.data.city == "GZ" and config.output.model_dir == "outputs/models"
    assert unread_options(config) == []


def test_every_example_is_tested():
    names = {path.stem for path in (ROOT / "resources" / "configs").iterdir()}
    assert names == {*EXAMPLES}


def test_a_plain_name_is_one_option_or_one_choice():
    names = plain_names()
    assert [option.section for option in names["epochs"]] == ["training"]
    assert [option.section for option in names["ssl_lr"]] == ["ssl"]
    assert [option.section for option in names["strict_reference"]] == ["data", "model"]
    assert [option.section for option in plain_names("ssl")["epochs"]] == ["ssl"]
    assert by_section({"strict_reference": True, "ssl_epochs": 3}) == {
        "data": {"strict_reference": True},
        "model": {"strict_reference": True},
        "ssl": {"epochs": 3},
    }
    assert by_section({"epochs": 3}, "ssl") == {"ssl": {"epochs": 3}}
    several = {name for name, options in names.items() if len(options) > 1}
    assert several == {"strict_reference"}


SHIPPED = sorted((ROOT / "resources" / "configs").glob("*.yaml"))


@pytest.mark.parametrize("example", SHIPPED, ids=lambda path: path.name)
def test_a_file_that_ships_is_read_by_the_toolkits_path(example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = f"configs/examples/{example.name}"
    assert read_values(own) == read_values(example) != {}
    assert load_config("configs/default.yaml") == Config()
    # One's own file of that name wins.
    Path("configs/examples").mkdir(parents=True)
    Path(own).write_text("training: {seed: 7}")
    assert load_config(own).training.seed == 7


@pytest.mark.parametrize(
    "name", ["configs/none.yaml", "configs/examples/none.yaml", "default.yaml"]
)
def test_no_other_file_that_is_missing_is_read(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=f"'{name}' cannot be read"):
        load_config(name)
