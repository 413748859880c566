import numpy as np
import pandas as pd
import pytest

from geohg.engine.assembly.cities import read_folders
from geohg.engine.config.schema import DataConfig
from geohg.engine.data.sources.custom_landcover import CustomLandCoverSource
from geohg.engine.data.sources.sentinels import find_sentinels
from geohg.engine.errors import GeoHGWarning

from ..conftest import Recorder

VALUES = np.random.default_rng(0).uniform(3, 20, 50)
CODES = [-9999.0, -999.0, 9999.0, -32768.0, 1e20, float(np.finfo(np.float32).min)]
IDS = np.arange(50)


@pytest.mark.parametrize("code", CODES)
def test_a_code_far_from_all_others_is_found(code):
    found = find_sentinels(np.append(VALUES, [code, code]))
    assert found == [(code, VALUES.min(), VALUES.max())]


@pytest.mark.parametrize(
    "values", [VALUES, np.append(VALUES, 30.0), 999 + VALUES - 10, np.append(VALUES, -998.0)]
)
def test_other_numbers_and_codes_among_the_others_are_values(values):
    assert find_sentinels(np.append(values, 999.0) if values[0] > 900 else values) == []


def with_codes(code, count):
    return np.where(count > IDS, code, VALUES)


def write(folder):
    """A city in tables: -999 in its target, -9999 in a covariate."""
    pd.DataFrame({"area_id": IDS, "row": IDS // 10, "col": IDS % 10}).to_csv(
        folder / "pos_encode.csv", index=False
    )
    pairs = {"area_id": IDS[:-1], "neighbour_id": IDS[1:]}
    pd.DataFrame(pairs).to_csv(folder / "adjacency.csv", index=False)
    covariates = {"area_id": IDS, "height": with_codes(-9999, 2)}
    pd.DataFrame(covariates).to_csv(folder / "covariates.csv", index=False)
    target = {"area_id": IDS, "value": with_codes(-999, 3)}
    pd.DataFrame(target).to_csv(folder / "rain.csv", index=False)
    for name, column in (("entity_area", "entity"), ("poi_area", "poi")):
        empty = pd.DataFrame(columns=[column, "area_id", "proportion"])
        empty.to_csv(folder / f"{name}.csv", index=False)


def test_the_tables_of_a_city_are_warned_of(tmp_path):
    write(tmp_path)
    told = Recorder()
    read_folders(tmp_path, tmp_path, DataConfig(), told)
    assert len(told.warnings) == 2
    assert told.warnings[0].startswith("2 values of 'height' are -9999, far from the others (3.")
    assert told.warnings[1].startswith("3 values of 'rain' are -999, far from the others (3.")
    assert all(text.endswith("set these values to null.") for text in told.warnings)


def test_tables_of_any_cells_are_warned_of(tmp_path):
    tables = {
        "coordinates": {"x": 500_000 + 100 * (IDS % 10), "y": 5_400_000 + 100 * (IDS // 10)},
        "features": {"height": with_codes(9999, 2)},
        "targets": {"rain": with_codes(1e20, 3)},
    }
    paths = {name: tmp_path / f"{name}.csv" for name in tables}
    for name, columns in tables.items():
        pd.DataFrame({"area_id": IDS, **columns}).to_csv(paths[name], index=False)
    with pytest.warns(GeoHGWarning) as told:
        CustomLandCoverSource(**paths, crs="EPSG:32631").read()
    texts = [str(warning.message) for warning in told]
    assert [text.split(", far")[0] for text in texts] == [
        "2 values of 'height' are 9999",
        "3 values of 'rain' are 1e+20",
    ]
