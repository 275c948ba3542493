"""Somebody with a browser that runs no scripts: follows links, fills in forms, uploads files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

TIMEOUT_S = 60.0
Files = Mapping[str, tuple[str, bytes, str]]


class Stopped(Exception):
    """The road breaks here; `str` says where and how."""


@dataclass
class Form:
    """A form as the page has it: where it goes and what it sends if nothing is changed."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """The forms, links and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self._open: Form | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").lower()
            self._open = Form(given.get("action", ""), method)
            self.forms.append(self._open)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif self._open is not None:
            self._field(tag, given, self._open)

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag in {"input", "textarea"} and name and kind not in {"file", "submit"}:
            ticked = kind not in {"radio", "checkbox"} or "checked" in given
            if ticked:
                form.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)


class Visitor:
    """One person's browser: cookies, the page in front of them, and its forms."""

    def __init__(self, name: str, base_url: str) -> None:
        self.name = name
        self.base_url = base_url
        self._client = httpx.Client(follow_redirects=True, timeout=TIMEOUT_S)
        self.url = base_url
        self._page = _Reader("")
        self.status = 0

    def close(self) -> None:
        """The browser is closed."""
        self._client.close()

    def open(self, address: str) -> None:
        """The page at that address is in front of the visitor, wherever it leads."""
        self._show(self._send("GET", urljoin(self.url, address)))

    def submit(
        self,
        action: str,
        values: Mapping[str, str] | None = None,
        files: Files | None = None,
        *,
        has: str = "",
        without: str = "",
        to: str = "",
    ) -> None:
        """The form whose address contains `action` is sent, with these values in place.

        has, without: a field that stands or does not stand in the form, where several go to the
        same address; to: where one of its other buttons sends it.
        """
        form = self._form(action, has, without)
        target = to or urljoin(self.url, form.action or self.url)
        sent = {**form.fields, **(values or {})}
        if form.method == "get":
            self._show(self._send("GET", target, params=sent))
        else:
            self._show(self._send("POST", target, data=sent, files=files))

    def _form(self, action: str, has: str, without: str) -> Form:
        for form in self._page.forms:
            at = urljoin(self.url, form.action or self.url)
            fits = (not has or has in form.fields) and (not without or without not in form.fields)
            if action in at and fits:
                return form
        raise Stopped(f"{self.name}: no form to {action} on {self.url}: {self.words[:300]}")

    def json(self, address: str) -> dict[str, object]:
        """What the address answers as JSON."""
        answer: dict[str, object] = self._send("GET", urljoin(self.base_url, address)).json()
        return answer

    @property
    def links(self) -> list[str]:
        """Where the page's links lead."""
        return [urljoin(self.url, link) for link in self._page.links]

    @property
    def words(self) -> str:
        """The page's text."""
        return " ".join(" ".join(self._page.text).split())

    def must_be_at(self, part: str) -> None:
        """The visitor has come where the address contains `part`, and the page is whole."""
        if part not in self.url or self.status >= httpx.codes.BAD_REQUEST:
            raise Stopped(
                f"{self.name} came to {self.url} ({self.status}) and not to {part}: "
                f"{self.words[:400]}"
            )

    def _send(self, method: str, url: str, **given: object) -> httpx.Response:
        try:
            headers = {"Referer": self.url, "Accept-Language": "nb"}
            return self._client.request(method, url, headers=headers, **given)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            raise Stopped(f"{self.name}: {url} does not answer ({type(error).__name__})") from error

    def _show(self, response: httpx.Response) -> None:
        self.url, self.status = str(response.url), response.status_code
        self._page = _Reader(response.text)
