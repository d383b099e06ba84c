"""Where memories lie on a map: near each other when they mean nearly the same. Pure but for numpy."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Spot: TypeAlias = tuple[float, float]

NOWHERE: Mapping[int, Spot] = MappingProxyType({})
WELL_INSIDE = 0.98  # of the points; the few that lie far out are brought to the edge
APART = 0.02  # what points are pushed away from each other by, so that each can be pointed at
ROUNDS = 30


def places(
    vectors: Mapping[int, NDArray[np.float32]], before: Mapping[int, Spot] = NOWHERE
) -> dict[int, Spot]:
    """A place from -1 to 1 both ways for each vector, by its two principal components (Pearson 1901).

    The same vectors always give the same map. With ``before``, it is turned so that what was on an earlier
    map lies as near as can be to where it lay (orthogonal Procrustes, Schönemann 1966).
    """
    if not vectors:
        return {}
    ids = sorted(vectors)
    flat = _flatten(np.stack([vectors[item] for item in ids]).astype(np.float64))
    flat = _spread(_fit(_turned(flat, ids, before)))
    return {item: (float(x), float(y)) for item, (x, y) in zip(ids, flat, strict=True)}


def _flatten(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = rows - rows.mean(axis=0)
    if len(rows) < 2 or rows.shape[1] < 2:
        return np.zeros((len(rows), 2))
    axes = np.linalg.eigh(centred.T @ centred)[1].T[:-3:-1]
    heaviest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    axes = axes * np.where(heaviest < 0, -1.0, 1.0)
    return np.asarray(centred @ axes.T)


def _turned(flat: NDArray[np.float64], ids: list[int], before: Mapping[int, Spot]) -> NDArray[np.float64]:
    both = [at for at, item in enumerate(ids) if item in before]
    if len(both) < 3:
        return flat
    old = np.array([before[ids[at]] for at in both])
    left, _, right = np.linalg.svd(flat[both].T @ old)
    return np.asarray(flat @ left @ right)


def _fit(flat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Both ways by the same measure, so that distances can be compared."""
    far = np.quantile(np.abs(flat).max(axis=1), WELL_INSIDE)
    return np.clip(flat / far, -1.0, 1.0) if far > 0 else flat


def _spread(flat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points that lie on each other move a little apart; which way depends on nothing but their order."""
    flat = flat.copy()
    for _ in range(ROUNDS):
        order = np.lexsort((flat[:, 1], flat[:, 0]))
        moved = False
        for step in (1, 2, 3):  # neighbours from left to right
            one, other = order[:-step], order[step:]
            apart = flat[other] - flat[one]
            distance = np.linalg.norm(apart, axis=1)
            near = distance < APART
            if not near.any():
                continue
            moved = True
            turn = 2.399963 * (one[near] + 1)  # the golden angle: no two the same way
            way = np.stack([np.cos(turn), np.sin(turn)], axis=1)
            clear = distance[near] > APART / 100
            way[clear] = (apart[near] / np.maximum(distance[near], 1e-12)[:, None])[clear]
            push = way * (APART - distance[near])[:, None] / 2
            np.add.at(flat, other[near], push)
            np.add.at(flat, one[near], -push)
        if not moved:
            break
    return np.clip(flat, -1.0, 1.0)
