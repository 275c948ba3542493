"""An e-mail as the desk reads it: who says they wrote, in plain text, and what is with it.

What comes in is hostile: it is bounded before it is parsed, HTML becomes text, nothing in it is
followed or fetched, and a header that cannot be read is left out. Source: RFC 5322, RFC 2045-2047.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from registers import orgnr as orgnrs

MOST_BYTES = 30 * 1024 * 1024  # what mail servers let through, and room for base64
MOST_LINES = 600_000  # of base64 as large as that
MOST_PARTS = 200  # also how deep parts may lie in each other
MOST_BOUNDARIES = 12  # each is looked for in every line
MOST_OF_A_TYPE = 4_000  # bytes of a header with parameters, which take their square to parse
MOST_ATTACHMENTS = 12
MOST_TEXT = 20_000  # characters
MOST_SUBJECT = 300
MOST_HEADER = 2_000  # characters of one header that are looked at
MOST_COMMENTS = 10
MOST_ADDRESS = 254

LEFT_OUT = {
    "too_many": _("flere enn tolv vedlegg"),
    "too_big": _("større enn 10 MB"),
    "unreadable": _("ikke PDF, JPEG eller PNG, eller lar seg ikke lese"),
}
NINE_DIGITS = re.compile(r"(?<!\d)\d{3}[ .\u00a0]?\d{3}[ .\u00a0]?\d{3}(?!\d)")
REFERENCE = re.compile(r"\b[BCDFGHJKMNPQRSTVWXZ23456789]{8}\b")
# Blanks, dots and every dash: programs for writing make a dash of a hyphen, and mail breaks lines.
APART = r"[\s./\-\u00ad\u200b\u2010-\u2015\u2212]"
NUMBER = re.compile(  # an identity number as people write it; whole account numbers go with it
    rf"(?<!\d)(\d{{2}}{APART}?\d{{2}}{APART}?\d{{2}}){APART}{{0,3}}\d{{3}}{APART}?\d{{2}}(?!\d)"
)
TYPES = re.compile(rb"(?im)^content-(?:type|disposition):[^\n]*(?:\n[ \t][^\n]*)*")
BOUNDARIES = re.compile(rb"(?i)boundary\s*\*?\d*\*?\s*=")
BLANK_LINES = re.compile(r"\n{3,}")


class TooBig(Exception):
    """The mail is larger, or has more parts, than anyone needs to send."""


@dataclass(frozen=True)
class Enclosed:
    """Something that came with the mail. inline: a picture in its words, such as a logo."""

    content: bytes
    inline: bool


@dataclass(frozen=True)
class Incoming:
    """A mail that has been read. attachments: as sent, not looked into yet.

    message_id: empty where there is none. sender: an address, or empty; anyone can write it.
    """

    message_id: str
    sender: str
    subject: str
    text: str
    attachments: tuple[Enclosed, ...]
    automatic: bool  # an answer that no person wrote: out of office and the like

    @property
    def orgnr(self) -> str:
        """The first valid organisation number of the subject, or empty."""
        found = (re.sub(r"\D", "", part) for part in NINE_DIGITS.findall(self.subject))
        return next((number for number in found if orgnrs.is_valid(number)), "")

    @property
    def references(self) -> list[str]:
        """What in the subject looks like a case's reference."""
        return REFERENCE.findall(self.subject)


def read(raw: bytes) -> Incoming:
    """The mail in these bytes.

    Raises:
        TooBig: it was not parsed.
    """
    if _is_too_much(raw):
        raise TooBig
    message = message_from_bytes(raw, policy=policy.compat32)
    parts = list(_leaves(message))
    return Incoming(
        message_id=_header(message, "Message-ID").strip(),
        sender=_address(_header(message, "From")),
        subject=" ".join(_header(message, "Subject").split())[:MOST_SUBJECT],
        text=_text_of(parts),
        attachments=tuple(_enclosed(part) for part in parts if _is_attachment(part)),
        automatic=_header(message, "Auto-Submitted").casefold().startswith("auto-replied"),
    )


def without_numbers(text: str) -> str:
    """The text with the last five digits of what may be an identity number hidden."""
    return NUMBER.sub(r"\1•••••", text)


def _is_too_much(raw: bytes) -> bool:
    """Would it take the parser longer than any mail that somebody wrote?"""
    if len(raw) > MOST_BYTES:
        return True
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")  # to the parser each ends a line
    types = [len(found[0]) for found in TYPES.finditer(lines)]
    boundaries = len(BOUNDARIES.findall(lines))
    return (
        lines.count(b"\n") > MOST_LINES
        or len(types) > MOST_PARTS
        or boundaries > MOST_BOUNDARIES
        or max(types, default=0) > MOST_OF_A_TYPE
    )


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order; what is in a forwarded mail is among them."""
    for part in message.walk():
        if not part.is_multipart():
            yield part


def _header(message: Message, name: str) -> str:
    """The header's words, whatever they are encoded as; empty when nobody can read them."""
    raw = str(message.get(name, ""))[:MOST_HEADER]
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        return ""
    return "".join(
        piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in pieces
    ).replace("\x00", "")


def _address(header: str) -> str:
    """The address, if it is one. The parser goes one deeper for each comment in another."""
    _name, address = parseaddr(header) if header.count("(") <= MOST_COMMENTS else ("", "")
    if len(address) > MOST_ADDRESS:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address


def _is_attachment(part: Message) -> bool:
    """Is it something else than the words of the mail?"""
    is_text = part.get_content_maintype() == "text"
    return part.get_content_disposition() == "attachment" or (
        not is_text and part.get_content_maintype() in {"image", "application"}
    )


def _enclosed(part: Message) -> Enclosed:
    inline = "Content-ID" in part and part.get_content_disposition() != "attachment"
    return Enclosed(_bytes(part), inline)


def _text_of(parts: list[Message]) -> str:
    """The plain words; those of the HTML where there are none."""
    words = [part for part in parts if not _is_attachment(part)]
    plain = [_words(part) for part in words if part.get_content_type() == "text/plain"]
    rich = [as_text(_words(part)) for part in words if part.get_content_type() == "text/html"]
    text = "\n\n".join(filter(str.strip, plain)) or "\n\n".join(rich)
    lines = (line.rstrip() for line in text.replace("\x00", "").splitlines())
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()[:MOST_TEXT]


def _words(part: Message) -> str:
    return _decoded(_bytes(part)[: MOST_TEXT * 5], part.get_content_charset())


def _bytes(part: Message) -> bytes:
    payload: Any = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(content: bytes, charset: str | None) -> str:
    """The words as text that can be stored: some charsets give halves of characters."""
    try:
        text = content.decode(charset or "utf-8", errors="replace")
    except (LookupError, ValueError):  # no such charset, or one that is not for text
        text = content.decode("latin-1")
    return text.encode(errors="replace").decode()


BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote", "table"})
SILENT = frozenset({"script", "style", "head", "title", "template"})
# Each piece ends at the next `<`, so a text is read once, however it is put together.
PIECE = re.compile(
    r"<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)[^<>]*>|(?P<comment><!--)|(?P<over>-->)|<[!?/][^<>]*>"
    r"|(?P<text>[^<\-]+|[<\-])",
    re.IGNORECASE,
)
ENDLESS_NUMBER = re.compile(r"&#x?[0-9a-f]{9,}", re.IGNORECASE)  # no character has such a number


def as_text(document: str) -> str:
    """The words of an HTML document as a reader would see them, without script, style or links."""
    words: list[str] = []
    inside = ""  # of what is not shown: a tag, or a comment
    for piece in PIECE.finditer(document):
        tag = (piece["tag"] or "").lower()
        if inside:
            over = piece["over"] if inside == "<!--" else piece["end"] and tag == inside
            inside = "" if over else inside
        elif piece["comment"] or (tag in SILENT and not piece["end"]):
            inside = piece["comment"] or tag
        elif tag in BREAKS:
            words.append("\n")
        elif text := piece["text"] or piece["over"]:
            words.append(text.replace("\n", " "))
    return _unescaped("".join(words))


def _unescaped(text: str) -> str:
    """Entities as the characters they stand for; every run of blanks within a line is one."""
    plain = html.unescape(ENDLESS_NUMBER.sub("", text))
    return "\n".join(" ".join(line.split()) for line in plain.split("\n"))
