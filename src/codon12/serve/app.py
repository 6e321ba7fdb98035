"""Addresses and what answers them; each page is a function from study and settings to text, made in a thread."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from codon12.errors import Codon12Error, ConfigError, DesignError, UsageError
from codon12.serve.door import Door
from codon12.serve.guard import LOCAL, Guard
from codon12.serve.same_by import served_by
from codon12.serve.session import Session, static
from codon12.serve.settings import settings_of
from codon12.serve.views import routes
from codon12.serve.work import CancelledError, Work, wait

__all__ = ["application"]

PATIENCE = 0.8
"""Seconds after which an answer that is not there yet becomes a page that says what is being done."""
SENT_PATIENCE = 120.0
"""Seconds after which what was sent, a text or a profile, is given up."""


def application(
    session: Session,
    door: Door,
    *,
    hosts: Iterable[str] = LOCAL,
    log: Callable[[str], None] | None = None,
    largest: int = 4 * 2**20,
) -> Guard:
    """The whole server as an ASGI application, its guard before it."""
    answers = _Answers(session)
    made = [
        Route("/", answers.home),
        Route("/static/{name}", answers.static),
        Route("/cancel", answers.cancel, methods=["POST"]),
        Route("/save", answers.save, methods=["POST"]),
        Route("/looks.jsonl", answers.looks_file),
        *[Route(f"/s/{{number}}{path}", answers.page(make, here)) for path, here, make in routes.PAGES],
        *[Route(f"/s/{{number}}{path}", answers.file(make)) for path, make in routes.FILES],
        *[Route(path, answers.tool(make, here), methods=["GET", "POST"]) for path, here, make in routes.TOOLS],
    ]
    app = Router(made, redirect_slashes=False, default=answers.default)
    return Guard(app, door=door, hosts=hosts, log=log, largest=largest)


class _Answers:
    """What the routes do."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def home(self, _: Request) -> Response:
        """First page: the studies, and whether they are open."""
        text = self._session.render("home.html.j2", here="home", same=served_by(self._session.holdings))
        return HTMLResponse(text, background=BackgroundTask(self._begin))

    async def _begin(self) -> None:
        """Read the studies, once the first page is with its reader."""
        for holding in self._session.holdings:
            routes.begin(self._session, holding)

    async def static(self, request: Request) -> Response:
        """A file that pages load."""
        found = static(request.path_params["name"])
        if found is None:
            return self._lost()
        return Response(found[0], media_type=found[1])

    async def default(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Nothing is here."""
        await self._lost()(scope, receive, send)

    def _lost(self) -> Response:
        return self._problem(404, "There is no such page.")

    async def cancel(self, request: Request) -> Response:
        """Stop a piece of work."""
        form = QueryParams((await request.body()).decode("utf-8", "replace"))
        work = self._session.desk.find(str(form.get("work", "")))
        if work is not None:
            work.cancel()
        return self._problem(200, "Stopped. Nothing was changed.")

    async def save(self, request: Request) -> Response:
        """Write the looks, or a changed configuration, into the folder of --save."""
        body = (await request.body()).decode("utf-8", "replace")
        try:
            said = await asyncio.to_thread(routes.save, self._session, QueryParams(body))
        except Codon12Error as err:
            return self._failed(err)
        return HTMLResponse(self._session.render("message.html.j2", title="Saved", words=said))

    async def looks_file(self, _: Request) -> Response:
        """The looks so far, as a file."""
        return _download(self._session.looks.text().encode(), "application/x-ndjson", "codon12-looks.jsonl")

    def page(self, make: str, here: str) -> Callable[[Request], Any]:
        """Answer with a page of a study."""

        async def answer(request: Request) -> Response:
            query = request.query_params
            try:
                holding = self._session.holding(request.path_params["number"])
                settings = settings_of(query)
            except Codon12Error as err:
                return self._failed(err)
            if here not in ("number", "patient", "findings"):
                self._session.looks.add(
                    here,
                    study=holding.title,
                    departures=settings.departures(),
                    query=settings.query,
                    path=request.url.path,
                )
            elif here == "patient":
                self._session.looks.add("patient", study=holding.title, path=request.url.path)
            key = (here, holding.number, request.url.query, holding.changed_files)
            found = await self._made(
                key, lambda say: routes.view(make)(self._session, holding, query, say), holding=holding
            )
            if found.status_code == 200:
                routes.ahead(self._session, holding, here, settings)
            return found

        return answer

    def tool(self, make: str, here: str) -> Callable[[Request], Any]:
        """Answer with a page that needs no study."""

        async def answer(request: Request) -> Response:
            query, key = request.query_params, (here, request.url.query)
            if here == "looks":
                return HTMLResponse(routes.view(make)(self._session, query, lambda _: None))
            self._session.looks.add(here, path=request.url.path)
            if request.method == "GET":
                return await self._made(key, lambda say: routes.view(make)(self._session, query, say))
            sent = QueryParams((await request.body()).decode("utf-8", "replace"))
            key = (here, secrets.token_hex())  # what was sent is answered once, and not kept
            answer = await self._made(
                key, lambda say: routes.view(make)(self._session, sent, say), patience=SENT_PATIENCE
            )
            self._session.desk.forget(key)
            return answer

        return answer

    def file(self, make: str) -> Callable[[Request], Any]:
        """Answer with a file."""

        async def answer(request: Request) -> Response:
            try:
                holding = self._session.holding(request.path_params["number"])
                settings_of(request.query_params)
            except Codon12Error as err:
                return self._failed(err)
            where = dict(request.path_params)
            key = ("file", request.url.path, request.url.query)
            work = self._session.desk.ask(key, lambda say: routes.view(make)(holding, where, request.query_params, say))
            await wait(work, 600)
            try:
                body, kind, name = work.future.result(timeout=0)
            except Codon12Error as err:
                return self._failed(err)
            if make.endswith(":figure_drawn"):
                return Response(body, media_type=kind)
            return _download(body, kind, name)

        return answer

    async def _made(
        self, key: Any, make: Callable[..., str], *, holding: Any = None, patience: float = PATIENCE
    ) -> Response:
        work = self._session.desk.ask(key, make)
        if not await wait(work, patience):
            if patience > PATIENCE:
                work.cancel()
                return self._problem(408, "This took too long and was stopped; send less.")
            return self._waiting(work, holding)
        try:
            return HTMLResponse(work.future.result())
        except Codon12Error as err:
            return self._failed(err, holding=holding)

    def _waiting(self, work: Work, holding: Any) -> Response:
        text = self._session.render(
            "waiting.html.j2", said=work.said, steps=work.steps, work=work.name, holding=holding
        )
        return HTMLResponse(text, 202, headers={"Refresh": "1"})

    def _failed(self, err: Codon12Error, *, holding: Any = None) -> Response:
        if isinstance(err, CancelledError):
            return self._problem(409, "Stopped before it was done. Load the page again to start anew.")
        wrong = isinstance(err, UsageError | ConfigError | DesignError)
        return self._problem(400 if wrong else 422, str(err)[:2000], holding=holding)

    def _problem(self, status: int, words: str, *, holding: Any = None) -> Response:
        title = "Stopped" if status in (200, 409) else "This cannot be shown"
        text = self._session.render("message.html.j2", title=title, words=words, holding=holding)
        return HTMLResponse(text, status)


def _download(body: bytes, kind: str, name: str) -> Response:
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in name)[:120]
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{safe}"'})
