"""The page's address: it names the article that is open and the sentence, can be shared, and leads back."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import expect

from rag.library import Library
from tests.browser.conftest import Serve, Visit
from tests.browser.driver import MARK, Visitor
from tests.conftest import Writer

QUESTION = "Was forderte Putin bezüglich der NATO?"


def named(visitor: Visitor) -> dict[str, str]:
    """Return what the page's address names."""
    return {name: values[0] for name, values in parse_qs(urlsplit(visitor.page.url).query).items()}


def test_a_marker_writes_its_sentence_into_the_address_and_back_closes_it(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.markers().first.click()
    visitor.highlighted()
    place = visitor.place("1-1")
    assert named(visitor) == {name: place[name] for name in ("article", "start", "end", "check")}
    visitor.page.get_by_role("button", name="Nächste Textstelle").click()
    expect(visitor.page.locator(MARK)).to_have_text(visitor.place("1-2")["quote"])
    assert named(visitor)["start"] == visitor.place("1-2")["start"]
    visitor.page.go_back()
    expect(visitor.page.locator("#qc-reader article")).to_have_count(0)
    assert named(visitor) == {}
    expect(visitor.page.locator("#qc-chat .qc-question")).to_have_count(1)
    visitor.page.go_forward()
    expect(visitor.page.locator(MARK)).to_have_text(visitor.place("1-2")["quote"])
    expect(visitor.page.locator(".qc-position")).not_to_be_empty()


def test_forward_opens_the_article_that_the_address_names_in_another_conversation_too(visit: Visit) -> None:
    visitor = visit()
    visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
    visitor.markers().first.click()
    quote = visitor.highlighted()
    address = visitor.page.url
    visitor.page.go_back()
    visitor.page.click("#qc-new")
    visitor.page.locator("#qc-chat .qc-greeting").wait_for()
    visitor.ask(QUESTION)
    visitor.page.go_forward()
    assert visitor.highlighted() == quote != ""
    assert visitor.page.url == address
    assert visitor.place("1-1")["article"] != named(visitor)["article"]


def test_escape_leaves_no_step_behind(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    before = visitor.evaluate("history.length")
    for number in (0, 1, 0):
        visitor.markers().nth(number).click()
        visitor.highlighted()
        visitor.page.keyboard.press("Escape")
        expect(visitor.page.locator("#qc-reader article")).to_have_count(0)
    expect(visitor.page).not_to_have_url(re.compile(r"\?"))  # the browser goes back in its own time
    assert visitor.evaluate("history.length") == before + 1


def test_a_shared_address_opens_the_article_at_the_sentence(visit: Visit, samples: Library) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    visitor.ask(QUESTION)
    visitor.markers().first.click()
    visitor.highlighted()
    place = visitor.place("1-1")
    visitor.page.get_by_role("button", name="Link zur Stelle kopieren").click()
    expect(visitor.page.get_by_role("button", name="Link kopiert")).to_be_visible()
    assert visitor.evaluate("navigator.clipboard.readText()") == visitor.page.url
    for size in ((1280, 800), (360, 740)):
        other = visit(visitor.page.url, size=size, locale="en-GB")
        assert other.highlighted() == place["quote"]
        assert other.in_view(MARK)
        source = samples.article(place["article"]).source
        expect(other.page.locator("#qc-reader h2")).to_have_text(source.title)
        expect(other.page.locator("#qc-reader .qc-meta")).to_contain_text(str(source.publisher))
        assert other.page.locator("#qc-reader .qc-original").get_attribute("href") == source.url
        other.page.keyboard.press("Escape")
        expect(other.page.locator("#qc-reader article")).to_have_count(0)
        assert named(other) == {}


def test_an_address_that_names_nothing_says_so(visit: Visit, samples_page: str) -> None:
    other = visit(f"{samples_page}?{urlencode({'article': 'gone.md', 'start': 1, 'end': 2})}")
    expect(other.page.locator("#qc-reader .qc-error")).to_contain_text("gone.md")


def test_a_place_behind_the_end_of_an_article_says_so(
    visit: Visit, samples: Library, samples_page: str
) -> None:
    article = samples.articles()[0].id
    address = f"{samples_page}?{urlencode({'article': article, 'start': 9_000_000, 'end': 9_000_009})}"
    other = visit(address)
    expect(other.page.locator("#qc-reader .qc-note")).to_contain_text("nicht mehr")


def test_the_arrows_lead_from_citation_to_citation(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.markers().first.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(MARK)).to_be_focused()
    visitor.page.keyboard.press("ArrowRight")
    expect(visitor.page.locator(MARK)).to_have_text(visitor.place("1-2")["quote"])
    visitor.page.keyboard.press("ArrowLeft")
    expect(visitor.page.locator(MARK)).to_have_text(visitor.place("1-1")["quote"])
    expect(visitor.page.locator(MARK)).to_be_focused()


def test_a_passage_that_was_read_is_found_where_it_stands_now(
    visit: Visit, serve: Serve, empty: Library, write: Writer
) -> None:
    path = write("biber.md", "# Biber am Fluss\n\nIm Flussdorf Auenbach leben seit 2023 genau 47 Biber.\n")
    empty.index([path])
    visitor = visit(serve(empty))
    visitor.ask("Wer gewann 1954 die Fußball-Weltmeisterschaft?").locator(".qc-more").click()
    visitor.page.locator("#qc-panel .qc-read h3 a").click()
    shaded = visitor.page.locator("#qc-reader .qc-shaded").last
    expect(shaded).to_contain_text("47 Biber")
    assert set(named(visitor)) == {"article", "from", "to", "check"}
    added = "Ein Nachtrag der Redaktion steht seit Montag über diesem Text.\n\n"
    path.write_text(added + path.read_text(encoding="utf-8"), encoding="utf-8")
    empty.index([path])
    visitor.page.reload()
    expect(shaded).to_contain_text("47 Biber")
    path.write_text("# Biber am Fluss\n\nHier steht etwas ganz anderes über den Fluss.\n", encoding="utf-8")
    empty.index([path])
    visitor.page.reload()
    expect(visitor.page.locator("#qc-reader .qc-note")).to_contain_text("seither geändert")
    expect(visitor.page.locator("#qc-reader .qc-shaded")).to_have_count(0)
