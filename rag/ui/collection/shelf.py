"""What the collection view asks of the server: the list, adding with progress, editing, removing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr
from gradio.utils import get_upload_folder

from rag.errors import InputError, LimitError, NotFoundError, QuellenchatError
from rag.schema import Filter
from rag.ui.collection import forms, listing
from rag.ui.collection.adding import Adding
from rag.ui.collection.progress import progress_markup
from rag.ui.conversation.messages import error_markup
from rag.ui.door import caller
from rag.ui.texts.languages import Texts
from rag.ui.texts.problems import sentences

if TYPE_CHECKING:
    from rag.library import Library

_LOG: Final = logging.getLogger(__name__)
Reply = dict[str, Any]


TextsOf = Callable[[gr.Request], Texts]


def functions(
    library: Library, texts_of: TextsOf, work: Callable[[], AbstractContextManager[None]]
) -> list[Callable[..., Reply]]:
    """Return the functions that the browser may call for the collection view; readers may only list."""

    def list_articles(asked: Any, request: gr.Request) -> Reply:
        return _guarded(lambda: _listed(library, asked, texts_of(request)), texts_of(request))

    return [list_articles, *_adding(library, texts_of, work), *_editing(library, texts_of)]


def _adding(
    library: Library, texts_of: TextsOf, work: Callable[[], AbstractContextManager[None]]
) -> list[Callable[..., Reply]]:
    adding = Adding(library, library.settings.store, work, library.settings.adding_at_once)

    def started(gather: Callable[[], list[str | Path]], request: gr.Request) -> Reply:
        def start() -> Reply:
            return {"run": adding.start(gather, caller.of(request).key)}

        return _edited(request, start, texts_of(request))

    def add_files(asked: Any, request: gr.Request) -> Reply:
        def files() -> list[str | Path]:
            most = library.settings.upload_files
            if len(asked["files"]) > most:
                raise LimitError(f"more than {most} files at once", hint="add them in several goes")
            return [adding.keep(_uploaded(one), str(one["name"])) for one in asked["files"]]

        return started(files, request)

    def add_text(asked: Any, request: gr.Request) -> Reply:
        def file() -> list[str | Path]:
            fields = {str(name): str(value) for name, value in asked.items() if name != "text"}
            return [adding.write(str(asked.get("text", "")), fields)]

        return started(file, request)

    def add_address(asked: Any, request: gr.Request) -> Reply:
        return started(lambda: [_address(asked)], request)

    def adding_progress(name: Any, request: gr.Request) -> Reply:
        run = adding.run(str(name))
        if run is None:
            return {"finished": True, "markup": ""}
        finished = run.finished.is_set()
        return {"finished": finished, "markup": progress_markup(run, texts_of(request))}

    return [add_files, add_text, add_address, adding_progress]


def _editing(library: Library, texts_of: TextsOf) -> list[Callable[..., Reply]]:
    def edit_form(article: Any, request: gr.Request) -> Reply:
        texts = texts_of(request)

        def form() -> Reply:
            return {"markup": forms.edit_fields(library.article(str(article)).source, texts)}

        return _edited(request, form, texts)

    def edit_article(asked: Any, request: gr.Request) -> Reply:
        def edit() -> Reply:
            changes = {str(name): str(value) for name, value in asked["changes"].items()}
            library.edit(str(asked["article"]), changes)
            return {}

        return _edited(request, edit, texts_of(request))

    def remove_article(article: Any, request: gr.Request) -> Reply:
        def remove() -> Reply:
            library.remove([str(article)])
            return {}

        return _edited(request, remove, texts_of(request))

    return [edit_form, edit_article, remove_article]


def _listed(library: Library, asked: Any, texts: Texts) -> Reply:
    """Return the list; without the choices of its filters where it is only `searched` otherwise."""
    given: Mapping[str, Any] = asked if isinstance(asked, Mapping) else {}
    chosen = listing.chosen_filter(given)
    shown = min(max(int(given.get("shown") or 0), listing.PAGE), listing.SHOWN_AT_MOST)
    listed = library.listed(chosen, str(given.get("words", "")), shown)
    empty = not listed.found and not library.count()
    markup = listing.entries(listed, texts) or listing.nothing(texts, empty=empty)
    reply = {
        "markup": markup,
        "empty": empty,
        "status": "" if empty else texts.articles(listed.found),
        "chip": listing.chip(chosen, listed.admitted, _undated(library, chosen), texts),
    }
    if not given.get("searched"):
        reply["publishers"] = listing.options(library.publishers(), chosen.publishers, texts)
        reply["languages"] = listing.options(library.languages(), chosen.languages, texts, languages=True)
    return reply


def _undated(library: Library, chosen: Filter) -> int:
    try:
        return library.undated(chosen)
    except NotFoundError:  # a publisher that has gone meanwhile stays chosen and simply admits nothing
        return 0


def _address(asked: Any) -> str:
    address = str(asked.get("url", "")).strip()
    if not address.startswith(("http://", "https://")):
        raise InputError("this is no web address", hint="write it like https://example.org/news")
    return address


def _uploaded(one: Any) -> Path:
    """Return the path of a file that the browser has uploaded, and of no other file of this machine.

    Raises:
        InputError: the path lies elsewhere.
    """
    folder = Path(get_upload_folder()).resolve()
    path = Path(str(one["path"])).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise InputError("the file was not uploaded", hint="drop it again")
    return path


def _edited(request: gr.Request, work: Callable[[], Reply], texts: Texts) -> Reply:
    """Return what the work of an editor returns, or what to tell a person who is none."""

    def work_of_an_editor() -> Reply:
        caller.editors_only(request)
        return work()

    return _guarded(work_of_an_editor, texts)


def _guarded(work: Callable[[], Reply], texts: Texts) -> Reply:
    """Return what the work returns, or what to tell the person where it fails."""
    try:
        return work()
    except QuellenchatError as error:
        words = sentences(str(error), error.hint, texts)
        return {"error": words, "markup": error_markup(error, texts)}
    except Exception as error:
        if not isinstance(error, (KeyError, TypeError, ValueError)):  # which any order can be the cause of
            _LOG.exception("the collection's view could not be served")
        return {"error": texts.unexpected, "markup": error_markup(error, texts)}
