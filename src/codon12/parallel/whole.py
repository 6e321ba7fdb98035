"""What is decided once over a whole that is worked in blocks: every such decision is named where it is made.

Most rules look at one patient. The few that look at a whole table (does any dose have an end? how is a term spelt most
often?) ask `of_all` with what they saw of their rows. Worked at once, that is the answer. Worked in blocks, each block
answers for its own rows, what was seen is added up, and a block whose own answer is not the answer of all is worked
again with it (`in_all_blocks`), until all blocks rest on the same `Decisions`. What is said of a whole table
(`told_of_all`) is said once, when all blocks are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from codon12.parallel.run import in_order

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Asked",
    "Decisions",
    "First",
    "Told",
    "added",
    "asking",
    "decided",
    "in_all_blocks",
    "of_all",
    "said",
    "told_apart",
    "told_of_all",
]

Seen = bool | int | frozenset[Any] | dict[Any, Any] | tuple[Any, ...]
"""What is seen of rows and can be added up: any, a count, values, counts by value, several of these."""
Verdict = TypeVar("Verdict")
Task = TypeVar("Task")
Result = TypeVar("Result")


class First(int):
    """The number of a row; of two the lower counts."""


@dataclass(frozen=True)
class Asked:
    """One question that a block came to."""

    seen: Any
    verdict: Any
    """The answer that the block went on with."""
    judge: Callable[[Any], Any] | None = None
    """A function of a module; None: what is seen is the answer."""


@dataclass(frozen=True)
class Told:
    """Rows of which something is said once for all blocks, and the function of a module that says it."""

    name: str
    rows: pl.DataFrame
    make: Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Decisions:
    """What was seen of all rows, by the name of the question: the same for every block."""

    seen: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join(f"{name}: {_shown(seen)}" for name, seen in sorted(self.seen.items()))


@dataclass
class _Asking:
    given: Decisions
    asked: dict[str, Asked] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)


_ASKING: ContextVar[_Asking | None] = ContextVar("codon12_whole", default=None)


def of_all(name: str, seen: Any, judge: Callable[[Any], Verdict] | None = None) -> Any:
    """Answer a question about all rows of a study, of which `seen` tells what these rows show.

    Parameters
    ----------
    name
        Of the question; one name has one answer.
    seen
        True or false (true of all where it is true of some), a count, a set, a dictionary of these, or a tuple.
    judge
        A function of a module that makes the answer of it; None: what is seen is the answer.

    Examples
    --------
    >>> of_all("doses have an end", False), of_all("arms", frozenset("AB"), sorted)
    (False, ['A', 'B'])
    """
    at = _ASKING.get()
    if at is None:
        return seen if judge is None else judge(seen)
    before = at.asked.get(name)
    if before is not None and before.seen != seen:
        raise AssertionError(f"{name}: two questions have one name")
    every = at.given.seen.get(name, seen)
    verdict = every if judge is None else judge(every)
    at.asked[name] = Asked(seen, verdict, judge)
    return verdict


def told_of_all(name: str, rows: pl.DataFrame, make: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Say something of rows of all blocks at once: ``make(rows)``, later where blocks are worked, then of all rows.

    `make` is a function of a module; it gives a frame of findings, also of no rows.
    """
    at = _ASKING.get()
    if at is None:
        return make(rows)
    at.told.append(Told(name, rows, make))
    return make(rows.clear())


@contextmanager
def asking(given: Decisions) -> Iterator[_Asking]:
    """Note the questions that come up, and answer those that are decided already."""
    at = _Asking(given)
    token = _ASKING.set(at)
    try:
        yield at
    finally:
        _ASKING.reset(token)


@contextmanager
def told_apart() -> Iterator[list[Told]]:
    """Keep by itself what is said of all blocks here; questions are asked as ever."""
    at, told = _ASKING.get(), list[Told]()
    token = _ASKING.set(at if at is None else replace(at, told=told))
    try:
        yield told
    finally:
        _ASKING.reset(token)


def decided(blocks: Iterable[Mapping[str, Asked]]) -> tuple[Decisions, list[bool]]:
    """Add up what all blocks saw; and of each block whether the answers it went on with are those of all.

    Examples
    --------
    >>> both, alike = decided([{"ended": Asked(True, True)}, {"ended": Asked(False, False)}])
    >>> both.seen, alike
    ({'ended': True}, [True, False])
    """
    asked = list(blocks)
    total: dict[str, Any] = {}
    judges: dict[str, Callable[[Any], Any] | None] = {}
    for block in asked:
        for name, one in block.items():
            total[name] = added(total[name], one.seen) if name in total else one.seen
            judges[name] = one.judge
    verdicts = {n: seen if judges[n] is None else judges[n](seen) for n, seen in total.items()}  # type: ignore[misc]
    return Decisions(total), [all(_same(one.verdict, verdicts[n]) for n, one in b.items()) for b in asked]


def in_all_blocks(
    work: Callable[[tuple[Task, Decisions]], Result],
    tasks: Sequence[Task],
    *,
    asked: Callable[[Result], Mapping[str, Asked]],
    executor: Executor | None = None,
    ahead: int = 3,
    done: Callable[[int], None] = lambda _: None,
) -> tuple[list[Result], Decisions]:
    """Work all blocks until every one rests on the same decisions: most once, those that stand out again.

    Parameters
    ----------
    work
        A function of a module, of a task and the decisions so far; it works within `asking`.
    tasks
        The blocks.
    asked
        The questions that a result came to.
    executor, ahead, done
        As `in_order`.

    Raises
    ------
    WorkerError
        As `in_order`.
    """
    decisions = Decisions()
    found: dict[int, Result] = {}
    todo = list(range(len(tasks)))
    while todo:
        again = [(tasks[k], decisions) for k in todo]
        results = in_order(work, again, executor=executor, ahead=ahead, done=done)
        found.update(zip(todo, results, strict=True))
        decisions, alike = decided([asked(found[k]) for k in range(len(tasks))])
        todo = [k for k, same in enumerate(alike) if not same]
    return [found[k] for k in range(len(tasks))], decisions


def said(told: Iterable[Told]) -> list[pl.DataFrame]:
    """What is said of all blocks together, in the order in which it came up."""
    import polars as pl

    rows: dict[str, list[pl.DataFrame]] = {}
    makes: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {}
    for one in told:
        rows.setdefault(one.name, []).append(one.rows)
        makes[one.name] = one.make
    return [makes[name](pl.concat(parts, how="vertical_relaxed")) for name, parts in rows.items()]


def added(first: Any, second: Any) -> Any:
    """Add up what is seen of two blocks.

    Examples
    --------
    >>> added({"a": 1}, {"a": 2, "b": 1}), added(frozenset("a"), frozenset("b")) == frozenset("ab"), added(False, True)
    ({'a': 3, 'b': 1}, True, True)
    """
    if isinstance(first, bool):
        return first or second
    if isinstance(first, First):
        return min(first, second)
    if isinstance(first, int):
        return first + second
    if isinstance(first, frozenset):
        return first | second
    if isinstance(first, dict):
        more = {k: added(first[k], v) if k in first else v for k, v in second.items()}
        return first | more
    if isinstance(first, tuple):
        return tuple(added(a, b) for a, b in zip(first, second, strict=True))
    raise TypeError(f"cannot be added up: {type(first).__name__}")


def _same(own: Any, every: Any) -> bool:
    """Whether a block's answer is that of all; of an answer by value only the values that the block has count."""
    if isinstance(own, dict) and isinstance(every, dict):
        return all(every.get(k) == v for k, v in own.items())
    return bool(own == every)


def _shown(seen: Any) -> str:
    if isinstance(seen, frozenset):
        return ", ".join(sorted(map(str, seen))) or "none"
    if isinstance(seen, dict):
        return f"{len(seen):,} values"
    return ("yes" if seen else "no") if isinstance(seen, bool) else str(seen)
