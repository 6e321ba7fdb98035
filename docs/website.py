"""Build the documentation site into build/site: ``make docs``. Nothing is fetched; a warning is an error.

The pages are gathered in the folders they have in the repository, so that their links hold here and there; to them
comes a page for each room with what its public names say of themselves. The site opens from disk.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import reference

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "docs"
PAGES, SITE = BUILD / "pages", BUILD / "site"
OUTSIDE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "examples/mappings/README.md")
KEPT = {".md", ".png", ".svg", ".css", ".js"}
SHIM = "https://unpkg.com/iframe-worker/shim"
"""What lets a page opened from disk search; the theme would fetch it, the site has its own copy."""


def main() -> int:
    """Gather, build, and look at what was built; 1 where anything is wrong."""
    shutil.rmtree(BUILD, ignore_errors=True)
    config = tomllib.loads((ROOT / "docs" / "zensical.toml").read_text(encoding="utf-8"))
    gather()
    rooms = api()
    listed = {*pages_of(config["project"]["nav"])}
    unlisted = sorted({p.relative_to(PAGES).as_posix() for p in PAGES.rglob("*.md")} - listed - {p for _, p in rooms})
    if unlisted:
        print(f"docs/zensical.toml: no place in nav for {', '.join(unlisted)}", file=sys.stderr)
        return 1
    place = BUILD / "zensical.toml"
    entries = ",\n".join(f'    {{ "{name}" = "{page}" }}' for name, page in rooms)
    text = (ROOT / "docs" / "zensical.toml").read_text(encoding="utf-8").replace('"../src"', f'"{ROOT / "src"}"')
    place.write_text(
        text.replace('  { "Proof"', f'  {{ "Every name" = [\n{entries}\n  ] }},\n  {{ "Proof"', 1), "utf-8"
    )
    tool = Path(sysconfig.get_path("scripts")) / "zensical"
    done = subprocess.run(  # noqa: S603 - the program beside this Python
        [tool, "build", "--strict", "--clean", "-f", str(place)],
        cwd=BUILD,
        env={**os.environ, "NO_COLOR": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        return 1
    own_shim()
    wrong = faults()
    print(*wrong, sep="\n", file=sys.stderr)
    if not wrong:
        print(f"The site is {SITE / 'index.html'}: {len(list(SITE.rglob('*.html')))} pages.")
    return 1 if wrong else 0


def gather() -> None:
    """Copy every page and picture."""
    inside = [p.relative_to(ROOT).as_posix() for p in sorted((ROOT / "docs").rglob("*")) if p.suffix in KEPT]
    for name in (*OUTSIDE, *inside):
        target = PAGES / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)


def api() -> list[tuple[str, str]]:
    """Write a page for each room with its public functions and classes; title and page of each."""
    out = []
    for room in reference.ROOMS:
        names = reference.public(room)
        parts = [f"# codon12.{room}\n\n{reference.first_sentence(__import__(f'codon12.{room}', fromlist=['x']))}\n"]
        for name, value in names.items():
            if (inspect.isclass(value) or inspect.isfunction(value)) and value.__module__.startswith("codon12."):
                where = f"{value.__module__}.{value.__qualname__}"
                parts.append(f'\n::: {where}\n    options:\n      heading: "{name}"\n      toc_label: "{name}"\n')
            else:
                parts.append(f"\n## {name}\n\n{reference.sentence(name, value)}\n")
        if names:
            page = f"docs/api/{room}.md"
            (PAGES / page).parent.mkdir(exist_ok=True)
            (PAGES / page).write_text("".join(parts), encoding="utf-8")
            out.append((f"codon12.{room}", page))
    return out


def pages_of(nav: list) -> list[str]:
    """Pages of a navigation, in order."""
    return [
        page
        for entry in nav
        for value in entry.values()
        for page in (pages_of(value) if isinstance(value, list) else [value])
    ]


def own_shim() -> None:
    """Put the copy that the site has in the place of what the theme would fetch."""
    for page in SITE.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        own = os.path.relpath(SITE / "docs" / "assets" / "iframe-worker.js", page.parent)
        page.write_text(text.replace(SHIM, Path(own).as_posix()), encoding="utf-8")


class Links(HTMLParser):
    """What a page loads, what it links to, and the places in it."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag names."""
        given = {k: v or "" for k, v in attrs}
        self.places |= {given[k] for k in ("id", "name") if k in given}
        loads = tag in {"script", "img", "iframe", "source"} or (
            tag == "link" and "canonical" not in given.get("rel", "")
        )
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif loads:
            self.loads += [given[k] for k in ("src", "href") if given.get(k)]


def faults() -> list[str]:
    """Things fetched from elsewhere, and links that lead nowhere."""
    read = {}
    for page in sorted(SITE.rglob("*.html")):
        read[page.resolve()] = parsed = Links()
        parsed.feed(page.read_text(encoding="utf-8"))
    wrong = []
    for page, parsed in read.items():
        name = page.relative_to(SITE).as_posix()
        if name == "404.html":  # served by a server alone, with links from its root
            continue
        wrong += [f"{name}: fetches {x}" for x in parsed.loads if re.match(r"(https?:)?//", x)]
        for link in parsed.links + [x for x in parsed.loads if not re.match(r"(https?:)?//|data:", x)]:
            if re.match(r"[a-z]+:|//", link):
                continue
            path, _, place = link.partition("#")
            target = (page.parent / unquote(path)).resolve() if path else page
            if not target.exists():
                wrong.append(f"{name}: {link} is not there")
            elif place and target in read and unquote(place) not in read[target].places:
                wrong.append(f"{name}: {link} names no place of that page")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
