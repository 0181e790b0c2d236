"""Check what the doctor says of a healthy collection."""

from rag.library import Library
from rag.maintenance.doctor import examine, well
from tests.conftest import Writer
from tests.stores import news


def test_one_article_is_no_several(empty: Library, write: Writer) -> None:
    """Count one article and its one passage as people do."""
    empty.index([write("a.txt", news(1))])
    findings = examine(empty.settings)
    said = {one.part: one.message for one in findings}
    assert well(findings)
    assert said["articles"] == "1 article in an undamaged database"
    assert said["passages"] == "1 passage, all within their articles"
    assert said["vectors"] == said["lexical index"] == "complete, 1 passage"
