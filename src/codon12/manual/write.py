"""Markdown to pages that open from disk, with one navigation and a search over headings and text."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from codon12.errors import UsageError
from codon12.manual.pages import ManualPage, manual_home, manual_pages
from codon12.records.files.folder import files_below, files_listed, write_atomically

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["find_page", "write_manual"]

_LISTING = "manual.json"


class _Part(msgspec.Struct, frozen=True):
    """A heading with the text below it."""

    place: str
    heading: str
    level: int
    text: str


def write_manual(folder: Path) -> Path:
    """Write the manual of this version into a folder, and give its first page.

    Parameters
    ----------
    folder
        New, empty, or one that holds a manual written before, which is replaced.

    Raises
    ------
    UsageError
        The folder holds files of somebody else.
    InputError
        It cannot be written.
    """
    from jinja2 import Environment, PackageLoader
    from markupsafe import Markup

    home, pages = manual_home(), manual_pages()
    frame = Environment(loader=PackageLoader("codon12.manual", "look"), autoescape=True).get_template("page.html.j2")
    rendered = {page: _rendered(home / page.file) for page in pages}
    index = [
        [page.title, f"{page.written}#{part.place}", part.heading, part.text]
        for page, (_, parts) in rendered.items()
        for part in parts
    ]
    with write_atomically(folder, wrote=lambda f: files_listed(f / _LISTING, "files", manual="codon12")) as out:
        for page, (body, parts) in rendered.items():
            up = "../" * page.written.count("/")
            text = frame.render(page=page, body=Markup(body), parts=parts, pages=pages, up=up)  # noqa: S704 - our own pages
            (out / page.written).parent.mkdir(parents=True, exist_ok=True)
            (out / page.written).write_text(_linked(text, pages, page), encoding="utf-8", newline="\n")
        for picture in sorted(p for p in (home / "docs").rglob("*") if p.suffix in {".png", ".svg"}):
            target = out / picture.relative_to(home)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, target)
        for name in ("page.css", "page.js"):
            shutil.copyfile(Path(__file__).parent / "look" / name, out / name)
        found = json.dumps(index, ensure_ascii=False).replace("<", "\\u003c")
        (out / "index.js").write_text(f"window.MANUAL = {found};\n", encoding="utf-8", newline="\n")
        listing = {"manual": "codon12", "files": [*files_below(out), _LISTING]}
        (out / _LISTING).write_text(json.dumps(listing, indent=1) + "\n", encoding="utf-8", newline="\n")
    return folder / "index.html"


def find_page(topic: str) -> str:
    """Page, and place in it, that a word means: a page's name, a heading, a verb, a rule of a finding, a public name.

    Raises
    ------
    UsageError
        No page and no heading is called so; the message names the nearest.

    Examples
    --------
    >>> find_page("findings"), find_page("survfit")
    ('docs/findings.html', 'docs/survival.html#survfit')
    """
    wanted, named = topic.strip().lower(), {}
    for page in manual_pages():
        text = (manual_home() / page.file).read_text(encoding="utf-8")
        for part in _parts(_parser().parse(text)):
            words = [part.heading.lower(), part.heading.lower().removeprefix("codon12 ")]
            for word in words if part.level > 1 else ():
                named.setdefault(word, f"{page.written}#{part.place}")
    for page in manual_pages():
        named[PurePosixPath(page.written).stem.lower()] = page.written
    if wanted in named:
        return named[wanted]
    inside = [place for word, place in named.items() if word.startswith(f"{wanted} ")]
    if inside:
        return inside[0]
    near = get_close_matches(wanted, named, n=3, cutoff=0.5)
    hint = f"; near are: {', '.join(near)}" if near else ""
    raise UsageError(f"the manual has no page and no heading '{topic}'{hint}")


def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def _rendered(path: Path) -> tuple[str, list[_Part]]:
    """HTML of a page, and its headings."""
    parser = _parser()
    tokens = parser.parse(path.read_text(encoding="utf-8"))
    parts = _parts(tokens)
    opened = [t for t in tokens if t.type == "heading_open"]
    for token, part in zip(opened, parts, strict=True):
        token.attrSet("id", part.place)
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type == "th_open" and not token.content.strip():  # a corner above stubs heads no column
            before.tag = after.tag = "td"
    return parser.renderer.render(tokens, parser.options, {}), parts


def _parts(tokens: Sequence[Token]) -> list[_Part]:
    """Headings of a page; two of one name are told apart by a number, as the documentation site does."""
    out: list[_Part] = []
    seen: dict[str, int] = {}
    texts: list[str] = []
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            heading = "".join(c.content for c in token.children or ())
            place = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())
            count = seen[place] = seen.get(place, -1) + 1
            out.append(_Part(f"{place}_{count}" if count else place, heading, int(before.tag[1:]), ""))
            texts.append("")
        elif token.type in {"inline", "fence"} and texts:
            texts[-1] += " ".join(token.content.split()) + " "
    return [msgspec.structs.replace(p, text=t.strip()) for p, t in zip(out, texts, strict=True)]


def _linked(text: str, pages: Sequence[ManualPage], page: ManualPage) -> str:
    """Links between Markdown files as links between pages; a file that is no page stays a name."""
    written = {p.file: p.written for p in pages}
    here = PurePosixPath(page.file).parent

    def link(found: re.Match[str]) -> str:
        target, _, place = found[1].partition("#")
        if re.match(r"[a-z]+:", target) or not target.endswith(".md"):
            return found[0]
        file = _joined(here, target)
        if file not in written:
            return "<a"
        up = "../" * page.written.count("/")
        return f'<a href="{up}{written[file]}{"#" + place if place else ""}"'

    return re.sub(r'<a href="([^"]*)"', link, text)


def _joined(folder: PurePosixPath, path: str) -> str:
    """A relative path from a folder, without ``..``."""
    out: list[str] = []
    for part in (folder / path).parts:
        if part == "..":
            out = out[:-1]
        else:
            out.append(part)
    return "/".join(out)
