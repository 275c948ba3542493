"""What an administrator's browser sends."""

from html.parser import HTMLParser

from django.urls import reverse

from hmskort.common import clock

ROWS = "requirements"


class Fields(HTMLParser):
    """The values that a page's form would send as it stands."""

    def __init__(self, html):
        super().__init__()
        self.values, self._select, self._area = {}, "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.values.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "input" and name and "disabled" not in given:
            box = given.get("type") in {"checkbox", "radio"}
            if (not box or "checked" in given) and given.get("type") not in {"submit", "file"}:
                self.values.setdefault(name, []).append(given.get("value", "on" if box else ""))

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = ""


def opened(client, address, **changed):
    """The form of that page, with some values changed; None takes one out."""
    values = Fields(client.get(address).content.decode()).values
    values.pop("language", None)
    values |= {name.replace("__", "-"): value for name, value in changed.items()}
    return {name: value for name, value in values.items() if value is not None}


def requirement(name, position, since=None, source="FOR-2012-05-08-408 § 9", until=""):
    since = since or clock.today().isoformat()
    return {
        "requirement": name, "since": since, "until": until, "position": position,
        "source": source,
    }  # fmt: skip


def rows(given, first=0):
    """The requirements as new rows of the form beneath."""
    told = {f"{ROWS}-TOTAL_FORMS": first + len(given), f"{ROWS}-INITIAL_FORMS": first}
    for place, row in enumerate(given, first):
        told |= {f"{ROWS}-{place}-{name}": value for name, value in row.items()}
    return told


def sent(client, address, values, given=None, fails=False):
    """The page after the form was sent; `fails`: it is to come back with errors."""
    told = {**values, **(rows(given) if given is not None else {})}
    response = client.post(address, told)
    text = response.content.decode()
    assert (response.status_code == 200) is fails, text
    return text


def price(client, item, kroner, since=None, fails=False):
    since = since or clock.today().isoformat()
    values = {"item": item, "net": kroner, "since": since, "source": "Vedtak"}
    return sent(client, reverse("admin:orders_price_add"), values, fails=fails)
