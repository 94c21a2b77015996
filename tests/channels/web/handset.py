"""Handset: a phone without scripts: it opens pages, presses buttons, follows redirects, keeps cookies."""

from html.parser import HTMLParser
from typing import Self

import httpx

VOID = frozenset({"input", "meta", "link", "br", "path", "img", "hr"})


class Page(HTMLParser):
    """Every element of a page with its attributes and the words inside it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._open: list[tuple[str, int]] = []
        self._words: dict[int, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._words[len(self.elements)] = ""
        if tag not in VOID:
            self._open.append((tag, len(self.elements)))
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, number in self._open:
            self._words[number] += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """Give the attributes of every element of a kind."""
        return [attrs for name, attrs in self.elements if name == tag]

    def words(self, tag: str, **wanted: str) -> str:
        """Give the words inside the first element of a kind with these attributes; "" when there is none."""
        for number, (name, attrs) in enumerate(self.elements):
            if name == tag and wanted.items() <= attrs.items():
                return " ".join(self._words[number].split())
        return ""

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the form."""
        return {attrs["name"]: attrs["value"] for attrs in self.all("input") if attrs.get("type") == "hidden"}


class Handset:
    """One phone.

    Args:
        url: the service.
        headers: what its browser sends with everything.

    """

    def __init__(self, url: str, **headers: str) -> None:
        # Nothing here is https; reading all the world's certificates takes longer than most tests.
        self.client = httpx.Client(
            base_url=url, follow_redirects=True, headers=headers, timeout=20, verify=False
        )
        self.response: httpx.Response | None = None
        self.page = Page("")

    def close(self) -> None:
        self.client.close()

    def open(self, path: str = "/") -> Self:
        return self._took(self.client.get(path))

    def press(self, *, to: str = "/answer", **fields: str | list[str]) -> Self:
        """Press a button of the page: its hidden fields go with it."""
        return self._took(self.client.post(to, data={**self.page.hidden, **fields}))

    def tap(self, value: str) -> Self:
        """Press the option with this value; it has to be on the page."""
        offered = [attrs["value"] for attrs in self.page.all("button") if attrs.get("name") == "tap"]
        assert value in offered, f"{self.asking} offers {offered}"
        return self.press(tap=value)

    def say(self, words: str) -> Self:
        """Write into the field and send it; there has to be a field."""
        fields = (*self.page.all("input"), *self.page.all("textarea"))
        assert any(attrs.get("name") == "say" for attrs in fields), f"{self.asking} has no field"
        return self.press(say=words, act="send")

    def send(self, body: bytes, name: str, *, to: str = "/answer", **fields: str) -> Self:
        """Send a file with the form of the page."""
        files = {"file": (name, body, "application/octet-stream")}
        return self._took(self.client.post(to, data={**self.page.hidden, **fields}, files=files))

    def _took(self, response: httpx.Response) -> Self:
        self.response = response
        if response.headers.get("content-type", "").startswith("text/html"):
            self.page = Page(response.text)
        return self

    @property
    def status(self) -> int:
        assert self.response is not None
        return self.response.status_code

    @property
    def asking(self) -> str:
        return self.page.words("h1")

    @property
    def said(self) -> str:
        return self.page.words("div", id="said")

    @property
    def cookie(self) -> str:
        return self.client.cookies.get("xq") or ""
