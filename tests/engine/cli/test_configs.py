import os

from geohg.engine.config.loader import load_config
from geohg.engine.config.options import default_yaml
from geohg.engine.config.schema import Config

from .conftest import answer, call

EXAMPLES = ["guangzhou_carbon.yaml", "no_poi.yaml", "ssl_pretrain.yaml"]


def test_it_copies_every_option_and_three_examples(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = answer("configs")
    assert found["default"] == os.path.join("configs", "default.yaml")
    assert sorted(os.listdir("configs/examples")) == EXAMPLES
    with open(found["default"], encoding="utf-8") as file:
        assert file.read() == default_yaml()
    assert load_config(found["default"]) == Config()
    config = load_config(found["guangzhou_carbon"])
    assert (config.data.city, config.data.task) == ("GZ", "Carbon")
    assert load_config(found["ssl_pretrain"]).ssl != config.ssl or config.model.kind != "gnn"
    assert answer("configs") == found


def test_it_replaces_nothing_that_was_changed(tmp_path):
    folder = tmp_path / "own"
    call("configs", folder)
    changed = folder / "examples" / "no_poi.yaml"
    changed.write_text("data: {city: BJ}\n")
    (folder / "default.yaml").unlink()
    error = call("configs", folder, code=2)[1]
    assert error == f"Error: '{changed}' is there already; name another folder.\n"
    assert changed.read_text() == "data: {city: BJ}\n" and not (folder / "default.yaml").exists()


def test_it_refuses_a_folder_that_is_a_file(tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    assert "Error: " in call("configs", path, code=2)[1] and path.read_text() == ""
