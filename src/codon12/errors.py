"""Every error codon12 raises on purpose.

::

    Codon12Error
    ├── UsageError        the call itself is wrong: an option, an argument, a policy field
    ├── InputError        a file or table cannot be read as what it should be
    │   └── ConfigError   codon12.toml holds an unknown key or a value that cannot stand
    ├── DataError         the data break a rule so that no right answer exists
    ├── DesignError       no design answers the question; the message says what would be feasible
    └── WorkerError       a process that worked on a block ended, or the cluster is gone

A message says what is wrong, where (file, row, column, subject) and what to do. Problems that let the work
go on are not errors but *findings* (see ``codon12.records.findings``).
"""

from __future__ import annotations

__all__ = ["Codon12Error", "ConfigError", "DataError", "DesignError", "InputError", "UsageError", "WorkerError"]


class Codon12Error(Exception):
    """Root of every error codon12 raises on purpose."""


class UsageError(Codon12Error, ValueError):
    """An argument, option or policy field is outside what the function accepts."""


class InputError(Codon12Error):
    """A file or table cannot be read as what it should be."""


class ConfigError(InputError):
    """``codon12.toml`` holds an unknown key or a value that cannot stand."""


class DataError(Codon12Error):
    """The data break a rule so that no right answer exists."""


class DesignError(Codon12Error, ValueError):
    """No design answers the question asked."""


class WorkerError(Codon12Error):
    """A process that worked on a block ended before its time, or the cluster is gone."""
