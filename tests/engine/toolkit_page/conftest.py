"""The folder in which the lines of the toolkit's page run."""

from __future__ import annotations

import pytest

from .world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A working folder with the four cities, and what rows share."""
    return World(tmp_path_factory.mktemp("toolkit"))


@pytest.fixture
def page(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, its folder being the working folder."""
    monkeypatch.chdir(world.folder)
    monkeypatch.setenv("GEOHG_DATA", str(world.folder / "data"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")  # `--gpu` sets it
    return world
