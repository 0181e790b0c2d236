"""Who a request comes from: a session's cookie, or name and password with each request of a program."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from math import ceil
from typing import Final
from urllib.parse import quote, urlsplit

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from rag.access.limits import Delays
from rag.access.people import ANYONE, NAME_CHARS, People, Person, plain
from rag.access.sessions import Sessions
from rag.errors import SettingsError
from rag.ui.door import caller
from rag.ui.door.asgi import App, Receive, Scope, Send, at_most, header, path_of
from rag.ui.door.caller import Caller
from rag.ui.door.sign_in import sign_in_page
from rag.ui.texts.languages import LANGUAGES, Texts, choose

_LOG: Final = logging.getLogger(__name__)
_PUBLIC: Final = ("/login", "/healthz", "/readyz", "/favicon.ico", "/robots.txt")
_FILES: Final = ("/page/", "/static/fonts/")  # the login page has its style and its fonts from there
_FORM_BYTES: Final = 20_000
_AT_ONCE: Final = 2  # passwords checked at the same time: each takes 64 MiB
_WAITING: Final = 60  # with those, about two seconds; nobody else's work waits for them
_BASIC_S: Final = 300.0  # for so long a program's password is not hashed again
_BASIC_KEPT: Final = 1_000


class LoginError(Exception):
    """A name and a password that are not let in; `wait_s` says for how long nothing else is either."""

    def __init__(self, wait_s: float = 0.0) -> None:
        super().__init__("wrong name or password")
        self.wait_s = wait_s


class Keys:
    """What a login is checked against."""

    def __init__(self, people: People, sessions: Sessions) -> None:
        self.people = people
        self.sessions = sessions
        self.cookie = f"qc_session_{sessions.mark}"  # cookies of all ports of a host lie in one jar
        self._delays = Delays()
        self._turns = anyio.CapacityLimiter(_AT_ONCE)
        self._checking = 0
        self._salt = secrets.token_bytes(16)
        self._basic: OrderedDict[bytes, tuple[str, str, float]] = OrderedDict()

    async def check(self, name: str, password: str, address: str) -> Person:
        """Return the person whose name and password these are.

        Raises:
            LoginError: they are nobody's, or too many others were tried just now.
        """
        tried = plain(name)[:NAME_CHARS]  # however it is written it is one name
        crowded = self._checking >= _WAITING
        if wait := 1.0 if crowded else self._delays.attempt(tried, address):
            _LOG.warning("login delayed", extra={"address": address, "wait_s": ceil(wait)})
            raise LoginError(wait)
        self._checking += 1
        try:
            person = await anyio.to_thread.run_sync(self.people.check, name, password, limiter=self._turns)
        finally:
            self._checking -= 1
        if person is None:  # what was typed as a name may be a password: it is told only where it is known
            known = self.people.person(name)
            _LOG.warning("login refused", extra={"address": address, "person": known.name if known else None})
            raise LoginError
        self._delays.passed(tried, address)
        return person

    async def basic(self, given: str, address: str) -> Person:
        """Return whose name and password a program sends with its request (RFC 7617).

        Raises:
            LoginError: they are nobody's, or too many others were tried just now.
        """
        digest = hashlib.sha256(self._salt + given.encode()).digest()
        name, mark, until = self._basic.get(digest, ("", "", 0.0))
        if time.monotonic() < until and (known := self.people.person(name)) and known.mark == mark:
            return known
        try:
            decoded = base64.b64decode(given, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise LoginError from None
        name, _, password = decoded.partition(":")
        person = await self.check(name, password, address)
        self._basic[digest] = (person.name, person.mark, time.monotonic() + _BASIC_S)
        while len(self._basic) > _BASIC_KEPT:
            self._basic.popitem(last=False)
        return person


class Login:
    """ASGI middleware: notes who sent a request, and lets nobody past who is not known.

    Without keys nobody has to log in.
    """

    def __init__(self, app: App, keys: Keys | None) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its caller, or ask for a login."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        address = client[0] if client else ""
        app: App = self._app
        if self._keys is None:
            caller.note(scope, Caller(ANYONE, address))
        else:
            refusal = await _admitted(self._keys, scope, address)
            if refusal is None and path_of(scope) in ("/login", "/logout"):
                refusal = await _at_the_desk(self._keys, Request(scope, at_most(receive, _FORM_BYTES)))
            app = refusal or app
        await app(scope, receive, send)


async def _admitted(keys: Keys, scope: Scope, address: str) -> Response | None:
    """Note who sent a request; return what to answer where that is nobody and the address is not public."""
    request = Request(scope)
    token = request.cookies.get(keys.cookie, "")
    kind, _, given = header(scope, b"authorization").partition(" ")
    try:
        if kind.lower() == "basic":
            person: Person | None = await keys.basic(given.strip(), address)
        else:
            person = keys.sessions.person(token) if token else None
    except LoginError as wrong:
        return _told_program(wrong)
    except SettingsError as error:
        _LOG.error("the people cannot be read", extra={"reason": type(error).__name__})
        return JSONResponse({"error": "nobody can log in now"}, 503)
    path = path_of(scope)
    if person is None:
        person = Person("", ANYONE.role.READER)
        if not (path in _PUBLIC or path.startswith(_FILES) or path == "/logout"):
            return _ask(request)
    caller.note(scope, Caller(person, address, token))
    return None


def _ask(request: Request) -> Response:
    """Lead a person to the login, and tell a program that it needs one."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        query = f"?{request.url.query}" if request.url.query else ""
        following = quote(path_of(request.scope) + query, safe="")
        return RedirectResponse(f"{_root(request)}/login?next={following}", 303)
    return JSONResponse({"error": "log in first", "detail": "Not authenticated"}, 401)


async def _at_the_desk(keys: Keys, request: Request) -> Response:
    """Answer at `/login` and `/logout`."""
    if path_of(request.scope) == "/logout":
        if request.method != "POST":
            return Response(status_code=405)
        return _left(keys, request)
    following = _inside(request.query_params.get("next", ""))
    if request.method == "POST":
        return await _entered(keys, request, following)
    if caller.of(request).person.name:
        return RedirectResponse(_root(request) + following, 303)
    response = HTMLResponse(_page(request, following))
    if (language := request.query_params.get("language")) in LANGUAGES:
        response.set_cookie("qc_language", language, max_age=31_536_000, samesite="strict", path="/")
    return response


async def _entered(keys: Keys, request: Request, following: str) -> Response:
    """Check what was typed, and begin a session."""
    wants_page = "text/html" in request.headers.get("accept", "")
    try:
        form = await request.form(max_files=0, max_fields=4)
    except (ClientDisconnect, HTTPException):
        return Response("not a login form\n", 400)
    name, password = str(form.get("username", "")), str(form.get("password", ""))
    address = caller.of(request).address
    try:
        person = await keys.check(name, password, address)
    except LoginError as wrong:
        if not wants_page:
            return _told_program(wrong)
        markup = _page(request, following, name=name, wait_s=wrong.wait_s, wrong=True)
        return HTMLResponse(markup, 429 if wrong.wait_s else 401, headers=_retry(wrong.wait_s))
    _LOG.info("login", extra={"person": person.name, "address": address})
    response: Response = JSONResponse({"success": True})
    if wants_page:
        response = RedirectResponse(_root(request) + following, 303)
    response.set_cookie(
        keys.cookie, keys.sessions.begin(person), max_age=keys.sessions.seconds, path=_root(request) or "/",
        secure=request.url.scheme == "https", httponly=True, samesite="lax",
    )  # fmt: skip
    return response


def _left(keys: Keys, request: Request) -> Response:
    known = caller.of(request)
    keys.sessions.end(known.token)
    _LOG.info("logout", extra={"person": known.person.name, "address": known.address})
    response = RedirectResponse(f"{_root(request)}/login", 303)
    response.delete_cookie(keys.cookie, path=_root(request) or "/", httponly=True, samesite="lax")
    return response


def _page(
    request: Request, following: str, *, name: str = "", wait_s: float = 0.0, wrong: bool = False
) -> str:
    texts = _texts(request.query_params, request)
    return sign_in_page(texts, _root(request), following, name=name, wait_s=ceil(wait_s), wrong=wrong)


def _texts(asked: Mapping[str, str], request: Request) -> Texts:
    chosen = asked.get("language") or request.cookies.get("qc_language")
    return choose(chosen or request.headers.get("accept-language"))


def _told_program(wrong: LoginError) -> Response:
    if wrong.wait_s:
        wait = ceil(wrong.wait_s)
        return JSONResponse({"error": f"too many attempts; wait {wait} seconds"}, 429, _retry(wait))
    return JSONResponse({"error": "wrong name or password"}, 401)


def _retry(wait_s: float) -> dict[str, str]:
    return {"retry-after": str(ceil(wait_s))} if wait_s else {}


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _inside(following: str) -> str:
    """Return where to go after the login, the page itself where that would lead elsewhere."""
    try:
        parts = urlsplit(following)
    except ValueError:
        return "/"
    outside = parts.scheme or parts.netloc or "\\" in following or not following.startswith("/")
    return "/" if outside or following.startswith("//") or parts.path.startswith("/log") else following
