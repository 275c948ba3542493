"""A decoder of reference-1 written from `docs/chip.md` and nothing else of the product.

decode(image, key_set) -> dict, or ValueError. `key_set` is the published JWKS (a dict).
"""

import base64
import hashlib
import zlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def decode(image, key_set):
    if len(image) != 4096:
        raise ValueError("a card has 4096 bytes")
    uid = image[:4] if image[0] ^ image[1] ^ image[2] ^ image[3] == image[4] else image[:7]
    public = _sector(image, 1)[:48]
    if public[:5] != b"HMSK\x01" or public[7] or any(public[29:32]) or any(public[40:48]):
        raise ValueError("no public record of reference-1")
    kind = {1: "construction", 2: "cleaning"}[public[5]]
    sectors = {"construction": [2, 3, 4, 5], "cleaning": [33]}[kind]
    _check_directory(image, {1, 32, *sectors})
    length = int.from_bytes(public[36:38], "big")
    stored = b"".join(_sector(image, sector) for sector in sectors)
    personal, rest = stored[:length], stored[length:]
    if any(rest):
        raise ValueError("bytes after the personal record")
    commit = _sector(image, 32)[:112]
    if commit[:4] != b"SIGN" or commit[80:112] != hashlib.sha256(personal).digest():
        raise ValueError("not committed")
    _verify(key_set, commit[4:12], commit[16:80], uid + public + commit[80:112])
    card = _construction(personal) if kind == "construction" else _cleaning(personal)
    for name, value in {
        "card_number": public[8:16].decode(),
        "orgnr": public[16:25].decode(),
        "issued_on": _date(public[25:29]),
        "expires_on": _date(public[32:36]),
    }.items():
        if card[name] != value:
            raise ValueError(f"{name}: the records disagree")
    return {
        **card,
        "kind": kind,
        "uid": uid.hex(),
        "shortened": bool(public[6] & 1),
        "generation": public[38],
        "key_version": public[39],
    }


def _sector(image, number):
    """The sector's data blocks; its trailer is left out."""
    if number < 32:
        return image[number * 64 : number * 64 + 48]
    start = 2048 + (number - 32) * 256
    return image[start : start + 240]


def _check_directory(image, used):
    for raw, first in ((image[16:48], 1), (image[1024:1072], 17)):
        if _crc8(raw[1:]) != raw[0] or raw[1] != 1:
            raise ValueError("directory")
        for place in range(2, len(raw), 2):
            sector = first + (place - 2) // 2
            if (raw[place : place + 2] == b"\xf0\x51") != (sector in used):
                raise ValueError(f"directory: sector {sector}")


def _crc8(data):
    crc = 0xC7
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1D if crc & 0x80 else crc << 1) & 0xFF
    return crc


def _verify(key_set, key_id, signature, signed):
    for key in key_set["keys"]:
        raw = base64.urlsafe_b64decode(key["x"] + "=")
        if hashlib.sha256(raw).digest()[:8] == key_id and key["kid"] == key_id.hex():
            message = b"hmskort-chip-1" + signed
            Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
            return
    raise ValueError("signed by a key that is not published")


def _construction(raw):
    if zlib.crc32(raw[:176]).to_bytes(4, "big") != raw[176:180]:
        raise ValueError("CRC-32")
    return {
        "given_names": _text(raw[0:48]),
        "surname": _text(raw[48:96]),
        "org_name": _text(raw[96:144]),
        "orgnr": raw[144:153].decode(),
        "birth_date": _date(raw[153:157]),
        "sex": chr(raw[157]),
        "card_number": raw[160:168].decode(),
        "expires_on": _date(raw[168:172]),
        "issued_on": _date(raw[172:176]),
    }


def _cleaning(raw):
    found, place = {}, 0
    while place < len(raw):
        tag, size = raw[place], raw[place + 1]
        found[tag] = raw[place + 2 : place + 2 + size]
        place += 2 + size
    return {
        "given_names": found[1].decode(),
        "surname": found[2].decode(),
        "birth_date": _date(found[3]),
        "sex": found[4].decode(),
        "org_name": found[5].decode(),
        "orgnr": found[6].decode(),
        "card_number": found[7].decode(),
        "expires_on": _date(found[8]),
        "issued_on": _date(found[9]),
    }


def _text(raw):
    return raw[1 : 1 + raw[0]].decode()


def _date(raw):
    digits = raw.hex()
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
