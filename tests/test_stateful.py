"""Check indexing against a model of it: whatever files come, change, move and go, the collection follows."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rag.library import Library
from rag.settings import Settings
from tests.stores import agree, news, word

NAMES = st.sampled_from(["a.txt", "b.txt", "unter/a.txt", "unter/ö 😀.txt", "C.txt"])
NUMBERS = st.integers(0, 30)


class Collection(RuleBasedStateMachine):
    """A folder on disk and the collection made of it, beside two dictionaries that say what must be there."""

    @initialize()
    def begin(self) -> None:
        """Start with an empty folder and an empty collection."""
        self.base = Path(tempfile.mkdtemp(prefix="quellenchat-"))
        self.folder = self.base / "news"
        self.folder.mkdir()
        self.chosen = Settings(store=self.base / "store", _env_file=None)
        self.library = Library.open(self.chosen, create=True)
        self.files: dict[str, int] = {}  # what lies in the folder
        self.articles: dict[str, int] = {}  # what the collection must hold
        self.dirty = False

    def teardown(self) -> None:
        """Look once more from outside, and tidy up."""
        if hasattr(self, "library"):
            self.library.close()
            assert agree(self.chosen.store) or not self.articles
            shutil.rmtree(self.base)

    @rule(name=NAMES, number=NUMBERS)
    def write(self, name: str, number: int) -> None:
        """Put a file there, or another text into it."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(news(number), encoding="utf-8")
        self.files[name] = number

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """Take a file away."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        (self.folder / name).unlink()
        del self.files[name]

    @precondition(lambda self: self.files)
    @rule(data=st.data(), new=NAMES)
    def rename(self, data: st.DataObject, new: str) -> None:
        """Give a file another name, over one that may be there."""
        old = data.draw(st.sampled_from(sorted(self.files)))
        (self.folder / new).parent.mkdir(exist_ok=True)
        (self.folder / old).replace(self.folder / new)
        self.files[new] = self.files.pop(old)

    @precondition(lambda self: self.files)
    @rule()
    def index(self) -> None:
        """Index the folder: new is added, changed replaced, the rest left; and nothing happens twice."""
        report = self.library.index([self.folder])
        assert not report.failed
        assert set(report.added) == set(self.files) - set(self.articles)
        changed = {name for name, number in self.files.items() if self.articles.get(name, number) != number}
        assert set(report.updated) == changed
        self.articles |= self.files
        again = self.library.index([self.folder])
        assert (again.added, again.updated) == ([], [])
        assert set(again.unchanged) == set(self.files)

    @precondition(lambda self: self.files and self.library.watched())
    @rule()
    def sync(self) -> None:
        """Make the collection what the folder is."""
        report = self.library.sync(prune=True)
        assert set(report.removed) == set(self.articles) - set(self.files)
        self.articles = dict(self.files)

    @precondition(lambda self: self.articles)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """Remove an article, whatever becomes of its file."""
        name = data.draw(st.sampled_from(sorted(self.articles)))
        self.library.remove([name])
        del self.articles[name]

    @rule()
    def reopen(self) -> None:
        """Close the collection, look at its parts as they lie on disk, and open it again."""
        self.library.close()
        assert agree(self.chosen.store) or not self.articles
        self.library = Library.open(self.chosen)

    @invariant()
    def holds_what_it_must(self) -> None:
        """Hold these articles with these texts, and no others."""
        if hasattr(self, "library"):
            held = {source.id: self.library.article(source.id).text for source in self.library.articles()}
            assert held == {name: news(number) for name, number in self.articles.items()}

    @precondition(lambda self: self.articles)
    @rule(data=st.data())
    def find(self, data: st.DataObject) -> None:
        """Find an article by its own word, and nothing by the word of one that is not there."""
        number = data.draw(st.sampled_from(sorted(set(self.articles.values()))))
        hits = self.library.search(f"Aktenzeichen {word(number)}", 50)
        found = {hit.source.id for hit in hits if word(number) in hit.passage.text}
        assert found == {name for name, other in self.articles.items() if other == number}
        assert {hit.source.id for hit in hits} <= set(self.articles)


TestCollection = Collection.TestCase
TestCollection.settings = settings(
    max_examples=6, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
