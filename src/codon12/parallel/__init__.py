"""Blocks of work on many processes: the one place that starts processes.

Whatever is embarrassingly parallel takes ``executor=``: any `concurrent.futures.Executor` (the standard pools,
``dask.distributed.Client(...).get_executor()``, ``mpi4py.futures``, loky). `workers` opens one for the command line,
`in_order` runs blocks on it, `spans` makes blocks of replicates, and `Kept` keeps what is done. Random numbers of
blocks come from `codon12.parallel.streams`.
"""

from codon12.parallel.kept import Kept, build, digest_of
from codon12.parallel.replicates import spans, worth
from codon12.parallel.run import in_order
from codon12.parallel.whole import Decisions, First, of_all, told_of_all
from codon12.parallel.workers import Workers, cores, workers

__all__ = [
    "Decisions",
    "First",
    "Kept",
    "Workers",
    "build",
    "cores",
    "digest_of",
    "in_order",
    "of_all",
    "spans",
    "told_of_all",
    "workers",
    "worth",
]
