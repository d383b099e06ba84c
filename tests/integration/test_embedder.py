"""The embedder that ships, in this process: a question takes one thread and means the same as among many."""

from __future__ import annotations

import numpy as np
import pytest

from models.embedder import MiniLM, threads

pytestmark = pytest.mark.model


def test_one_text_is_embedded_on_one_thread_as_among_many():
    import torch

    embedder, used = MiniLM(), []
    texts = [f"My sister number {number} lives in Clun, near the river" for number in range(40)]
    many = embedder.embed(texts)
    set_threads = embedder._set_threads
    embedder._set_threads = lambda count: used.append(count) or set_threads(count)
    (one,) = embedder.embed(texts[:1])
    assert used == [1, threads()] and torch.get_num_threads() == threads()
    assert np.allclose(one, many[0], atol=1e-5)
    embedder.embed(texts)
    assert used[2:] == [threads(), threads()]
