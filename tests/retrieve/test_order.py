"""Check that hits have one order, and copies one place, however they come."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.retriever import SAME, rank, without_copies
from rag.schema import Hit, Passage, Source, Span

DAY = st.none() | st.sampled_from([date(2021, 12, 7), date(2021, 12, 8), date(2024, 1, 1)])
ARTICLES = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(DAY, st.none() | st.just("P")), min_size=1)


@st.composite
def found(draw: st.DrawFn) -> list[Hit]:
    """Draw the hits of some articles, in any order, many with the same score."""
    hits = []
    for one, (day, publisher) in draw(ARTICLES).items():
        source = Source(id=one, title=one, language="de", published=day, publisher=publisher)
        for start in range(0, 10 * draw(st.integers(1, 3)), 10):
            passage = Passage(one, start, start + 4, "Text", (Span(start, start + 4),))
            score = draw(st.integers(0, 8)) / 20
            hits.append(Hit(passage, source, score=score, cosine=0.5, bm25=1.0))
    return draw(st.permutations(hits))


@given(found(), st.randoms())
def test_hits_have_one_order(hits: list[Hit], random: st.DataObject) -> None:
    """Demand the same list however it was shuffled: best first, then newest, then by article and place."""
    shuffled = hits[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ordered = sorted(hits, key=rank)
    assert sorted(shuffled, key=rank) == ordered
    for one, other in pairwise(ordered):
        assert one.score >= other.score
        if one.score == other.score:
            days = [hit.source.published or date.min for hit in (one, other)]
            assert days[0] >= days[1]


@given(found(), st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3)))
def test_a_cluster_has_one_article_among_the_hits(hits: list[Hit], clusters: dict[str, int]) -> None:
    """Keep of every cluster one article, hardly worse than its best, and all others, in their order."""
    ranked = sorted(hits, key=rank)
    kept = without_copies(ranked, clusters)
    assert kept == [hit for hit in ranked if hit in kept]
    assert [hit for hit in ranked if hit.source.id not in clusters] == [
        hit for hit in kept if hit.source.id not in clusters
    ]
    for cluster in set(clusters.values()):
        of = [hit for hit in ranked if clusters.get(hit.source.id) == cluster]
        left = {hit.source.id for hit in kept if clusters.get(hit.source.id) == cluster}
        assert len(left) == min(len(of), 1)
        if of:
            best = max(hit.score for hit in kept if clusters.get(hit.source.id) == cluster)
            assert best >= of[0].score - SAME - 1e-9
