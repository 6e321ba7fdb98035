"""The server itself: the address it listens on, and the link it prints."""

from __future__ import annotations

import ipaddress
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from codon12.errors import UsageError
from codon12.records.files.no_folder import must_be_folder
from codon12.serve.app import application
from codon12.serve.door import Door
from codon12.serve.guard import LOCAL, host_of
from codon12.serve.holding import Holding
from codon12.serve.patience import Impatient
from codon12.serve.session import Session
from codon12.serve.views import routes

__all__ = ["address_allowed", "serve"]

_SOCKETS_WAITING = 2048
_BEGINS = 5.0
"""Seconds after which the studies are read though nobody has asked; the first page begins it once it is sent."""


def address_allowed(host: str, *, behind_proxy: bool, allowed: Sequence[str]) -> tuple[str, ...]:
    """Host names that requests may carry; refuse an address that others can reach, unless a proxy stands before it.

    Raises
    ------
    UsageError
        Another address than this machine's own without ``behind_proxy`` and allowed hosts; a name that is no host.

    Examples
    --------
    >>> address_allowed("127.0.0.1", behind_proxy=False, allowed=())
    ('127.0.0.1', 'localhost', '::1')
    """
    names = []
    for name in allowed:
        found = host_of(name)
        if found is None or "*" in name:
            raise UsageError(f"--allow-host {name!r} is no host name; write it as trials.example.org")
        names.append(found)
    if not behind_proxy:
        if names:
            raise UsageError("--allow-host is for a server behind a proxy; add --behind-proxy")
        if host not in ("127.0.0.1", "::1"):
            raise UsageError(
                f"{host} can be reached from other machines; codon12 serve listens on 127.0.0.1. Behind a proxy that "
                "knows its users: --behind-proxy --allow-host NAME"
            )
        return LOCAL
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise UsageError(f"--host {host!r} is no address; write it as 0.0.0.0") from None
    if not names:
        raise UsageError("--behind-proxy needs --allow-host NAME: the name that browsers ask for")
    return tuple(names)


def serve(
    studies: Sequence[Path],
    *,
    config: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    behind_proxy: bool = False,
    allow_hosts: Sequence[str] = (),
    mask_ids: bool = False,
    readonly: bool = False,
    save: Path | None = None,
    open_browser: bool = False,
) -> None:
    """Serve studies until interrupted; the link with its token goes to standard output.

    Parameters
    ----------
    studies
        Study folders; nothing outside them is ever read.
    config
        A configuration in place of the study's own; with one study only.
    host, behind_proxy, allow_hosts
        See `address_allowed`.
    port
        0 takes a free one.
    mask_ids
        Pseudonyms in place of subject identifiers, as in a masked report.
    readonly, save
        Write nothing; or where looks and configurations are saved.
    open_browser
        Open the link.

    Raises
    ------
    UsageError, InputError
        A folder that is none, an address that others can reach, a port that is taken.
    """
    hosts = address_allowed(host, behind_proxy=behind_proxy, allowed=allow_hosts)
    for place in studies:
        must_be_folder(place)
    if config is not None and len(studies) != 1:
        raise UsageError("--config is for one study; give each of several its codon12.toml")
    listening = _listening(host, port)
    port = listening.getsockname()[1]
    holdings = [Holding(p, number=i, config=config, mask_ids=mask_ids) for i, p in enumerate(studies, 1)]
    session = Session(holdings, readonly=readonly, save=save, mask_ids=mask_ids)
    door = Door(port, secure=behind_proxy)
    app = application(session, door, hosts=hosts)
    name = hosts[0] if behind_proxy else (f"[{host}]" if ":" in host else host)
    link = (
        f"https://{name}/open?token={door.token}" if behind_proxy else f"http://{name}:{port}/open?token={door.token}"
    )
    print(link, flush=True)  # noqa: T201 - the one result of this verb
    print("codon12 serve: the link lets one browser in, once; Ctrl-C ends the server.", file=sys.stderr)  # noqa: T201
    begun = threading.Timer(_BEGINS, _begin, (session, holdings))
    begun.daemon = True
    begun.start()
    if open_browser:
        webbrowser.open(link)
    settings = uvicorn.Config(
        app,
        http=Impatient,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="error",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=16 * 1024,
    )
    try:
        uvicorn.Server(settings).run(sockets=[listening])
    finally:
        begun.cancel()
        session.desk.close()
        listening.close()


def _begin(session: Session, holdings: Sequence[Holding]) -> None:
    for holding in holdings:
        routes.begin(session, holding)


def _listening(host: str, port: int) -> socket.socket:
    """Take the port before the link is printed, so that the link is true."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    own = socket.socket(family, socket.SOCK_STREAM)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        own.bind((host, port))
    except OSError as err:
        own.close()
        raise UsageError(f"port {port} of {host} cannot be used ({err.strerror}); choose another with --port") from None
    own.listen(_SOCKETS_WAITING)
    own.setblocking(False)
    return own
