"""The collection view: search, filters that limit the answers, adding while others ask, removing."""

import json
import re
from pathlib import Path

from playwright.sync_api import Route, expect

from rag import settings
from rag.library import Library
from tests.browser.conftest import Serve, Visit
from tests.browser.driver import Visitor
from tests.conftest import Writer

BEAVERS = "# Biber am Fluss\n\nIm Flussdorf Auenbach leben seit 2023 genau 47 Biber.\n"


def shelf(visitor: Visitor) -> Visitor:
    """Open the collection and wait for its list."""
    visitor.page.locator("#qc-masthead [data-view=collection]").click()
    expect(visitor.page.locator(".qc-list > *")).not_to_have_count(0)
    return visitor


def files(visitor: Visitor, *paths: Path) -> None:
    """Choose files in the dialog that adds."""
    visitor.page.locator(".qc-collection-head .qc-add").click()
    visitor.page.set_input_files("#qc-adding input[type=file]", [str(path) for path in paths])


def test_the_list_is_searched_and_an_article_opened(visit: Visit, samples: Library) -> None:
    visitor = shelf(visit())
    titles = visitor.page.locator(".qc-articles h3")
    expect(titles).to_have_count(22)
    visitor.page.fill("[name=search]", "videogipfel STUNDEN lang")
    expect(titles).to_have_count(1)
    expect(visitor.page.locator(".qc-list-status")).to_have_text("1 Artikel")
    titles.locator("a").click()
    expect(visitor.page.locator("#qc-reader h2")).to_have_text(titles.text_content() or "")
    assert "article=" in visitor.page.url
    visitor.page.go_back()
    expect(visitor.page.locator("#qc-reader article")).to_have_count(0)
    visitor.page.fill("[name=search]", "gibt es nicht")
    expect(visitor.page.locator(".qc-list .qc-empty")).to_contain_text("Kein Artikel")


def test_a_filter_limits_list_and_answers_until_it_is_lifted(visit: Visit, samples: Library) -> None:
    visitor = shelf(visit())
    visitor.page.fill("[name=until]", "2022-12-31")
    visitor.page.locator("select[name=language]").select_option("en")
    wanted = [
        one
        for one in samples.articles()
        if one.published and one.published.year <= 2022 and one.language == "en"
    ]
    expect(visitor.page.locator(".qc-articles h3")).to_have_count(len(wanted))
    visitor.page.locator("#qc-masthead [data-view=conversation]").click()
    chip = visitor.page.locator("#qc-limit .qc-chip")
    expect(chip).to_contain_text("Nur aus: Englisch · bis 31. Dezember 2022")
    visitor.ask("What did Putin demand regarding NATO?")
    read = visitor.page.locator("#qc-panel [data-article]").evaluate_all(
        "entries => entries.map(entry => entry.dataset.article)"
    )
    assert read and set(read) <= {one.id for one in wanted}
    visitor.page.reload()
    expect(chip).to_be_visible()
    chip.get_by_role("button", name="Aufheben").click()
    expect(chip).to_have_count(0)


def test_files_are_added_with_what_failed_named_while_another_asks(
    visit: Visit, serve: Serve, store: Path, tmp_path: Path
) -> None:
    good, bad = tmp_path / "biber.md", tmp_path / "leer.txt"
    good.write_text(BEAVERS, encoding="utf-8")
    bad.write_text(" \n", encoding="utf-8")
    with Library.open(settings.load(store=store)) as library:
        address = serve(library)
        one, other = shelf(visit(address)), visit(address)
        other.type("Was forderte Putin bezüglich der NATO?")
        files(one, good, bad)
        outcome = one.page.locator("#qc-adding .qc-progress")
        expect(outcome).to_contain_text("1 neu, 1 nicht lesbar", timeout=30_000)
        expect(outcome).to_contain_text("leer.txt – ")
        expect(outcome).to_contain_text("kein Text")
        expect(other.answered()).to_contain_text("rechtlich bindende")
        assert "biber" not in other.page.locator("#qc-left").inner_html().lower()
        one.page.keyboard.press("Escape")
        expect(one.page.locator(".qc-count")).to_have_text("23 Artikel")
        expect(one.page.locator(".qc-articles h3")).to_have_count(23)
        one.page.locator("#qc-masthead [data-view=conversation]").click()
        one.ask("Wie viele Biber leben in Auenbach?")
        one.markers().first.click()
        assert "47 Biber" in one.highlighted()
        assert Path(library.article("biber.md").source.origin).is_relative_to(store)


def test_text_is_pasted_into_an_empty_collection_and_removed_again(
    visit: Visit, serve: Serve, empty: Library
) -> None:
    visitor = visit(serve(empty))
    visitor.page.locator(".qc-greeting .qc-add").click()
    dialog = visitor.page.locator("#qc-adding")
    dialog.locator("summary").click()
    dialog.locator("textarea").fill("Im Flussdorf Auenbach leben seit 2023 genau 47 Biber.")
    dialog.locator(".qc-from-text [name=title]").fill('Biber: "am" Fluss <b>')
    dialog.locator(".qc-from-text [name=published]").fill("2023-05-06")
    dialog.locator(".qc-from-text button").click()
    expect(dialog.locator(".qc-progress")).to_contain_text("1 neu", timeout=30_000)
    visitor.page.keyboard.press("Escape")
    article = visitor.page.locator(".qc-articles > li")
    expect(article).to_contain_text('Biber: "am" Fluss <b>')
    expect(article).to_contain_text("6. Mai 2023")
    article.get_by_role("button", name="Entfernen").click()
    confirm = visitor.page.locator("#qc-removing")
    expect(confirm).to_contain_text("Biber")
    confirm.get_by_role("button", name="Behalten").click()
    assert empty.count() == 1
    article.get_by_role("button", name="Entfernen").click()
    confirm.get_by_role("button", name="Entfernen").click()
    expect(visitor.page.locator(".qc-list .qc-empty")).to_contain_text("noch leer")
    assert empty.count() == 0
    expect(visitor.page.locator(".qc-count")).to_have_text("0 Artikel")


def test_files_are_dropped_anywhere(visit: Visit, serve: Serve, empty: Library) -> None:
    visitor = visit(serve(empty))
    dragged = visitor.page.evaluate_handle(
        """text => {
            const dragged = new DataTransfer();
            dragged.items.add(new File([text], "biber.md", {type: "text/markdown"}));
            return dragged;
        }""",
        BEAVERS,
    )
    for kind in ("dragover", "drop"):
        visitor.page.dispatch_event("#qc-chat", kind, {"dataTransfer": dragged})
    expect(visitor.page.locator("#qc-adding .qc-progress")).to_contain_text("1 neu", timeout=30_000)
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator(".qc-articles h3")).to_have_count(1)
    assert empty.article("biber.md").text.endswith("47 Biber.")


def test_what_is_known_of_an_article_is_corrected_and_stays(
    visit: Visit, serve: Serve, empty: Library, tmp_path: Path
) -> None:
    path = tmp_path / "biber.txt"
    path.write_text(BEAVERS.removeprefix("# ") + "\nStand: 07.12.2021\n", encoding="utf-8")
    empty.index([path])
    assert "published" in empty.article("biber.txt").source.guessed
    visitor = shelf(visit(serve(empty)))
    article = visitor.page.locator(".qc-articles > li")
    expect(article.locator(".qc-guessed")).to_contain_text("Aus dem Text vermutet: Titel")
    article.locator("h3 a").click()
    head = visitor.page.locator("#qc-reader article")
    expect(head.locator(".qc-guessed")).to_have_text("Aus dem Text vermutet: Titel, Datum, Sprache")
    article.get_by_role("button", name="Bearbeiten").click()
    form = visitor.page.locator("#qc-editing form")
    form.locator("[name=title]").fill("Biber <b>kehren</b> zurück")
    form.locator("[name=publisher]").fill("Auenblatt")
    form.locator("[name=published]").evaluate("field => { field.type = 'text'; field.value = 'gestern'; }")
    form.get_by_role("button", name="Speichern").click()
    expect(form.locator(".qc-outcome")).to_contain_text("„gestern“ ist kein Datum. Schreiben Sie es wie")
    assert empty.article("biber.txt").source.publisher is None
    form.locator("[name=published]").fill("2021-12-08")
    form.get_by_label("Sprache: vermutet; stimmt so").check()
    form.get_by_role("button", name="Speichern").click()
    expect(visitor.page.locator("#qc-editing")).not_to_be_visible()
    for place in (article, head):
        expect(place).to_contain_text("Biber <b>kehren</b> zurück")
        expect(place).to_contain_text("Auenblatt")
        expect(place).to_contain_text("8. Dezember 2021")
        expect(place.locator(".qc-guessed")).to_have_count(0)
    expect(article.get_by_role("button", name="Bearbeiten")).to_be_focused()
    expect(visitor.page.locator("select[name=publisher] option")).to_have_text(["alle", "Auenblatt"])
    visitor.page.reload()
    expect(head).to_contain_text("Biber <b>kehren</b> zurück")
    shelf(visitor)
    expect(article).to_contain_text("Auenblatt")
    assert empty.article("biber.txt").source.author is None
    assert empty.index([path]).unchanged == ["biber.txt"]


def test_of_several_files_each_that_is_refused_is_named(
    visit: Visit, serve: Serve, empty: Library, tmp_path: Path
) -> None:
    names = ("gross.txt", "biber.md", "verloren.txt")
    for name in names:
        (tmp_path / name).write_text(BEAVERS, encoding="utf-8")
    visitor = shelf(visit(serve(empty)))
    statuses = iter((413, 200, 500))

    def take(route: Route) -> None:
        status = next(statuses)
        if status == 200:
            route.continue_()
        else:
            route.fulfill(status=status, body='{"error": "larger"}')

    visitor.page.route("**/gradio_api/upload*", take)
    files(visitor, *(tmp_path / name for name in names))
    told = visitor.page.locator("#qc-adding .qc-progress")
    expect(told).to_contain_text("1 neu", timeout=30_000)
    expect(told.locator("li")).to_have_text(
        ["gross.txt – größer als 100 MB, zu viel auf einmal.", re.compile("^verloren.txt – ließ sich nicht")]
    )
    visitor.page.route("**/component_server/**", lambda route: route.abort())
    visitor.page.fill("#qc-adding [name=url]", "https://example.org/a")
    visitor.page.get_by_role("button", name="Abrufen").click()
    expect(told).to_contain_text("rag serve")


def test_an_open_article_is_marked_in_the_list_and_closed_when_it_is_removed(
    visit: Visit, serve: Serve, empty: Library, write: Writer
) -> None:
    empty.index([write("biber.md", BEAVERS), write("turm.md", "# Der Turm\n\nDer Turm steht seit 1873.\n")])
    visitor = shelf(visit(serve(empty)))
    link = visitor.page.locator('.qc-articles [data-article="biber.md"] h3 a')
    link.focus()
    visitor.page.keyboard.press("Enter")
    article = visitor.page.locator("#qc-reader article")
    expect(article).to_be_focused()
    expect(link).to_have_attribute("aria-current", "true")
    expect(visitor.page.locator(".qc-articles [aria-current]")).to_have_count(1)
    visitor.page.keyboard.press("Escape")
    expect(article).to_have_count(0)
    expect(link).to_be_focused()
    expect(visitor.page.locator(".qc-articles [aria-current]")).to_have_count(0)
    link.click()
    expect(article).to_have_count(1)
    visitor.page.get_by_role("button", name="Entfernen: Biber am Fluss").click()
    visitor.page.locator("#qc-removing .qc-danger").click()
    expect(article).to_have_count(0)
    expect(visitor.page).not_to_have_url(re.compile("article="))  # the browser goes back in its own time
    expect(visitor.page.get_by_role("button", name="Entfernen: Der Turm")).to_be_focused()


def test_a_dialog_is_closed_beside_it_and_by_its_keys_alone(visit: Visit, samples: Library) -> None:
    visitor = visit()
    visitor.page.goto(f"{visitor.url}?article={samples.articles()[0].id}")
    edit = visitor.page.locator("#qc-reader .qc-edit")
    edit.click()
    dialog = visitor.page.locator("#qc-editing")
    expect(dialog).to_be_visible()
    box, field = dialog.bounding_box(), dialog.locator("[name=title]").bounding_box()
    assert box and field
    visitor.page.mouse.click(box["x"] + 6, box["y"] + box["height"] / 2)  # its own edge
    visitor.page.mouse.move(field["x"] + 40, field["y"] + 8)
    visitor.page.mouse.down()
    visitor.page.mouse.move(4, field["y"] + 8)  # marking a text may end beside it
    visitor.page.mouse.up()
    expect(dialog).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(visitor.page.locator("#qc-reader article")).to_have_count(1)
    expect(edit).to_be_focused()
    edit.click()
    expect(dialog).to_be_visible()
    visitor.page.mouse.click(4, 4)
    expect(dialog).to_be_hidden()


def test_editing_waits_for_a_dialog_that_is_not_there_yet(visit: Visit, samples: Library) -> None:
    visitor = visit()
    visitor.page.goto(f"{visitor.url}?article={samples.articles()[0].id}")
    edit = visitor.page.locator("#qc-reader .qc-edit")
    expect(edit).to_be_visible()
    expect(visitor.page.locator("#qc-editing")).to_be_attached()
    visitor.page.evaluate(
        """() => {
            const dialog = document.getElementById("qc-editing"), place = dialog.parentElement;
            dialog.remove();
            addEventListener("click", () => setTimeout(() => place.append(dialog), 1000), { once: true });
        }"""
    )
    edit.click()
    expect(visitor.page.locator("#qc-editing [name=title]")).to_be_visible()


def test_words_longer_than_a_phone_is_wide_are_broken_everywhere(
    visit: Visit, serve: Serve, empty: Library, write: Writer
) -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 3
    line = {"id": "a", "title": word, "publisher": word, "author": word, "text": f"Die {word} ruht."}
    empty.index([write("dump.jsonl", json.dumps(line))])
    visitor = shelf(visit(serve(empty), size=(360, 740)))
    page = visitor.page
    page.get_by_role("button", name="Entfernen").click()
    expect(page.locator("#qc-removing")).to_be_visible()
    wide = "places => places.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.id)"
    assert page.locator("#qc-shelf, #qc-removing").evaluate_all(wide) == []
    page.keyboard.press("Escape")
    page.locator(".qc-articles h3 a").click()
    expect(page.locator("#qc-reader article")).to_have_count(1)
    assert page.locator("#qc-reader, #qc-panel").evaluate_all(wide) == []
    expect(page.locator(".qc-step-to:enabled")).to_have_count(0)


def test_on_a_phone_an_open_article_covers_the_list_and_can_be_corrected(
    visit: Visit, serve: Serve, empty: Library, write: Writer
) -> None:
    empty.index([write("biber.md", BEAVERS)])
    visitor = shelf(visit(serve(empty), size=(360, 740)))
    listed = "document.querySelector('section.qc-collection').inert"
    visitor.page.locator(".qc-articles h3 a").click()
    edit = visitor.page.locator("#qc-reader .qc-edit")
    edit.click()
    assert visitor.evaluate(listed)
    visitor.page.locator("#qc-editing [name=publisher]").fill("Auenblatt")
    visitor.page.get_by_role("button", name="Speichern").click()
    expect(visitor.page.locator("#qc-reader .qc-publisher")).to_have_text("Auenblatt")
    expect(edit).to_be_focused()
    visitor.page.locator("#qc-panel .qc-close").click()
    assert not visitor.evaluate(listed)


def test_showing_more_goes_on_where_the_list_ended(
    visit: Visit, serve: Serve, empty: Library, write: Writer
) -> None:
    lines = [
        {"id": f"{n:03}", "title": f"Meldung {n}", "text": f"Die Meldung {n} ist kurz."} for n in range(60)
    ]
    empty.index([write("dump.jsonl", "\n".join(map(json.dumps, lines)))])
    visitor = shelf(visit(serve(empty)))
    visitor.page.get_by_role("button", name="Weitere zeigen: 10").focus()
    visitor.page.keyboard.press("Enter")
    titles = visitor.page.locator(".qc-articles h3 a")
    expect(titles).to_have_count(60)
    expect(titles.nth(50)).to_be_focused()


def test_a_chosen_filter_holds_for_a_question_that_is_quicker_than_the_list(visit: Visit) -> None:
    visitor = shelf(visit())
    visitor.page.locator("select[name=language]").select_option("en")
    expect(visitor.page.locator("#qc-limit .qc-chip")).to_have_count(1)
    visitor.page.route("**/component_server/**", lambda route: route.abort())
    visitor.page.reload()
    visitor.page.locator("#qc-chat .qc-greeting").wait_for()
    visitor.ask("What did Putin demand regarding NATO?")
    languages = visitor.page.locator("#qc-panel .qc-card h3").evaluate_all("all => all.map(one => one.lang)")
    assert set(languages) == {"en"}


def test_only_uploaded_files_are_taken(visit: Visit) -> None:
    """The browser names the path of an upload, so it could name any other file of the machine."""
    visitor = shelf(visit())
    sent: list[str] = []
    visitor.page.on(
        "request",
        lambda request: sent.append(request.post_data or "") if "component_server" in request.url else None,
    )
    visitor.page.fill("[name=search]", "Biden")
    expect(visitor.page.locator(".qc-articles h3")).not_to_have_count(22)
    script = """async ([body, path]) => {
        const asked = {...JSON.parse(body), fn_name: "add_files", data: {files: [{name: "x.txt", path}]}};
        const reply = await fetch("gradio_api/component_server", {method: "POST", body: JSON.stringify(asked),
            headers: {"Content-Type": "application/json"}});
        return await reply.json();
    }"""
    for path in ("/etc/passwd", "../../etc/passwd", ""):
        reply = visitor.page.evaluate(script, [sent[-1], path])
        assert "run" not in reply and "hochgeladen" in reply["error"]


def test_questions_to_begin_with_follow_what_is_corrected(
    visit: Visit, serve: Serve, empty: Library, write: Writer
) -> None:
    empty.index([write("biber.md", "# Die Biber\n\nHeute.\n")])
    visitor = visit(serve(empty))
    examples = visitor.page.locator("#qc-chat .examples button")
    expect(examples).to_have_text(["Worum geht es in „Die Biber“?"])
    shelf(visitor).page.locator(".qc-articles .qc-edit").click()
    visitor.page.locator("#qc-editing [name=title]").fill("Die Otter")
    visitor.page.locator("#qc-editing").get_by_role("button", name="Speichern").click()
    expect(visitor.page.locator("#qc-editing")).to_be_hidden()
    visitor.page.locator("#qc-masthead [data-view=conversation]").click()
    expect(examples).to_have_text(["Worum geht es in „Die Otter“?"], timeout=5_000)
