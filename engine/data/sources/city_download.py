"""The four cities of the GeoHG paper's public data, fetched on first use and kept."""

from __future__ import annotations

import os
from pathlib import Path

from ...errors import InputError, did_you_mean
from ...language import tr
from ...progress import Progress

ADDRESS = "https://raw.githubusercontent.com/CityMind-Lab/GeoHG/b02e60edd04754e81acdabcf109105603cca9ccd/data/"
# Names of folders, in the data set and in a folder that GEOHG_DATA names.
GRAPHS, TARGETS = "Hyper_Graph", "downstream_tasks"
# Lines as `sha256sum` writes them.
_SUMS = Path(__file__).with_name("cities.sha256")
_SECONDS = 30


def public_cities() -> tuple[str, ...]:
    """The cities of the data set."""
    return tuple(sorted({name.split("/")[1] for name in _sums()}))


def public_targets(city: str) -> tuple[str, ...]:
    """The targets of a city of the data set."""
    return tuple(Path(name).stem for name in _sums() if name.startswith(f"{TARGETS}/{city}/"))


def fetch_city(city: str, task: str, progress: Progress) -> tuple[Path, Path]:
    """Fetch the files of a city that are not at hand yet, and check each by its SHA-256 sum.

    They come from the authors' repository, or from the address in the environment variable
    GEOHG_DATA_URL, and are kept in the user's cache folder, or in that which GEOHG_CACHE names.

    Parameters
    ----------
    city : str
        One of `public_cities()`.
    task : str
        The target to fetch; empty for all.
    progress : Progress
        Receives progress and messages.

    Returns
    -------
    path, path
        The folders of the graph files and of the targets.

    Raises
    ------
    InputError
        If there is no such target, or a file cannot be fetched or is not what it should be.
    """
    names = [name for name in _sums() if name.startswith(f"{GRAPHS}/{city}/")]
    tasks = public_targets(city)
    if task and task not in tasks:
        hint = did_you_mean(task, tasks)
        raise InputError(
            tr("{city} has no target '{task}'; it has: {known}.{hint}").format(
                city=city, task=task, known=", ".join(tasks), hint=hint
            )
        )
    names += [f"{TARGETS}/{city}/{name}.txt" for name in tasks if task in ("", name)]
    for number, name in enumerate(names):
        progress.check_cancelled()
        message = tr("Fetching {city}, file {number} of {count}: {name}").format(
            city=city, number=number + 1, count=len(names), name=Path(name).name
        )
        progress.report(number / len(names), message)
        path = _fetch(name)
    return path.parents[2] / GRAPHS / city, path.parent


def _sums() -> dict[str, str]:
    """SHA-256 sum of each file."""
    lines = _SUMS.read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def _fetch(name: str) -> Path:
    import pooch
    from requests.exceptions import RequestException

    address = os.environ.get("GEOHG_DATA_URL") or ADDRESS
    store = pooch.create(
        path=pooch.os_cache("geohg") / "cities",
        base_url=address.rstrip("/") + "/",
        registry=_sums(),
        env="GEOHG_CACHE",
    )
    pooch.get_logger().setLevel("WARNING")
    advice = tr(
        "To work without network, get the data set elsewhere and name its folder in "
        "data.prebuilt_dir and data.downstream_dir, or the folder that holds {graphs} and "
        "{targets} in the environment variable GEOHG_DATA."
    ).format(graphs=GRAPHS, targets=TARGETS)
    downloader = pooch.HTTPDownloader(timeout=_SECONDS)
    try:
        return Path(store.fetch(name, downloader=downloader))
    except RequestException as error:
        raise InputError(
            tr("'{address}{name}' cannot be fetched ({reason}). {advice}").format(
                address=address, name=name, reason=_reason(error), advice=advice
            )
        ) from error
    except ValueError as error:
        raise InputError(
            tr(
                "The download from '{address}{name}' is not the data set's file: its SHA-256 "
                "checksum differs. It was discarded. {advice}"
            ).format(address=address, name=name, advice=advice)
        ) from error
    except OSError as error:
        raise InputError(
            tr(
                "'{name}' cannot be kept in '{folder}': {reason}. Name another folder in the "
                "environment variable GEOHG_CACHE."
            ).format(name=name, folder=store.abspath, reason=error.strerror)
        ) from error


def _reason(error: Exception) -> str:
    """What went wrong, without the nested objects that the library names."""
    response = getattr(error, "response", None)
    if response is not None:
        return tr("the server answered {status}").format(status=response.status_code)
    return tr("no answer; check the network connection")
