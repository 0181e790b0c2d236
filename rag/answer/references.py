"""An answer → Markdown with footnotes, and the articles it cites as BibTeX and CSL-JSON."""

from __future__ import annotations

import re
from typing import Any, Final

from rag.answer.checks.differences import Given, unexplained
from rag.answer.markers import PATTERN, without
from rag.answer.texts import day, quoted, say
from rag.retrieve.lexical.analysis import fold
from rag.schema import EXTRACTIVE, Abstention, Answer, Citation, Source

_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>#|~]|&(?=#?\w+;))")
_HEADING: Final = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_BULLET: Final = r"^[ \t]*[-+*•] "
_LATEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def markdown(answer: Answer | Abstention) -> str:
    """Return question and answer with a footnote for each citation: quote, publisher, title, date, link."""
    lines = [f"# {_plain(answer.question)}", "", _body(answer)]
    if isinstance(answer, Abstention):
        lines += ["", _plain(answer.reason)]
    for said, reason in doubtful(answer):
        lines += ["", f"> {say('doubtful', answer.language)}: {_plain(said)} – {_plain(reason)}"]
    for told in differing(answer):
        lines += ["", f"> {_with_footnotes(told, answer)}"]
    for warning in answer.warnings:
        lines += ["", f"> {_plain(warning)}"]
    if answer.answered:
        lines += ["", f"*{_plain(_by(answer))}*"]
    lines += [line for one in answer.citations for line in ("", _footnote(one, answer.language))]
    return "\n".join(lines) + "\n"


def doubtful(answer: Answer | Abstention) -> list[tuple[str, str]]:
    """Return the statements that are not supported, without their markers, each with the reason in words."""
    return [
        (
            without(answer.text[one.span.start : one.span.end]).strip(),
            one.reason or say("support_none", answer.language),
        )
        for one in answer.statements
        if not one.supported
    ]


def differing(answer: Answer | Abstention) -> list[str]:
    """Return in words what the cited articles give different figures for, with the days and the markers."""
    told = []
    for one in unexplained(answer.citations):
        *figures, last = (_figure(given, answer.language) for given in one.figures)
        told.append(say("differing", answer.language, figures=", ".join(figures), last=last))
    return told


def bibtex(answer: Answer | Abstention) -> str:
    """Return the cited articles as BibTeX entries, each once, in the order of their first citation."""
    return "\n".join(_entry(key, source) for key, source in _cited(answer))


def csl(answer: Answer | Abstention) -> list[dict[str, Any]]:
    """Return the cited articles as CSL-JSON items (citationstyles.org, schema 1.0.2)."""
    return [_item(key, source) for key, source in _cited(answer)]


def _body(answer: Answer | Abstention) -> str:
    """Return the answer's text with its markers as footnotes; its bold type and bullets stay."""
    return _with_footnotes(_HEADING.sub(r"**\1**", answer.text), answer)


def _with_footnotes(text: str, answer: Answer | Abstention) -> str:
    known = {one.marker for one in answer.citations}

    def written(part: str) -> str:
        if part in known:
            return f"[^{part.strip('[]')}]"
        if re.fullmatch(_BULLET, part):
            return "- "
        return part if part == "**" else _plain(part)

    return "".join(map(written, re.split(rf"({PATTERN}|\*\*|{_BULLET})", text, flags=re.MULTILINE)))


def _figure(given: Given, language: str) -> str:
    days = (f"{day(one.source.published, language)} {one.marker}" for one in given.citations)
    return f"{say('quote', language, quote=given.text)} ({', '.join(days)})"


def _footnote(one: Citation, language: str) -> str:
    quote = " ".join(one.quote.split())
    title = quoted(" ".join(one.source.title.split()), language)
    about = ", ".join(filter(None, (one.source.publisher, title, day(one.source.published, language))))
    link = f" <{one.source.url}>" if _is_link(one.source.url) else ""
    found = f" ({say('found', language)})" if one.found else ""
    said = _plain(quoted(quote, language))
    return f"[^{one.marker.strip('[]')}]: {said} {_plain(about)}.{link}{found}"


def _by(answer: Answer | Abstention) -> str:
    name = "by_extractive" if answer.model == EXTRACTIVE else "by_model"
    return say(name, answer.language, model=answer.model)


def _plain(text: str) -> str:
    """Escape what Markdown would read as markup."""
    return _MARKDOWN.sub(r"\\\1", text)


def _is_link(url: str | None) -> bool:
    return url is not None and re.fullmatch(r"https?://[^\s<>]+", url) is not None


def _cited(answer: Answer | Abstention) -> list[tuple[str, Source]]:
    """Return the cited articles with a key each: who, when and the title's first word, made unique."""
    sources = {one.source.id: one.source for one in answer.citations}
    keyed: dict[str, Source] = {}
    for source in sources.values():
        who = next(iter(_authors(source)), source.publisher or "anon")
        when = source.published.isoformat().replace("-", "") if source.published else "nodate"
        parts = [(who.split() or ["anon"])[-1], when, *source.title.split()[:1]]
        key = "-".join(filter(None, (re.sub(r"[^a-z0-9]", "", fold(part.lower())) for part in parts)))
        unique, n = key, 1
        while unique in keyed:
            n += 1
            unique = f"{key}-{n}"
        keyed[unique] = source
    return list(keyed.items())


def _authors(source: Source) -> list[str]:
    """Return an article's authors one by one; a single comma may as well stand in one name."""
    line = " ".join((source.author or "").split())
    if ";" in line:
        named = line.split(";")
    elif re.search(r"\s(?:and|und|&)\s|,.*,", line):
        named = re.split(r",?\s+(?:and|und|&)\s+|,\s*", line)
    else:
        named = [line]
    return [one for one in map(str.strip, named) if one]


def _entry(key: str, source: Source) -> str:
    published = source.published
    fields = {
        "title": f"{{{_latex(source.title)}}}",
        "author": " and ".join(f"{{{_latex(one)}}}" for one in _authors(source)),
        "howpublished": _latex(source.publisher) if source.publisher else None,
        "year": str(published.year) if published else None,
        "month": str(published.month) if published else None,
        "date": published.isoformat() if published else None,
        "url": _bare(source.url) if source.url and _is_link(source.url) else None,
        "language": {"de": "ngerman", "en": "english"}.get(source.language, source.language),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def _bare(url: str) -> str:
    """Return an address that a BibTeX field can hold: braces in it would end the field."""
    return url.replace("{", "%7B").replace("}", "%7D")


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in " ".join(text.split()))


def _item(key: str, source: Source) -> dict[str, Any]:
    item: dict[str, Any] = {"id": key, "type": "article-newspaper", "title": " ".join(source.title.split())}
    if source.author:
        item["author"] = [{"literal": one} for one in _authors(source)]
    if source.publisher:
        item["container-title"] = source.publisher
    if source.published:
        day_parts = [source.published.year, source.published.month, source.published.day]
        item["issued"] = {"date-parts": [day_parts]}
    if _is_link(source.url):
        item["URL"] = source.url
    return item | {"language": source.language}
