"""Who may come in: the token of the printed link, exchanged once for a cookie that scripts cannot read."""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie

__all__ = ["TOKEN_BYTES", "Door"]

TOKEN_BYTES = 24


class Door:
    """The token of one run and the session it was exchanged for.

    The cookie carries the port in its name, since browsers share cookies between the ports of a machine.

    Examples
    --------
    >>> door = Door(8012)
    >>> cookie = door.exchange(door.token)
    >>> door.exchange(door.token) is None, door.knows(cookie.split(";")[0]), door.knows("")
    (True, True, False)
    """

    def __init__(self, port: int, *, secure: bool = False) -> None:
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self.name = f"codon12-{port}"
        self._session = secrets.token_urlsafe(TOKEN_BYTES)
        self._used = False
        self._secure = secure

    def exchange(self, token: str) -> str | None:
        """Give the ``Set-Cookie`` of the session for the token, once; None for a wrong or used one."""
        if self._used or not secrets.compare_digest(token.encode(), self.token.encode()):
            return None
        self._used = True
        flags = "; Secure" if self._secure else ""
        return f"{self.name}={self._session}; Path=/; HttpOnly; SameSite=Strict{flags}"

    def knows(self, cookies: str) -> bool:
        """Whether a ``Cookie`` header holds the session."""
        try:
            held = SimpleCookie(cookies)
        except CookieError:
            return False
        given = held.get(self.name)
        return given is not None and secrets.compare_digest(given.value.encode(), self._session.encode())
