"""Random numbers that belong to a block, never to the worker that happens to draw them."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["stream"]


def stream(seed: int, purpose: str, block: int) -> np.random.Generator:
    """Random numbers of one block of one purpose.

    Philox (Salmon 2011, SC'11), a counter-based generator: the key is the seed and a checksum of `purpose`, the
    counter starts at ``block * 2**192``, so that the streams of two blocks never meet and none depends on the number
    of workers, on the order in which blocks run, or on how many there are.

    Parameters
    ----------
    seed
        0 to 2**64 - 1.
    purpose
        What the numbers are for; another purpose is another stream.
    block
        Number of the block, from 0.

    Examples
    --------
    >>> from codon12.parallel import stream
    >>> stream(7, "bootstrap", 3).random() == stream(7, "bootstrap", 3).random()
    True
    >>> stream(7, "bootstrap", 3).random() == stream(7, "bootstrap", 4).random()
    False
    """
    import numpy as np  # a process sets its threads before it loads this

    key = np.array([seed, zlib.crc32(purpose.encode())], dtype=np.uint64)
    counter = np.array([0, 0, 0, block], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))
