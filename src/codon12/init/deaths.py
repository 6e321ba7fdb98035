"""Who died: every place that says so, weighed against the one that survival would rest on."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl

from codon12.init.belief import ColumnBelief, Question
from codon12.init.lines import of_the_first_line
from codon12.init.tables import Known
from codon12.init.values import Values
from codon12.init.vocabulary import answers_in, heading_roles, spoken_word, vital_of, vital_word

__all__ = ["ask_whole", "first_line", "settle_deaths", "without_roles"]

_CHANCE = 0.1
"""Share of the dead of whom status and date of death may disagree; they are then left out one by one."""
_MOST, _ALL = 0.8, 0.98
"""A code means dead where most with it have a death, alive where all have none."""
_NEAR = 0.3
"""Share of the keys of another table that are patients of this one, from which it is looked at."""
_NO = frozenset(("", ".", "-", "0", "0.0", "na", "n/a", "nan", "none", "null"))


def settle_deaths(main: Known, others: list[Known], *, exact: bool) -> tuple[Known, list[str]]:
    """Give the table of patients with who died settled, and a sentence for each place that says otherwise.

    Codes of a vital status are settled by who has a day of death. Where another column, another line of therapy or
    another table says dead of somebody whom the chosen column calls alive, neither date of death nor vital status is
    used. With `exact` no such patient is allowed, else a tenth may have status and date of death that disagree.
    """
    main = _with_settled_codes(main)
    vital = main.column("VITAL")
    if vital is not None and main.column("DTHDT") is not None and "alive" not in vital.values.values():
        main = without_roles(main, ("VITAL",), "not used, as it marks the dead alone and dates of death are there")
    rows, rest = first_line(main)
    chosen = _chosen(main, rows)
    key = main.column("USUBJID")
    doubts: list[str] = []
    if chosen is not None:
        doubts += _disagree(main, rows, exact=exact)
        doubts += [d for b, v in main.columns for d in _within(main, b, v, rows, chosen)]
    if key is not None and rest.height:
        doubts += _elsewhere(main, rest, key.column, (rows[key.column], chosen), "another line of the same patient")
    for other in others:
        named = None if key is None else _key_of(other, rows[key.column])
        if key is not None and named is not None:
            place = other.seen.place
            doubts += _elsewhere(other, other.seen.frame, named, (rows[key.column], chosen), place)
    if not doubts:
        return main, []
    why = f"not used, as it is not clear who died: {doubts[0]}"
    return without_roles(main, ("DTHDT", "VITAL", "DAYS_DEATH"), why), doubts


def ask_whole(main: Known, answers: Mapping[str, str]) -> tuple[Known, list[Question]]:
    """Ask whether a list of deaths in another table is whole, since whoever is not in it counts as alive.

    Unanswered it is taken for whole, and said so beside the join; a list that is not whole is not used.
    """
    asked, gone = [], []
    for join in main.joins:
        roles = {b.role for b, _ in main.columns if b.column in join.columns}
        at_hand = main.column("VITAL")
        told = at_hand is not None and {*at_hand.values.values()} == {"dead", "alive"}
        keys, listed = main.cells_of(join.on), join.other.cells_of(join.key)
        lacking = keys.drop_nulls().n_unique() - keys.filter(keys.is_in(listed.drop_nulls().implode())).n_unique()
        if not roles & {"DTHDT", "VITAL"} or told or not lacking:
            continue
        place = join.other.seen.place
        text = f"It says who died. {lacking} of {keys.n_unique()} patients are not in it: did none of them die?"
        question = Question(about=place, text=text, choices=("yes", "no"), default="yes", key=f"deaths:{place}")
        asked.append(question)
        if answers.get(question.key) == "no":
            gone.append(f"the list of deaths in {place} is not whole, as you said")
    return (without_roles(main, ("DTHDT", "VITAL", "DAYS_DEATH"), gone[0]) if gone else main), asked


def first_line(main: Known) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that are read of a table of patients, and the others: later lines of therapy."""
    frame, line = main.seen.frame, main.column("LINE")
    if main.kind != "lines" or line is None or not main.cells(line).drop_nulls().len():
        return frame, frame.clear()
    first = of_the_first_line(line.column, main.cells(line))[0]
    return frame.filter(first), frame.filter(~first)


def _with_settled_codes(main: Known) -> Known:
    """Take codes of a vital status for what those with a death show them to mean."""
    death = main.column("DTHDT") or main.column("DAYS_DEATH")
    if death is None or main.column("VITAL") is not None:
        return main
    for at, (belief, values) in enumerate(main.columns):
        if belief.role != "VITAL" or not 1 < values.distinct <= len("012"):
            continue
        missing = [*values.missing, *next(v.missing for b, v in main.columns if b is death)]
        rows = main.seen.frame.select(w=pl.col(belief.column), d=_filled(death.column, missing)).drop_nulls("w")
        shares = rows.filter(~pl.col("w").is_in(missing)).group_by("w").agg(pl.col("d").mean()).sort("w")
        read = {w: "dead" if d > _MOST else "alive" for w, d in shares.iter_rows() if d > _MOST or d < 1 - _ALL}
        if len(read) == shares.height and set(read.values()) == {"dead", "alive"}:
            told = ", ".join(f"'{w}' means {m}" for w, m in read.items())
            why = f"{told}, as those with a death in '{death.column}' show"
            settled = msgspec.structs.replace(belief, values=read, confidence="likely", why=why)
            columns = (*main.columns[:at], (settled, values), *main.columns[at + 1 :])
            return msgspec.structs.replace(main, columns=columns)
    return main


def _filled(column: str, missing: list[str] | tuple[str, ...]) -> pl.Expr:
    cell = pl.col(column).str.strip_chars()
    return (cell.is_not_null() & ~cell.is_in(list(missing)) & ~cell.str.to_lowercase().is_in(list(_NO))).fill_null(
        value=False
    )


def _chosen(main: Known, rows: pl.DataFrame) -> pl.Series | None:
    """Who is dead by the column that survival would rest on."""
    vital, death = main.column("VITAL"), main.column("DTHDT") or main.column("DAYS_DEATH")
    if vital is not None:
        return rows.select(pl.col(vital.column).is_in(_dead(vital)).fill_null(value=False))[:, 0]
    if death is None:
        return None
    missing = next(v.missing for b, v in main.columns if b is death)
    return rows.select(_filled(death.column, missing))[:, 0]


def _dead(vital: ColumnBelief) -> list[str]:
    return [w for w, m in vital.values.items() if m == "dead"]


def _disagree(main: Known, rows: pl.DataFrame, *, exact: bool) -> list[str]:
    """Say so where the vital status calls alive who has a date of death, too often for a slip."""
    vital, death = main.column("VITAL"), main.column("DTHDT")
    if vital is None or death is None:
        return []
    alive = [w for w, m in vital.values.items() if m == "alive"]
    missing = next(v.missing for b, v in main.columns if b is death)
    both = rows.select(a=pl.col(vital.column).is_in(alive).fill_null(value=False), d=_filled(death.column, missing))
    n = both.filter("a", "d").height
    if n <= (0 if exact else _CHANCE * both.filter("d").height):
        return []
    return [f"'{vital.column}' calls {n} patient(s) alive who have a date in '{death.column}'"]


def _masks(belief: ColumnBelief, values: Values) -> tuple[pl.Expr, pl.Expr] | None:
    """Which cells say dead, and which alive; None where the column speaks of neither."""
    name = belief.column
    under, roles = vital_of(name), {r for r, *_ in heading_roles(name, longest=False)} | {belief.role}
    if (belief.role or "").endswith(("_TIME", "_STATUS")) or not values.filled:
        return None
    said = {w: vital_word(w) for w in values.words}
    yes = answers_in(values.words) | {"1": "yes", "0": "no"}
    if under is not None and not any(said.values()) and all(spoken_word(w) in yes for w in values.words):
        other = {"dead": "alive", "alive": "dead"}[under]
        said = {w: under if yes[spoken_word(w)] == "yes" else other for w in values.words}
        settled = any(r == "VITAL" and whole for r, _, whole in heading_roles(name))
    else:
        settled = "VITAL" in roles or bool(roles & {"LSTALVDT", "DTHDT"})
    settled &= not any(c.isdigit() for c in name)
    if "dead" in said.values():
        dead = pl.col(name).is_in([w for w, m in said.items() if m == "dead"])
        alive = pl.col(name).is_in([w for w, m in said.items() if m == "alive"] if settled else [])
        return dead.fill_null(value=False), alive.fill_null(value=False)
    dated = "DTHDT" in roles and (values.dates is not None or values.numbers > _MOST)
    codes = all(spoken_word(w) in yes for w in values.words)
    if (dated or under == "dead") and not roles & {"LSTALVDT", "DAYS_LAST"} and not codes:
        return _filled(name, values.missing), pl.lit(value=False)
    return None


def _within(main: Known, belief: ColumnBelief, values: Values, rows: pl.DataFrame, chosen: pl.Series) -> list[str]:
    """Compare another column of the table with the chosen one."""
    used = {c.column for r in ("VITAL", "DTHDT", "DAYS_DEATH") if (c := main.column(r)) is not None}
    masks = None if belief.column in used else _masks(belief, values)
    if masks is None:
        return []
    marked = rows.select(dead=masks[0], alive=masks[1]).with_columns(chosen=chosen)
    more, fewer = marked.filter(pl.col("dead") & ~pl.col("chosen")), marked.filter(pl.col("alive") & pl.col("chosen"))
    by = " and ".join(f"'{c}'" for c in sorted(used))
    out = [f"'{belief.column}' says dead of {more.height} patient(s) whom {by} does not"] if more.height else []
    return [*out, f"'{belief.column}' says alive of {fewer.height} whom {by} calls dead"] if fewer.height else out


def _plain(keys: pl.Series) -> pl.Series:
    """Keys as they are compared where another program wrote them: no case, no zeros before a number, no blanks."""
    text = keys.cast(pl.String).str.strip_chars().str.to_lowercase()
    return text.str.replace(r"\.0+$", "").str.strip_chars_start("0")


def _key_of(other: Known, keys: pl.Series) -> str | None:
    """Column of another table whose cells are patients of this one, zeros lost or not."""
    wanted = _plain(keys.drop_nulls()).unique().implode()
    shares = []
    for belief, values in other.columns:
        if values.dates is None and values.distinct > 1:
            mine = _plain(other.cells(belief).drop_nulls()).unique()
            shares.append((mine.is_in(wanted).sum() / max(1, len(mine)), belief.role == "USUBJID", belief.column))
    share, _, column = max(shares, default=(0.0, False, ""))
    return column if share >= _NEAR else None


def _elsewhere(
    other: Known, frame: pl.DataFrame, key: str, patients: tuple[pl.Series, pl.Series | None], place: str
) -> list[str]:
    """Compare rows elsewhere with the chosen column, patient by patient."""
    keys, chosen = patients
    mine = pl.DataFrame({"k": _plain(keys), "chosen": [False] * len(keys) if chosen is None else chosen})
    called_dead = mine.filter("chosen")["k"].unique().implode()
    out = []
    for belief, values in other.columns:
        masks = _masks(belief, values)
        if masks is None or belief.column == key:
            continue
        dead = _plain(frame.filter(masks[0])[key].drop_nulls()).unique()
        more = dead.filter(dead.is_in(mine["k"].drop_nulls().unique().implode()) & ~dead.is_in(called_dead))
        if len(more):
            whom = "this table does not" if chosen is not None else "this table says nothing"
            out.append(f"{place}: '{belief.column}' says dead of {len(more)} patient(s) of whom {whom}")
    return out


def without_roles(main: Known, roles: tuple[str, ...], why: str) -> Known:
    """Give a table of which the columns of some roles are no longer used."""
    columns = tuple(
        (msgspec.structs.replace(b, confidence="unsure", why=f"{b.why}; {why}"), v) if b.role in roles else (b, v)
        for b, v in main.columns
    )
    return msgspec.structs.replace(main, columns=columns)
