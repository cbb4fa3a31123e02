"""The same figures from an independent library, where it is installed (the `bench` extra)."""

import numpy as np
import pytest

from changai.core.scoring.composite import normalise, topsis, vikor
from changai.core.scoring.weights import critic, entropy


@pytest.fixture
def case():
    generator = np.random.default_rng(5)
    weights = generator.dirichlet(np.ones(6))
    directions = np.array([1.0, -1, 1, 1, -1, 1])
    return generator.uniform(1, 100, (25, 6)), weights, directions


def test_topsis_and_vikor_agree_with_pymcdm(case):
    methods = pytest.importorskip("pymcdm.methods")
    normalizations = pytest.importorskip("pymcdm.normalizations")
    matrix, weights, directions = case
    theirs = methods.TOPSIS(normalizations.vector_normalization)(matrix, weights, directions)
    upright = np.where(
        directions > 0, normalise(matrix, directions, "vector"), 1 - normalise(matrix, directions, "vector")
    )
    assert topsis(upright, weights, np.ones(6)) == pytest.approx(theirs)
    assert vikor(matrix, weights, directions)[2] == pytest.approx(
        methods.VIKOR()(matrix, weights, directions)
    )


def test_weights_agree_with_pymcdm(case):
    theirs = pytest.importorskip("pymcdm.weights")
    matrix, _, _ = case
    assert entropy(matrix) == pytest.approx(theirs.entropy_weights(matrix))
    assert critic(matrix) == pytest.approx(theirs.critic_weights(matrix))
