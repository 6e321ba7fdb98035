"""Run the code of the pages: ``python docs/blocks.py [--write] PAGE...`` what a page shows is what comes out.

A page is one session in a new folder that has ``examples`` in it: its blocks run in order, and what one writes the next
may read. What a block is follows from its language:

- ``sh``: every line is a command. ``console``: the lines below a command, which begins with ``$``, are what it prints,
  ``...`` standing for any lines. A command ends with 0 unless ``# exit code 1`` stands behind it.
- ``python`` runs; ``pycon`` runs and is compared; both share the names of the page.
- ``r`` runs where R with survival and cmprsk is, and prints the lines that begin with ``## ``, in this order.
- ``toml`` and ``json`` can be read; ``text`` is shown alone, and so is ``sas``, which is not here.

Above a block that cannot run stands ``<!-- not run: why -->``; its commands must still be commands with those options.
``--write`` puts what comes out below the commands of a page that have nothing below them yet.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from codon12.cli import _root, main

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = {"sh", "console", "python", "pycon", "r", "toml", "json", "text", "sas"}
_FENCE = re.compile(
    r"(?:^<!-- not run: (?P<why>.*?) -->\n)?^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_SHELL = re.compile(r"[|<>;&*$`]|^(?!codon12 )")


class WrongPageError(AssertionError):
    """A block says what does not come out."""


@dataclass(frozen=True)
class Block:
    """A block of code of a page."""

    page: str
    line: int
    language: str
    text: str
    why: str | None  # why it is not run

    @property
    def place(self) -> str:
        """Page and line."""
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[Command]:
        """Commands of a shell block, each with the lines that it prints, if they are shown."""
        shown = self.language == "console"
        out: list[Command] = []
        more = False
        for line in self.text.splitlines():
            if more:
                out[-1].line += f"\n{line}"
            elif line.startswith("$ ") or (not shown and line.strip() and not line.lstrip().startswith("#")):
                out.append(Command(line.removeprefix("$ ")))
            elif out:
                out[-1].printed.append(line)
            more = line.endswith("\\")
        return out


@dataclass
class Command:
    """A command line, and what stands below it."""

    line: str
    printed: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """How it ends."""
        told = re.search(r"# exit code (\d)", self.line)
        return int(told[1]) if told else 0


def blocks(page: str) -> list[Block]:
    """Every block of a page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, m.start("text")), m["language"], m["text"], m["why"])
        for m in _FENCE.finditer(text)
    ]


class Session:
    """Blocks of one page, run one after the other in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, Any] = {"__name__": "__main__"}
        (folder / "examples").symlink_to(ROOT / "examples")
        tools = folder / ".tools"
        tools.mkdir()
        (tools / "codon12").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m codon12 "$@"\n', encoding="utf-8")
        (tools / "codon12").chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "PYTHONPATH": f"{ROOT / 'src'}:{os.environ.get('PYTHONPATH', '')}",
        }

    def run(self, block: Block) -> None:
        """Run a block and compare.

        Raises
        ------
        WrongPageError
            It ends otherwise, or prints something else.
        """
        match block.language:
            case "sh" | "console":
                self._shell(block)
            case "python":
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(block.text, block.place, "exec"), self.names)  # noqa: S102 - our own pages
            case "pycon":
                self._doctest(block)
            case "toml":
                tomllib.loads(block.text)
            case "json":
                json.loads(block.text)

    def printed(self, command: Command) -> tuple[int, str]:
        """Exit code, and what a command prints on both streams."""
        line = re.sub(r"\s+# .*$", "", command.line, flags=re.MULTILINE)
        if _SHELL.search(line):
            done = subprocess.run(  # noqa: S603 - our own pages
                ["/bin/sh", "-c", line],
                cwd=self.folder,
                env=self.environment,
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            return done.returncode, done.stdout
        said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        code = 0
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                main(shlex.split(line)[1:])
            except SystemExit as stop:
                code = int(stop.code or 0)
        said.seek(0)
        return code, said.read()

    def _shell(self, block: Block) -> None:
        for command in block.commands:
            code, said = self.printed(command)
            if code != command.code:
                raise WrongPageError(f"{block.place}: {command.line} ends with {code}, not {command.code}\n{said}")
            shown = "\n".join(command.printed).rstrip().splitlines()
            if shown and not alike(shown, said.rstrip().splitlines()):
                raise WrongPageError(f"{block.place}: {command.line} prints\n{said}")

    def _doctest(self, block: Block) -> None:
        example = doctest.DocTestParser().get_doctest(block.text, self.names, block.page, block.page, block.line)
        told: list[str] = []
        runner = doctest.DocTestRunner(verbose=False)
        failed = runner.run(example, out=told.append, clear_globs=False).failed
        self.names.update(example.globs)
        if failed:
            raise WrongPageError(f"{block.place}: {''.join(told)}")


def alike(shown: list[str], said: list[str]) -> bool:
    """Whether lines are those said; ``...`` stands for any number of them."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line.rstrip())
    pattern = r"(?:[^\n]*\n)*?".join("".join(re.escape(line) + "\n" for line in part) for part in parts)
    return bool(re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in said)))


def misspelt(line: str) -> str | None:
    """What is wrong with a command that is not run: a verb, an option or a choice that is none."""
    command, words = _root, shlex.split(line, comments=True)[1:]
    context = click.Context(_root, info_name="codon12")
    try:
        while isinstance(command, click.Group):
            command.parse_args(context, words)  # `check FILE` becomes `check file FILE` there
            name, found, words = command.resolve_command(context, [*context._protected_args, *context.args])  # noqa: SLF001
            if found is None:
                return f"no verb {name}"
            command, context = found, click.Context(found, parent=context, info_name=name)
        command.parse_args(context, words)
    except click.UsageError as error:
        said = error.format_message()
        return None if "does not exist" in said else said  # a file of the reader's
    return None


def r_session(page: str, folder: Path) -> str | None:
    """Run the R blocks of a page in a folder where its Python blocks have run; what differs, or nothing."""
    own = [b for b in blocks(page) if b.language == "r" and b.why is None]
    script = folder / "page.R"
    parts = []
    for i, block in enumerate(own):
        (folder / f"block{i}.R").write_text(block.text, encoding="utf-8")
        parts.append(f'cat("@@ {i}\\n"); source("block{i}.R", print.eval = TRUE)\n')
    script.write_text("suppressMessages({library(survival); library(cmprsk)})\n" + "".join(parts), encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own pages
        [shutil.which("Rscript") or "Rscript", "--vanilla", script],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        return f"{page}: R stops\n{done.stderr}"
    outputs = re.split(r"^@@ \d+\n", done.stdout, flags=re.MULTILINE)[1:]
    for block, said in zip(own, outputs, strict=True):
        lines = iter(" ".join(line.split()) for line in said.splitlines())
        for shown in (" ".join(s[3:].split()) for s in block.text.splitlines() if s.startswith("## ")):
            if shown not in lines:  # each line after the one before
                return f"{block.place}: R does not print\n{shown}\nbut\n{said}"
    return None


def write(page: str) -> None:
    """Put below the commands of a page what they print, where nothing stands there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        session = Session(Path(folder))
        for block in blocks(page):
            if block.why is not None:
                continue
            if block.language != "console":
                session.run(block)
                continue
            filled = []
            for command in block.commands:
                _, said = session.printed(command)
                below = command.printed or folded(said.rstrip().splitlines())
                filled += [f"$ {command.line}", *below]
            text = text.replace(f"```console\n{block.text}```", "```console\n" + "\n".join(filled) + "\n```", 1)
    (ROOT / page).write_text(text, encoding="utf-8")


def folded(lines: list[str]) -> list[str]:
    """Lines of a trace with its long lists cut to their first three."""
    out, seen = [], 0
    for line in lines:
        listed = re.match(r"(Subjects|Source rows) \(", line)
        seen = 1 if listed else seen + 1 if seen and line.startswith("  ") else 0
        if seen <= 4:
            out.append(line)
        elif out[-1] != "  ...":
            out.append("  ...")
    return out


def run(page: str) -> None:
    """Run every block of a page in a new folder."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        session = Session(Path(folder))
        for block in blocks(page):
            if block.why is None:
                session.run(block)


if __name__ == "__main__":
    given = sys.argv[1:]
    for name in (x for x in given if x != "--write"):
        if "--write" in given:
            write(name)
        run(name)
        print(f"{name}: {len(blocks(name))} blocks")
