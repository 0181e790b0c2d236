"""Pages and feeds as sites serve them, and what failed of reading them."""

from collections.abc import Callable

from rag.indexing import IndexReport
from tests.stores import news
from tests.web_server import Asked, Served, WebServer


def page(number: int, head: str = "", published: str = "2021-12-07", text: str | None = None) -> str:
    """Return the page of an article, with what surrounds one on the web."""
    title, *body = (text or news(number)).split("\n\n")
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return f"""<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title} | Blatt</title>
      <meta property="og:title" content="{title}"><meta property="og:site_name" content="Das Blatt">
      <meta property="article:published_time" content="{published}T08:00:00+01:00">{head}</head>
      <body><nav><a href="/">Start</a> <a href="/abo">Abo</a></nav>
      <article><h1>{title}</h1>{paragraphs}<p>Der Stadtrat will im Herbst noch einmal über den Plan beraten,
      und die Bürger sollen vorher gehört werden. Das sagte die Bürgermeisterin am Abend.</p></article>
      <footer>Impressum</footer></body></html>"""


def tagged(body: str) -> Callable[[Asked], Served]:
    """Serve a page with an ETag, and 304 to whoever has it."""
    tag = f'"{hash(body)}"'

    def serve(asked: Asked) -> Served:
        if asked.headers.get("If-None-Match") == tag:
            return Served("", 304)
        return Served(body, headers={"ETag": tag})

    return serve


def feed(site: WebServer, *numbers: int, content: str = "") -> Served:
    """Return a feed of articles at /N."""
    items = "".join(
        f"<item><title>Meldung {n}</title><link>{site.url}/{n}?utm_source=rss</link>"
        f"<pubDate>Wed, 08 Dec 2021 10:00:00 +0100</pubDate><description>{content}</description></item>"
        for n in numbers
    )
    xml = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Blatt</title>{items}</channel></rss>'
    return Served(xml, headers={"Content-Type": "application/rss+xml"})


def failures(report: IndexReport) -> list[str]:
    """Return what failed; each must be one line with a hint."""
    assert all("\n" not in failure.message and failure.hint for failure in report.failed)
    return [f"{failure.where}: {failure.message}" for failure in report.failed]
