"""The site is built without warnings, loads nothing from elsewhere, and reads as on GitHub."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt

from dativo_lint.version import HOME

PROJECT = Path(__file__).resolve().parent.parent
DOCS = PROJECT / "docs"
PAGES = sorted(path.relative_to(DOCS) for path in DOCS.glob("**/*.md"))
TEXTS = [*(DOCS / page for page in PAGES), *PROJECT.glob("*.md")]
GITHUB = MarkdownIt().enable("table")
PARTS = {"h1", "h2", "h3", "li", "ol", "ul", "pre", "table", "tr", "td", "img", "blockquote"}
LOADING = re.compile(r"<(?:script|img|iframe|source|link)\b[^>]*>")
NAMING = re.compile(r'rel="(canonical|prev|next)"')
"""Links that name a page, which a browser does not load."""


class Parts(HTMLParser):
    """How often a text in HTML has each of the parts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.counts[tag] += tag in PARTS


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make site` builds it."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=PROJECT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return folder


def test_a_page_has_the_same_parts_on_the_site_as_on_github(site: Path) -> None:
    for page in PAGES:
        folder = page.parent if page.name == "README.md" else page.with_suffix("")
        html = (site / folder / "index.html").read_text("utf-8")
        article = html.partition("<article")[2].partition("</article>")[0]
        expected = Parts(GITHUB.render((DOCS / page).read_text("utf-8")))
        assert expected.counts == Parts(f"<article{article}").counts, page


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    for path in site.glob("**/*.html"):
        tags = LOADING.findall(path.read_text("utf-8"))
        assert tags, path
        assert [] == [tag for tag in tags if "//" in tag and not NAMING.search(tag)], path
    for path in site.glob("**/*.css"):
        assert not re.search(r"url\(.?(https?:)?//|@import", path.read_text("utf-8")), path


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_a_link_is_well_formed_and_leads_to_a_file_that_there_is(path: Path) -> None:
    tokens = [
        token for each in GITHUB.parse(path.read_text("utf-8")) for token in each.children or ()
    ]
    links = [str(token.attrGet("href") or token.attrGet("src") or "") for token in tokens]
    for link in filter(None, links):
        parts = urlsplit(link)
        own = link.removeprefix(f"{HOME}/blob/main/")
        if own != link:
            assert (PROJECT / own).exists(), link
        elif parts.scheme:
            assert parts.scheme == "https", link
            assert "." in parts.netloc, link
        elif parts.path:
            assert (path.parent / parts.path).exists(), link
    assert all(token.content for token in tokens if token.type == "image"), "a picture without text"
