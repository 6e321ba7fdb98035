"""From a folder or a file to a proposal: look, know each table, plan, and say it as ``codon12.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from codon12.errors import InputError
from codon12.init.belief import Belief, Question, TableBelief
from codon12.init.keys import with_shared_keys
from codon12.init.look import Seen, look
from codon12.init.plain import plan_tables
from codon12.init.plan import Plan
from codon12.init.repeats import parts_of
from codon12.init.standard import SAID, plan_standard, recognised
from codon12.init.tables import Known, code_lists, know, with_roles
from codon12.init.toml_text import comment, string
from codon12.records.config import StudyConfig
from codon12.records.files.nested import study_folder
from codon12.records.readers import format_of

__all__ = ["propose"]

_LISTED = 6
_HEAD = """\
# Written by codon12 init. Change what is wrong; `codon12 init` does not write over a changed file.
# After each line: how sure it is (sure, likely, unsure) and why. A line that begins with # is not used.
"""


def propose(path: Path, *, answers: Mapping[str, str] | None = None) -> Belief:
    r"""Say what the files of a folder, or one file, are believed to be, and give the configuration that follows.

    `answers` are replies to the questions of an earlier proposal, by their key. Of a long file only the head is looked
    at. Nothing is written.

    Raises
    ------
    InputError
        No such folder or file, no right to read it, or no table in it; the message says what was found.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     rows = "Patient,Geschlecht,Alter,OS (Monate),Vitalstatus\n1,w,64,12.5,lebt\n2,m,71,3.1,tot\n"
    ...     _ = Path(home, "register.csv").write_text(rows)
    ...     belief = propose(Path(home))
    >>> belief.format, [(c.column, c.role, c.confidence) for c in belief.tables[0].columns][:2]
    ('tables', [('Patient', 'USUBJID', 'sure'), ('Geschlecht', 'SEX', 'sure')])
    """
    given = dict(answers or {})
    folder, names = _place(path)
    fmt = recognised(folder) if names is None else None
    notes: list[str] = []
    if names is None and fmt is None and not _has_tables(folder):
        folder, fmt, notes = _below(folder)
    if fmt is not None:
        plan = plan_standard(folder, fmt, given)
        why = SAID.get(fmt, fmt)
    else:
        plan, said = _plain(folder, names, given)
        notes += said
        why = "no standard format was recognised; the tables were taken for what their headings and cells say"
    return Belief(
        folder=str(folder),
        format=plan.format,
        why=why,
        tables=tuple(plan.tables),
        questions=tuple(plan.questions),
        notes=tuple(comment(n) for n in [*notes, *plan.notes]),
        toml=_toml(folder, plan, why, given),
    )


def _place(path: Path) -> tuple[Path, list[str] | None]:
    try:
        if path.is_dir():
            next(path.iterdir(), None)
            return path, None
        if path.is_file():
            if format_of(path.name) is None:
                raise InputError(
                    f"{path}: no reader for this kind of file; give a table (csv, xlsx, xpt ...) or a folder"
                )
            with path.open("rb"):
                return path.parent, [path.name]
    except OSError as err:
        raise InputError(f"{path}: cannot be read: {err.strerror or err}") from None
    near = ""
    if path.parent.is_dir():
        from difflib import get_close_matches

        found = get_close_matches(path.name, [p.name for p in path.parent.iterdir()], n=1)
        near = f"; did you mean {path.parent / found[0]}?" if found else ""
    raise InputError(f"{path}: there is no such folder or file{near}")


def _has_tables(folder: Path) -> bool:
    """Whether tables lie in the folder itself; text files may be anything and do not say so."""
    return any(p.is_file() and format_of(p.name) not in (None, ".txt", ".json", ".ndjson") for p in folder.iterdir())


def _below(folder: Path) -> tuple[Path, str | None, list[str]]:
    """The one folder below that holds a study of a standard format, if there is one."""
    try:
        place, _ = study_folder(folder, StudyConfig())
    except InputError:
        return folder, None, []
    if place == folder:
        return folder, None, []
    return place, recognised(place), [f"The study lies in {place.name}, a folder below."]


def _plain(folder: Path, names: list[str] | None, answers: Mapping[str, str]) -> tuple[Plan, list[str]]:
    seen, notes = look(folder, names)
    if not seen and names is not None and len(names) == 1 and notes:
        raise InputError(f"{folder / names[0]}: {notes[0].removeprefix(f'{names[0]}: ')}")
    if not seen:
        there = ", ".join(sorted(p.name for p in folder.iterdir())[:_LISTED])
        empty = f"There is {there}." if there else "It is empty."
        held = " ".join(comment(n) for n in notes[:10]) or f"{empty} Put tables there (csv, xlsx, xpt ...)."
        raise InputError(f"{folder}: holds no table that can be read. {held}")
    codes, dictionaries = code_lists(seen)
    seen = [part for whole in seen for part in parts_of(whole)]
    first = [know(s, codes, dictionaries, key=answers.get(f"key:{_place_of(s)}")) for s in seen]
    known = [_answered(k, answers) for k in with_shared_keys(first, codes, dictionaries)]
    return plan_tables(known, answers), notes


def _place_of(seen: Seen) -> str:
    return seen.place


def _answered(known: Known, answers: Mapping[str, str]) -> Known:
    """Columns that were told, and dates whose order was."""
    place = _place_of(known.seen)
    said = {k.removeprefix("role:").partition(":")[0]: a for k, a in answers.items() if _about(k, place)}
    known = with_roles(known, said)
    out = []
    for belief, values in known.columns:
        told = answers.get(f"date:{place}:{belief.column}")
        if told:
            told_so = replace(belief, formats=tuple(told.split(" or ")), confidence="sure", why="as you said")
            out.append((told_so, values))
        else:
            out.append((belief, values))
    return replace(known, columns=tuple(out))


def _instead(question: Question) -> str:
    others = [c for c in question.choices if c != question.default][:_LISTED]
    return f", not {', '.join(others)}" if others else ""


def _assumed(plan: Plan, answers: Mapping[str, str]) -> list[str]:
    """What was taken without an answer, a line each: every report says so until the line is removed."""
    said = [
        f"{q.about}: {q.text} Nobody answered; taken: {q.default}{_instead(q)}."
        for q in plan.questions
        if q.default is not None and q.key not in answers
    ]
    said += plan.assumed
    if not said:
        return []
    head = "# Taken unasked; each line is a finding of the report. Remove those that are right."
    return [head, "assumed = [", *(f"  {string(comment(line, 600))}," for line in said), "]"]


def _about(key: str, place: str) -> bool:
    return key.startswith("role:") and key.split(":", 2)[2] == place


def _toml(folder: Path, plan: Plan, why: str, answers: Mapping[str, str]) -> str:
    out = [_HEAD.rstrip(), "", f"title = {string(folder.resolve().name)}"]
    out.append(f"format = {string(plan.format)}  # {comment(why)}")
    out += _assumed(plan, answers)
    if plan.format in SAID and plan.tables and all(not t.columns for t in plan.tables):
        out += ["# Tables found by their names:"]
        out += [f"#   {comment(t.table or '?')}: {comment(t.file)}: {_used(t)}" for t in plan.tables]
    return "\n".join([*out, *plan.lines]).rstrip() + "\n"


def _used(table: TableBelief) -> str:
    return f"{table.confidence}: {comment(table.why)}"
