"""Damaged tables and vector files: each is refused in a sentence, or is read as it was."""

from functools import partial

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geohg.engine.data.sources.points import read_points

from ..conftest import CRS
from ..fuzzing import Outcomes, tries

COUNT = 40


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(1)
    x, y = rng.uniform(5e5, 5.1e5, COUNT), rng.uniform(5.39e6, 5.4e6, COUNT)
    site = np.array(["07", "7", "NA", "north"])[np.arange(COUNT) % 4]
    return pd.DataFrame({"x": x, "y": y, "value": rng.normal(10, 2, COUNT), "site": site})


def insert(content, position, added):
    return content[:position] + added + content[position:]


def anywhere(rng, content):
    return int(rng.integers(len(content)))


def after_a_line(rng, content):
    ends = [position for position, byte in enumerate(content) if byte == 10]
    return ends[rng.integers(len(ends))] + 1


CHANGES = {
    "a byte that is no UTF-8": lambda rng, text: insert(text, anywhere(rng, text), b"\xff"),
    "a field too many": lambda rng, text: insert(text, after_a_line(rng, text[:-1]) - 1, b",9"),
    "a name twice": lambda rng, text: text.replace(b"site", b"value", 1),
    "a quote that nothing ends": lambda rng, text: insert(text, after_a_line(rng, text[:-9]), b'"'),
    "letters in a number": lambda rng, text: insert(text, after_a_line(rng, text[:-9]), b"a"),
    "blank lines": lambda rng, text: insert(text, after_a_line(rng, text), b"\n\n"),
    "a byte-order mark": lambda rng, text: b"\xef\xbb\xbf" + text,
    "lines that end as on Windows": lambda rng, text: text.replace(b"\n", b"\r\n"),
    "UTF-16": lambda rng, text: text.decode().encode("utf-16"),
    "semicolons": lambda rng, text: text.replace(b",", b";"),
    "nothing": lambda rng, text: b"",
}


def read(path):
    columns = ("x", "y") if path.suffix == ".csv" else None
    return read_points(path, CRS, columns, ("value",), group="site")


def is_same(before, after):
    return (
        np.array_equal(before.xy, after.xy)
        and np.array_equal(before.values["value"], after.values["value"])
        and before.group.tolist() == after.group.tolist()
    )


@pytest.mark.fuzz
def test_a_damaged_table_is_told(frame, tmp_path):
    rng = np.random.default_rng(2)
    undamaged, path = tmp_path / "undamaged.csv", tmp_path / "damaged.csv"
    frame.to_csv(undamaged, index=False)
    before, outcomes = read(undamaged), Outcomes("tables of points")
    for number in range(tries(44)):
        name = list(CHANGES)[number % len(CHANGES)]
        path.write_bytes(CHANGES[name](rng, undamaged.read_bytes()))
        outcomes.judge(name, partial(read, path), partial(is_same, before))
    outcomes.check()
    assert outcomes.counts["harmless"] >= 3 * tries(44) // len(CHANGES)


@pytest.mark.fuzz
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_a_damaged_vector_file_is_no_traceback(frame, tmp_path, suffix):
    """Its values carry no checksum: whatever is still read counts as read."""
    rng = np.random.default_rng(3)
    undamaged, path = tmp_path / f"undamaged{suffix}", tmp_path / f"damaged{suffix}"
    points = shapely.to_wkb(shapely.points(frame["x"].to_numpy(), frame["y"].to_numpy()))
    fields = [frame[name].to_numpy() for name in ("value", "site")]
    crs = CRS if suffix != ".geojson" else "EPSG:32631"
    pyogrio.raw.write(undamaged, points, fields, ["value", "site"], geometry_type="Point", crs=crs)
    for other in tmp_path.glob("undamaged.*"):
        path.with_suffix(other.suffix).write_bytes(other.read_bytes())
    assert len(read(path).xy) == COUNT
    outcomes = Outcomes(f"{suffix} files of points")
    for number in range(tries(12)):
        content = bytearray(undamaged.read_bytes())
        if number % 3:
            for position in rng.integers(len(content), size=1 + number % 20):
                content[position] = int(rng.integers(256))
        else:
            content = content[: anywhere(rng, content)]
        path.write_bytes(content)
        outcomes.judge(f"{number}", partial(read, path), lambda points: len(points.xy) <= COUNT)
    outcomes.check()
