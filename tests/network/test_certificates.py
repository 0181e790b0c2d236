"""Fetch over TLS from a real server: a good certificate is accepted, every other one refused with the reason."""

import datetime
import ssl
from pathlib import Path

import certifi
import pytest
import trustme

from rag.errors import FetchError
from rag.ingest.web.fetch import Fetcher
from rag.ingest.web.network import is_any
from tests.web_server import Served, WebServer

YESTERDAY = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Return an authority that this process trusts as it does those of the web."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "ca.pem"))
    return made


def serving(certificate: trustme.LeafCert) -> WebServer:
    """Return a site that shows a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    site = WebServer(context)
    site.pages["/a"] = Served("<p>Ein Artikel</p>")
    return site


def test_a_good_certificate_is_accepted(authority: trustme.CA) -> None:
    with serving(authority.issue_cert("127.0.0.1")) as site, Fetcher(may_reach=is_any, delay_s=0) as fetcher:
        assert b"Ein Artikel" in fetcher.fetch(site.url + "/a").content


@pytest.mark.parametrize(
    ("which", "reason"),
    [("self-signed", "unable to get local issuer"), ("expired", "expired"), ("another host's", "mismatch")],
)
def test_a_bad_certificate_is_refused_at_once(authority: trustme.CA, which: str, reason: str) -> None:
    """Name the reason, ask for nothing, and do not try again."""
    certificate = {
        "self-signed": lambda: trustme.CA().issue_cert("127.0.0.1"),
        "expired": lambda: authority.issue_cert("127.0.0.1", not_after=YESTERDAY),
        "another host's": lambda: authority.issue_cert("bank.example"),
    }[which]()
    slept: list[float] = []
    with (
        serving(certificate) as site,
        Fetcher(may_reach=is_any, delay_s=0, sleep=slept.append) as fetcher,
        pytest.raises(FetchError, match=r"certificate of 127\.0\.0\.1 is not valid") as caught,
    ):
        fetcher.fetch(site.url + "/a")
    assert reason in str(caught.value)
    assert "browser" in caught.value.hint
    assert site.requests == []
    assert slept == []
