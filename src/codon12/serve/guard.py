"""What every request must be before a page sees it, and what every answer carries."""

from __future__ import annotations

import asyncio
import html
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from codon12.serve.door import Door

__all__ = ["HEADERS", "LOCAL", "Guard", "host_of"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LOCAL = ("127.0.0.1", "localhost", "::1")
"""Names of this machine: the hosts allowed unless there is a proxy in front."""
_SAFE = ("GET", "HEAD")
_BODY_SECONDS = 20.0
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""On every answer, errors included. No header allows another origin anything."""


def host_of(value: str) -> str | None:
    """Name in a ``Host`` header, without its port and in small letters; None where it is no host.

    Examples
    --------
    >>> host_of("LocalHost:8012"), host_of("[::1]:8012"), host_of("127.0.0.1@evil.example"), host_of("")
    ('localhost', '::1', None, None)
    """
    if not value or any(c in value for c in "@/\\?# \t,"):
        return None
    try:
        parts = urlsplit(f"//{value}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname


class _TooLargeError(Exception):
    """The body is longer than allowed."""


class _TooSlowError(Exception):
    """The body does not come."""


class Guard:
    """Lets a request pass to the pages, or answers it: host, method, origin, token or cookie, size of the body.

    Whatever fails behind it becomes an answer without data, and a line of the log without any.
    """

    def __init__(
        self,
        app: Callable[[Message, Receive, Send], Awaitable[None]],
        *,
        door: Door,
        hosts: Iterable[str] = LOCAL,
        largest: int = 4 * 2**20,
        log: Callable[[str], None] | None = None,
    ) -> None:
        self._app = app
        self._door = door
        self._hosts = frozenset(h.lower() for h in hosts)
        self._largest = largest
        self._log = log or (lambda line: print(line, file=sys.stderr))  # noqa: T201 - the log of the server

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        began = time.perf_counter()
        answer = _Answer(send)
        refused = self._refused(scope)
        if refused is not None:
            await answer.plain(*refused)
        elif scope["path"] == "/open":
            await self._open(scope, answer)
        else:
            await self._pass(scope, receive, answer)
        spent = 1000 * (time.perf_counter() - began)
        route = getattr(scope.get("route"), "path", "-")  # the pattern: a path or query could hold an identifier
        self._log(f"codon12 serve: {answer.status} {scope['method'][:8]} {route} {spent:.0f} ms")

    def _refused(self, scope: Message) -> tuple[int, str] | None:
        """Status and reason to refuse a request by its head alone."""
        found: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            found.setdefault(name.lower(), []).append(value.decode("latin-1"))
        hosts = found.get(b"host", [])
        if len(hosts) != 1 or host_of(hosts[0]) not in self._hosts:
            return 421, "This server answers to the address in its printed link only."
        if scope["method"] not in (*_SAFE, "POST"):
            return 405, "Pages are read with GET and sent with POST."
        if scope["method"] == "POST" and not _from_here(found, hosts[0]):
            return 403, "A request that changes something must come from a page of this server."
        if scope["path"] != "/open" and not self._door.knows("; ".join(found.get(b"cookie", []))):
            return 403, "Open the link that codon12 serve printed; it lets one browser in, once."
        for length in found.get(b"content-length", []):
            if not length.isdigit() or len(length) > 15 or int(length) > self._largest:
                return 413, f"At most {self._largest:,} bytes can be sent."
        return None

    async def _open(self, scope: Message, answer: _Answer) -> None:
        """Exchange the token for the cookie; the page it gives leads on, so that the cookie goes along."""
        headers = [v.decode("latin-1") for k, v in scope["headers"] if k.lower() == b"cookie"]
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=4)
        cookie = None
        if not self._door.knows("; ".join(headers)):
            given = query.get("token", [""])[0] if scope["method"] == "GET" else ""
            cookie = self._door.exchange(given)
            if cookie is None:
                await answer.plain(403, "This link is wrong or was used already; start codon12 serve again.")
                return
        extra = [(b"refresh", b"0; url=/")] + ([(b"set-cookie", cookie.encode())] if cookie else [])
        await answer.plain(200, "Open. Go on to the first page.", link="/", extra=extra)

    async def _pass(self, scope: Message, receive: Receive, answer: _Answer) -> None:
        taken, whole = 0, False
        until = time.monotonic() + _BODY_SECONDS

        async def counted() -> Message:
            nonlocal taken, whole
            try:
                message = await asyncio.wait_for(receive(), None if whole else max(0.0, until - time.monotonic()))
            except TimeoutError:
                raise _TooSlowError from None
            taken += len(message.get("body", b""))
            if taken > self._largest:
                raise _TooLargeError
            whole = not message.get("more_body", False)
            return message

        try:
            await self._app(scope, counted, answer)
        except _TooLargeError:
            await answer.plain(413, f"At most {self._largest:,} bytes can be sent.")
        except _TooSlowError:
            await answer.plain(408, "The rest of the request did not come.")
        except Exception as err:  # noqa: BLE001 - nothing of it may reach page or log but its kind
            self._log(f"codon12 serve: an unexpected {type(err).__name__}")
            await answer.plain(500, f"An unexpected {type(err).__name__}. Nothing was changed; please report it.")


def _from_here(found: dict[bytes, list[str]], host: str) -> bool:
    """Whether a browser says that the request comes from a page of this very server."""
    sites, origins = found.get(b"sec-fetch-site", []), found.get(b"origin", [])
    if not sites and not origins:
        return False
    if any(s != "same-origin" for s in sites):
        return False
    return all(urlsplit(o).scheme in ("http", "https") and urlsplit(o).netloc.lower() == host.lower() for o in origins)


class _Answer:
    """The way out: adds the headers, and knows whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            ours = {k for k, _ in HEADERS} | {b"server"}
            message = {**message, "headers": [h for h in message["headers"] if h[0].lower() not in ours] + [*HEADERS]}
        await self._send(message)

    async def plain(
        self, status: int, words: str, *, link: str = "", extra: Iterable[tuple[bytes, bytes]] = ()
    ) -> None:
        """Send a short page of our own words; nothing where an answer has begun already."""
        if self.started:
            return
        more = f'<p><a href="{link}">First page</a></p>' if link else ""
        text = (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>codon12</title>'
            '<link rel="icon" href="data:,"></head>'
            f"<body><main><h1>codon12</h1><p>{html.escape(words)}</p>{more}</main></body></html>"
        ).encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            *([] if status < 400 else [(b"connection", b"close")]),
            *extra,
        ]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": text})
