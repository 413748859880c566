"""Points of classes: read from tables, and counted by cells."""

import io

import numpy as np
import pandas as pd
import pytest

from geohg.engine.data.sources.classpoints import ClassPoints, Labelled
from geohg.engine.data.sources.located import Table
from geohg.engine.errors import InputError
from geohg.engine.progress import Silent

from ..conftest import Recorder
from ..models.landscapes import UTM, make_graph


def points_of(classes, x=None, field="soil"):
    """Points in a row, a kilometre apart, from a CSV text."""
    x = 2500 + 1000 * np.arange(len(classes)) if x is None else x
    text = pd.DataFrame({"x": x, "y": 39_500.0, field: classes}).to_csv(index=False)
    return ClassPoints.read(Table(io.StringIO(text), UTM, ("x", "y")), field)


def test_texts_are_classes_without_the_blanks_around_them():
    found = points_of(["loam", " clay", "loam ", None, "clay", "  "])
    assert found.names == ("clay", "loam")
    np.testing.assert_array_equal(found.points.values["soil"], [1, 0, 1, 0])
    assert found.points.dropped["without a value"] == 2


def test_whole_numbers_are_classes():
    assert points_of([7, 7.0, 12, 7, 12]).names == ("12", "7")


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (["loam"] * 5, "All points have the class 'loam' in 'soil'; there is nothing to map"),
        ([None] * 5, "None of the 5 points has a class in 'soil'"),
        ([f"{k / 7:.4f}" for k in range(31)], "has 31 different values, such as '0' and '0.1429'"),
    ],
)
def test_what_gives_no_map_of_classes_is_refused(classes, message):
    with pytest.raises(InputError, match=message):
        points_of(classes)


def test_thirty_classes_are_not_too_many():
    assert len(points_of([f"c{k}" for k in range(30)]).names) == 30


def test_an_unknown_field_is_refused():
    table = Table(io.StringIO("x,y,soil\n2500,39500,a\n"), UTM, ("x", "y"))
    with pytest.raises(InputError, match="no field 'rock'; they have: x, y, soil"):
        ClassPoints.read(table, "rock")


def test_cells_count_the_points_of_each_class():
    graph = make_graph(rows=10, cols=10)
    given = points_of(["a", "b", "a", "a", "b", "c"], [2500, 2600, 2700, 3500, 3600, 99_999])
    told = Recorder()
    found = Labelled.of(given, graph, told)
    assert found.names == ("a", "b") and not told.warnings  # c lies beyond the map
    first, second = found.observed
    np.testing.assert_array_equal(found.counts[[first, second]], [[2, 1], [1, 1]])
    np.testing.assert_allclose(found.shares[first], [2 / 3, 1 / 3])
    assert np.isnan(np.delete(found.shares, found.observed, axis=0)).all()
    shown, name = found.commonest(graph)
    assert name == "a" and shown.target("a")[first] == pytest.approx(2 / 3)


def test_a_class_with_one_point_is_told():
    told = Recorder()
    Labelled.of(points_of(["a", "b", "a", "a", "moor"]), make_graph(rows=10, cols=10), told)
    assert told.warnings[0].startswith("These classes have a single point each: 'b', 'moor'.")


def test_one_class_in_the_map_is_refused():
    given = points_of(["a", "a", "b"], [2500, 3500, 99_999])
    with pytest.raises(InputError, match="All points have the class 'a'"):
        Labelled.of(given, make_graph(rows=10, cols=10), Silent())
