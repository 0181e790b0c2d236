"""Check that hits have one order, and copies one place, however they come."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.ranking import SAME, Candidate, rank, without_copies
from rag.schema import Card

DAY = st.none() | st.sampled_from([date(2021, 12, 7), date(2021, 12, 8), date(2024, 1, 1)])
CLUSTER = st.none() | st.integers(1, 3)
ARTICLES = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(DAY, CLUSTER, st.integers(0, 4)), min_size=1
)


@st.composite
def found(draw: st.DrawFn) -> list[Candidate]:
    """Draw the candidates of some articles, in any order, many with the same score."""
    candidates = []
    for one, (day, cluster, known) in draw(ARTICLES).items():
        for start in range(0, 10 * draw(st.integers(1, 3)), 10):
            card = Card(one, start, day, cluster, known)
            candidates.append(Candidate(len(candidates), card, draw(st.integers(0, 8)) / 20))
    return draw(st.permutations(candidates))


@given(found(), st.randoms())
def test_hits_have_one_order(candidates: list[Candidate], random: st.DataObject) -> None:
    """Demand the same list however it was shuffled: best first, then newest, then by article and place."""
    shuffled = candidates[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ordered = sorted(candidates, key=rank)
    assert sorted(shuffled, key=rank) == ordered
    for one, other in pairwise(ordered):
        assert one.score >= other.score
        if one.score == other.score:
            days = [each.card.published or date.min for each in (one, other)]
            assert days[0] >= days[1]


@given(found())
def test_a_cluster_has_one_article_among_the_hits(candidates: list[Candidate]) -> None:
    """Keep of every cluster one article, hardly worse than its best, and all others, in their order."""
    ranked = sorted(candidates, key=rank)
    kept = without_copies(ranked)
    assert kept == [one for one in ranked if one in kept]
    assert {one.key for one in ranked if one.card.cluster is None} <= {one.key for one in kept}
    for cluster in {one.card.cluster for one in ranked} - {None}:
        of = [one for one in ranked if one.card.cluster == cluster]
        left = [one for one in kept if one.card.cluster == cluster]
        assert len({one.card.article for one in left}) == 1
        assert max(one.score for one in left) >= of[0].score - SAME - 1e-9
