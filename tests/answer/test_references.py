"""Check the exports of an answer: Markdown with footnotes, BibTeX, CSL-JSON."""

import re
from dataclasses import replace
from datetime import date

from rag.answer.references import bibtex, csl, markdown
from rag.library import Library
from rag.schema import Abstention, Answer, Citation, Source, Span, Statement

SOURCE = Source(
    id="a", title="50 % mehr für R&D_Projekte", language="de", publisher="Blatt", author="Änne Groß",
    published=date(2021, 12, 7), url="https://blatt.example/1",
)  # fmt: skip
OTHER = Source(id="b", title="*Eil* <b>News</b>", language="en", url="javascript:alert(1)")
TEXT = "Es war **so** [1]. Und <img src=x> auch [2]. Das nicht."
ANSWER = Answer(
    question="Was *war*?", language="de", query="Was war?", text=TEXT, model="m",
    citations=(
        Citation("[1]", SOURCE, Span(0, 9), "Es ist_so", 0.9),
        Citation("[2]", OTHER, Span(0, 4), "It's", 0.8, found=True),
        Citation("[3]", SOURCE, Span(10, 14), "Auch", 0.8),
    ),
    statements=(Statement(Span(45, 55), (), 0.0, "Kein Satz belegt das."),),
)  # fmt: skip


def test_markdown_has_a_footnote_for_each_citation() -> None:
    """Write quote, publisher, date and link, and nothing that Markdown would run or hide."""
    written = markdown(ANSWER)
    assert "Es war **so** [^1]. Und \\<img src=x\\> auch [^2]." in written
    assert (
        "[^1]: „Es ist\\_so“ Blatt, „50 % mehr für R&D\\_Projekte“, 7. Dezember 2021. <https://blatt.example/1>"
        in written
    )
    assert "automatisch gefunden" in written
    assert "javascript" not in written
    assert "Nicht belegt: Das nicht. – Kein Satz belegt das." in written
    assert len(re.findall(r"^\[\^\d\]:", written, re.MULTILINE)) == 3


def test_what_a_model_lays_out_stays_laid_out_and_all_else_is_text() -> None:
    """Keep headings, bullets and numbers; strike nothing out, and decode nothing."""
    text = "### Kopf\n\n* eins [1]\n• zwei\n1. drei\n\n~~Weg~~ &amp; R&D *so*"
    written = markdown(replace(ANSWER, text=text, statements=()))
    assert "**Kopf**\n\n- eins [^1]\n- zwei\n1. drei\n\n" in written
    assert "\\~\\~Weg\\~\\~ \\&amp; R&D \\*so\\*" in written


def test_an_abstention_is_written_with_its_reason() -> None:
    """Say that the articles do not say, and why."""
    abstention = Abstention(
        question="Was?", language="de", query="Was?", text="Nichts dazu.", reason="Zu fern."
    )
    assert "Nichts dazu.\n\nZu fern." in markdown(abstention)
    assert "Zitate" not in markdown(abstention)
    assert (bibtex(abstention), csl(abstention)) == ("", [])


def test_bibtex_lists_each_article_once() -> None:
    """Escape what LaTeX would run, keep unsafe addresses out."""
    written = bibtex(ANSWER)
    assert written.count("@misc{") == 2
    assert "@misc{gross-20211207-50," in written
    assert r"title = {{50 \% mehr für R\&D\_Projekte}}," in written
    assert "url = {https://blatt.example/1}," in written
    assert "javascript" not in written
    assert written.count("{") == written.count("}")


def test_odd_addresses_and_names_do_not_break_an_entry() -> None:
    """Keep the braces of an address from ending its field, and do without a name that is blank."""
    odd = replace(SOURCE, url="https://blatt.example/{a}b}", publisher=" ", author=None)
    written = bibtex(replace(ANSWER, citations=(Citation("[1]", odd, Span(0, 2), "Es", 0.9),)))
    assert "url = {https://blatt.example/%7Ba%7Db%7D}," in written
    assert written.startswith("@misc{anon-")


def test_csl_lists_each_article_once() -> None:
    """Give what a reference manager reads."""
    first, second = csl(ANSWER)
    assert first["issued"] == {"date-parts": [[2021, 12, 7]]}
    assert (first["container-title"], first["URL"], first["language"]) == (
        "Blatt",
        "https://blatt.example/1",
        "de",
    )
    assert "URL" not in second
    assert first["id"] != second["id"]


def test_authors_are_told_apart() -> None:
    """Give reference managers each author, and a name with a comma as one."""
    named = [
        "Ida Holm, Tom Bree and Ann Lee",
        "Ida Holm und Tom Bree",
        "Holm, Ida",
        "dpa",
        "Holm, Ida; Bree, Tom",
    ]
    made = [replace(ANSWER, citations=(replace(ANSWER.citations[0], source=replace(SOURCE, author=one)),))
            for one in named]  # fmt: skip
    assert [[who["literal"] for who in csl(one)[0]["author"]] for one in made] == [
        ["Ida Holm", "Tom Bree", "Ann Lee"], ["Ida Holm", "Tom Bree"], ["Holm, Ida"], ["dpa"],
        ["Holm, Ida", "Bree, Tom"],
    ]  # fmt: skip
    assert "author = {{Ida Holm} and {Tom Bree} and {Ann Lee}}," in bibtex(made[0])
    assert "@misc{holm-20211207-50," in bibtex(made[0])


def test_a_title_over_two_lines_stays_in_its_footnote() -> None:
    """Write no line that Markdown would take for another paragraph or list."""
    source = replace(SOURCE, title="Eins\n2. Zwei")
    written = markdown(replace(ANSWER, citations=(replace(ANSWER.citations[0], source=source),)))
    assert "„Eins 2. Zwei“" in written


def test_keys_are_unique() -> None:
    """Tell two articles of one author and day apart."""
    twin = replace(SOURCE, id="c")
    both = replace(ANSWER, citations=(ANSWER.citations[0], Citation("[2]", twin, Span(0, 1), "E", 1.0)))
    assert len({item["id"] for item in csl(both)}) == 2


def test_a_real_answer_is_exported(samples: Library) -> None:
    """Write every citation of an answer from the sample collection."""
    answer = samples.ask("Was forderte Putin bezüglich der NATO?")
    written = markdown(answer)
    for citation in answer.citations:
        assert f"[^{citation.marker.strip('[]')}]:" in written
    assert len(csl(answer)) == len({one.source.id for one in answer.citations})
