"""Several people and processes at once; the page in other hands, lights and collections."""

import subprocess
from pathlib import Path

from playwright.sync_api import expect

from rag import settings
from rag.library import Library
from tests import processes
from tests.browser.conftest import Serve, Visit
from tests.browser.driver import MARK
from tests.conftest import Writer

ATTACK = '<img src="http://evil.example/x" onerror="window.hacked=1"><script>window.hacked=1</script>'


def test_two_people_never_see_each_others_conversation(visit: Visit) -> None:
    one, other = visit(), visit(locale="en-US")
    one.type("Was forderte Putin bezüglich der NATO?")
    other.type("Where did Rubio and Lavrov meet?")
    expect(one.answered()).to_contain_text("rechtlich bindende")
    expect(other.answered()).to_contain_text("The articles say")
    for visitor in (one, other):
        expect(visitor.page.locator(".qc-question")).to_have_count(1)
    assert "Where did" not in one.page.content()
    assert "Was forderte" not in other.page.locator("main").inner_html()
    one.page.reload()
    expect(one.page.locator(".qc-question")).to_have_text("Was forderte Putin bezüglich der NATO?")
    another = visit()
    expect(another.page.locator(".qc-question")).to_have_count(0)
    another.page.get_by_role("button", name="Gespräche").click()
    expect(another.page.locator("#qc-history .qc-open")).to_have_count(0)


def test_what_another_process_indexes_appears_without_reloading(
    visit: Visit, serve: Serve, store: Path, write: Writer
) -> None:
    article = write("biber.md", "# Biber am Fluss\n\nIm Flussdorf Auenbach leben seit 2023 genau 47 Biber.\n")
    with Library.open(settings.load(store=store)) as library:
        visitor = visit(serve(library))
        expect(visitor.page.locator(".qc-count")).to_have_text("22 Artikel")
        command = [*processes.RAG, "index", str(article), "--store", str(store)]
        subprocess.run(command, check=True, capture_output=True)
        expect(visitor.page.locator(".qc-count")).to_have_text("23 Artikel", timeout=20_000)
        visitor.ask("Wie viele Biber leben in Auenbach?")
        visitor.markers().first.click()
        assert "47 Biber" in visitor.highlighted()


def test_an_empty_collection_says_how_articles_get_in(visit: Visit, serve: Serve, empty: Library) -> None:
    visitor = visit(serve(empty))
    expect(visitor.page.locator(".qc-greeting")).to_contain_text("Fügen Sie Artikel hinzu")
    expect(visitor.page.locator("#qc-chat .examples button")).to_have_count(0)
    expect(visitor.ask("Was forderte Putin?").locator(".qc-notice")).to_contain_text("noch leer")


def test_a_hostile_article_is_only_text(visit: Visit, serve: Serve, empty: Library, write: Writer) -> None:
    fields = {
        "title": f"{ATTACK} Quallen",
        "publisher": ATTACK,
        "author": ATTACK,
        "url": "javascript:alert(1)",
    }
    front = "".join(f"{name}: '{value}'\n" for name, value in fields.items())
    body = f"Die Qualle heißt {ATTACK} ${{window.hacked=1}} {{{{constructor}}}} und lebt in Muschelhafen.\n"
    empty.index([write("hostile.md", f"---\n{front}---\n{body}")])
    visitor = visit(serve(empty))
    visitor.ask("Wo lebt die Qualle?")
    visitor.markers().first.click()
    assert "Muschelhafen" in visitor.highlighted()
    hostile = visitor.page.locator("#qc-page").locator("img, script, iframe, [onerror], a[href^=javascript]")
    expect(hostile).to_have_count(0)
    assert visitor.evaluate("window.hacked") is None


def test_the_page_fits_every_screen_and_light(visit: Visit) -> None:
    visitor = visit(reduced_motion="reduce")
    visitor.ask("Was forderte Putin bezüglich der NATO?")
    for width, height in ((360, 740), (768, 1024), (1920, 1080)):
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.markers().first.click()
        visitor.highlighted()
        assert visitor.in_view(MARK)
        assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert visitor.evaluate("getComputedStyle(document.querySelector('mark')).animationName") == "none"
        for scheme in ("light", "dark"):
            visitor.page.emulate_media(color_scheme=scheme)
            reader = visitor.page.locator("#qc-reader")
            ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(28, 31, 35)"}[scheme]
            expect(reader).to_have_css("background-color", ground)
            assert visitor.in_view(MARK)
        visitor.page.keyboard.press("Escape")
        expect(visitor.page.locator("#qc-reader article")).to_have_count(0)
