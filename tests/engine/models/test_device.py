"""The device is the one asked for, or the CPU and a reason."""

import dataclasses
import warnings

import pytest
import torch

from geohg.engine.models.device import choose_device
from geohg.engine.models.kernel import Rows

from ..conftest import QUICK, Recorder
from .test_kernel import known_kernel, random_inputs


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def cuda_that_fails(monkeypatch):
    """A machine whose CUDA device is there and refuses to compute."""

    def fail(*shape, device):
        raise RuntimeError("CUDA error: no kernel image is available.\nCompile with ...")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch, "ones", fail)


def no_cuda(message=""):
    def is_available():
        if message:
            warnings.warn(message, UserWarning, stacklevel=1)
        return False

    return is_available


def test_the_cpu_needs_no_word(recorder):
    assert choose_device("cpu", recorder) == "cpu"
    assert recorder.warnings == []


def test_auto_takes_what_there_is_and_says_nothing(recorder, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", no_cuda())
    assert choose_device("auto", recorder) == "cpu"
    assert recorder.warnings == []


def test_cuda_that_is_not_there_is_told(recorder, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", no_cuda())
    assert choose_device("cuda", recorder) == "cpu"
    assert recorder.warnings == ["There is no CUDA device; computing on the CPU instead."]


@pytest.mark.parametrize("wish", ["auto", "cuda"])
def test_a_driver_that_is_too_old_is_told(wish, recorder, monkeypatch):
    reason = "CUDA initialization: The NVIDIA driver on your system is too old"
    monkeypatch.setattr(torch.cuda, "is_available", no_cuda(reason))
    assert choose_device(wish, recorder) == "cpu"
    assert recorder.warnings == [
        f"The CUDA device cannot be used ({reason}); computing on the CPU instead."
    ]


@pytest.mark.parametrize("wish", ["auto", "cuda"])
def test_a_device_that_cannot_compute_is_told(wish, recorder, cuda_that_fails):
    assert choose_device(wish, recorder) == "cpu"
    assert recorder.warnings == [
        "The CUDA device cannot be used (CUDA error: no kernel image is available); "
        "computing on the CPU instead."
    ]


def test_mps_that_is_not_there_is_told(recorder, monkeypatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device("mps", recorder) == "cpu"
    assert recorder.warnings == ["There is no MPS device; computing on the CPU instead."]


def test_mps_is_taken_where_single_precision_will_do(recorder, monkeypatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose_device("mps", recorder) == "mps" and recorder.warnings == []
    assert choose_device("mps", recorder, double=True) == "cpu"
    assert "double precision, which MPS devices lack" in recorder.warnings[0]


@pytest.mark.parametrize("kind", ["propagation", "gnn"])
def test_a_run_tells_it_once_and_says_where_it_computed(kind, landscape, monkeypatch):
    from geohg.engine.jobs import run

    monkeypatch.setattr(torch.cuda, "is_available", no_cuda())
    recorder = Recorder()
    training = {**QUICK, "device": "cuda", "epochs": 2}
    result = run(landscape.request(model={"kind": kind}, training=training), recorder)
    assert recorder.warnings.count("There is no CUDA device; computing on the CPU instead.") == 1
    assert result["DEVICE"] == "cpu"


@pytest.mark.parametrize("places", [False, True])
def test_covariances_are_computed_where_their_inputs_are(places):
    # On "meta", tensors have a place and no values, and no operation takes those of two places.
    kernel, inputs = known_kernel(), random_inputs(6)
    if places:
        one = torch.ones(6)
        inputs = dataclasses.replace(inputs, rows=Rows(torch.arange(6) // 2, one / 2, one, one))
    there, asked = kernel.to("meta"), inputs.to("meta")
    found = there.covariance(asked, asked), there.within(asked), there.variance(asked)
    assert {part.device.type for part in (*found, there.noise_of(asked.rows))} == {"meta"}
    with pytest.raises((RuntimeError, NotImplementedError)):
        there.covariance(asked, inputs)
