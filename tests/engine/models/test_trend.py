import dataclasses

import pytest
import torch

from geohg.engine.models.conditioning import Conditioned
from geohg.engine.models.kernel import Inputs
from geohg.engine.models.kernel_fit import fit_kernel
from geohg.engine.models.trend import fit_with_trend
from geohg.engine.progress import Silent

from .test_kernel import known_kernel, random_inputs


@pytest.fixture(scope="module")
def straight():
    """Forty cells whose values follow a feature in a straight line."""
    inputs = random_inputs(40, columns=2)
    noise = 0.1 * torch.randn(40, generator=torch.Generator().manual_seed(1))
    return inputs, inputs.x[:, 0] + noise


def test_a_few_cells_on_a_straight_line_tell_what_lies_beyond_them(straight):
    inputs, values = straight
    far = Inputs(inputs.position[:1] + 200.0, torch.tensor([[5.0, 0.0]]))
    told = []
    for trend in ((), (0, 1)):
        kernel = fit_with_trend(known_kernel(2, 2, trend), inputs, values, 0, Silent(), "cpu")
        assert tuple(kernel.trend.tolist()) == trend
        told.append(float(Conditioned(kernel, inputs, values, Silent()).predict(far)[0]))
    assert told[1] == pytest.approx(5.0, abs=0.8) and told[0] < 3.8


def test_where_no_line_is_there_is_no_trend(straight):
    inputs, _ = straight
    values = torch.randn(40, generator=torch.Generator().manual_seed(2))
    start = known_kernel(2, 2, (0, 1))
    found = fit_with_trend(start, inputs, values, 0, Silent(), "cpu")
    plain = dataclasses.replace(start, trend=start.trend[:0])
    torch.testing.assert_close(
        found.parameters, fit_kernel(plain, inputs, values, 0, Silent()).parameters
    )
    assert not len(found.trend)
