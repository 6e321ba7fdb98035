"""A browser in as few lines as the tests need: it sends exactly what it is told, and follows a page that is waiting."""

from __future__ import annotations

import asyncio
import re
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from codon12.serve import application
from codon12.serve.door import Door
from codon12.serve.holding import Holding
from codon12.serve.session import Session
from codon12.serve.toml_text import toml_text

PORT = 8012
HOST = f"127.0.0.1:{PORT}"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        return next((v for k, v in self.headers if k == name), None)


class Browser:
    """Holds the application and, after `enter`, the cookie."""

    def __init__(self, *studies: Path, largest: int = 4 * 2**20, **options) -> None:
        mask = options.get("mask_ids", False)
        config = options.pop("config", None)
        holdings = [Holding(p, number=i, mask_ids=mask, config=config) for i, p in enumerate(studies, 1)]
        self.session = Session(holdings, **options)
        self.door = Door(PORT)
        self.lines: list[str] = []
        self.app = application(self.session, self.door, log=self.lines.append, largest=largest)
        self.cookie: str | None = None

    def enter(self) -> Browser:
        answer = self.ask("GET", f"/open?token={self.door.token}")
        assert answer.status == 200
        self.cookie = answer.header("set-cookie").split(";")[0]
        return self

    def ask(
        self,
        method: str,
        target: str,
        *,
        headers: dict[str, str] | list[tuple[str, str]] | None = None,
        body: bytes | list[bytes] = b"",
        host: str | None = HOST,
    ) -> Answer:
        sent = list(headers.items() if isinstance(headers, dict) else headers or [])
        if host is not None:
            sent.insert(0, ("host", host))
        if self.cookie and not any(k == "cookie" for k, _ in sent):
            sent.append(("cookie", self.cookie))
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in sent],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", PORT),
        }
        chunks = [body] if isinstance(body, bytes) else list(body)
        return asyncio.run(_run(self.app, scope, chunks))

    def get(self, target: str, seconds: float = 60.0) -> Answer:
        """Ask until the page is there."""
        until = time.monotonic() + seconds
        while True:
            answer = self.ask("GET", target)
            if answer.status != 202:
                return answer
            assert time.monotonic() < until, "the page never came"
            time.sleep(0.05)

    def post(self, target: str, body: str, seconds: float = 60.0) -> Answer:
        until = time.monotonic() + seconds
        while True:
            answer = self.ask("POST", target, headers={"origin": f"http://{HOST}"}, body=body.encode())
            if answer.status != 202:
                return answer
            assert time.monotonic() < until, "the page never came"
            time.sleep(0.05)


async def _run(app, scope, chunks) -> Answer:
    said: list[dict] = []

    async def receive():
        if chunks:
            part = chunks.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(chunks)}
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message):
        said.append(message)

    await app(scope, receive, send)
    start = next(m for m in said if m["type"] == "http.response.start")
    body = b"".join(m.get("body", b"") for m in said if m["type"] == "http.response.body")
    headers = [(k.decode().lower(), v.decode("latin-1")) for k, v in start["headers"]]
    return Answer(start["status"], headers, body)


def numbers_of(page: str) -> list[tuple[str, str]]:
    """Every number on a page: its ids, and the text that stands there."""
    from lxml import html

    tree = html.document_fromstring(page)
    return [(n.get("data-n"), n.text_content()) for n in tree.xpath("//*[@data-n]")]


def links_of(page: str) -> list[str]:
    return [u for u in re.findall(r'(?:href|src|action)="([^"]+)"', page) if not urlsplit(u).fragment]


KEPT = ("flow", "baseline", "response", "os")


def short_plan(study: Path, kept: tuple[str, ...] = KEPT) -> Path:
    """Leave a few analyses in the plan of a study, so that it opens quickly."""
    from codon12.analyses import default_plan

    path = study / "codon12.toml"
    config = tomllib.loads(path.read_text())
    names = {a.name for a in default_plan()} | set(config.get("analyses", {}))
    config["analyses"] = {n: {"drop": True} for n in sorted(names - set(kept))}
    config["analyses"] |= {n: {"display": "table"} for n in kept}
    path.write_text(toml_text(config))
    return study
