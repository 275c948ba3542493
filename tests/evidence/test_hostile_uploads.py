"""What strangers may send: each file is taken, or refused with a reason. Nothing else happens."""

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from hmskort.common.uploads import decoder
from hmskort.common.uploads.limits import MOST_PIXELS, FileType, Rejected
from hmskort.common.uploads.pictures import TURNS
from tests.evidence.faces import encoded, good, jpeg


def cleaned(data: bytes, kind: str = "portrait") -> Image.Image:
    picture = decoder.cleaned(data, kind)
    image = Image.open(io.BytesIO(picture.jpeg))
    image.load()
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert image.size == (picture.width, picture.height)
    return image


def refusal(data: bytes, kind: str = "portrait") -> str:
    with pytest.raises(Rejected) as caught:
        decoder.cleaned(data, kind)
    return caught.value.code


def png_that_claims(width: int, height: int) -> bytes:
    """A tiny file whose header promises enormous dimensions."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf(image: Image.Image, pages: int = 1) -> bytes:
    return encoded(image, "PDF", save_all=True, append_images=[image] * (pages - 1))


REFUSED = {
    "text named jpg": (b"I am not a picture", "wrong_type"),
    "an HTML page": (b"<!doctype html><script>alert(1)</script>", "wrong_type"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "wrong_type"),
    "a GIF": (encoded(good(), "GIF"), "wrong_type"),
    "a WebP": (encoded(good(), "WEBP"), "wrong_type"),
    "a TIFF": (encoded(good(), "TIFF"), "wrong_type"),
    "an iPhone's HEIC": (b"\0\0\0\x24ftypheic" + b"\0" * 60, "heic"),
    "a JPEG cut short": (jpeg(good())[:20_000], "damaged"),
    "a JPEG of only its start": (b"\xff\xd8\xff\xe0", "damaged"),
    "a PNG cut short": (encoded(good(), "PNG")[:50_000], "damaged"),
    "a PNG that promises more than it holds": (png_that_claims(2000, 2000), "damaged"),
    "a PNG bomb": (encoded(Image.new("1", (30_000, 30_000)), "PNG"), "too_many_pixels"),
    "a PNG of impossible size": (png_that_claims(2**31 - 1, 2**31 - 1), "too_many_pixels"),
    "a JPEG of 64 million pixels": (jpeg(Image.new("L", (8000, 8000))), "too_many_pixels"),
    "a stamp": (jpeg(good().resize((240, 300))), "too_few_pixels"),
    "a line": (jpeg(good().resize((4000, 10))), "too_few_pixels"),
    "a PDF as portrait": (pdf(good()), "pdf_not_here"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_a_reason(data, code):
    assert refusal(data) == code


def exif_of(**tags: object) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 45.0)  # GPS latitude
    for name, value in tags.items():
        exif[{"orientation": 0x0112}[name]] = value
    return exif


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


TAKEN = {
    "JPEG": jpeg(good()),
    "progressive JPEG": jpeg(good(), progressive=True),
    "CMYK JPEG": jpeg(good().convert("CMYK")),
    "grey JPEG": jpeg(good().convert("L")),
    "JPEG with a profile": jpeg(good(), icc_profile=profile()),
    "JPEG with a broken profile": jpeg(good(), icc_profile=b"not a profile"),
    "JPEG with a script behind it": jpeg(good()) + b"<script>alert(1)</script>PK\x03\x04",
    "phone's JPEG with two pictures": encoded(good(), "MPO", save_all=True, append_images=[good()]),
    "PNG": encoded(good(), "PNG"),
    "see-through PNG": encoded(good().convert("RGBA"), "PNG"),
    "palette PNG": encoded(good().convert("P"), "PNG"),
    "black and white PNG": encoded(good().convert("1"), "PNG"),
    "16-bit PNG": encoded(
        Image.fromarray(np.asarray(good().convert("L")).astype("uint16") * 257), "PNG"
    ),
    "animated PNG": encoded(good(), "PNG", save_all=True, append_images=[good().rotate(90)]),
}


@pytest.mark.parametrize("data", TAKEN.values(), ids=TAKEN)
def test_it_is_taken_and_looks_as_it_did(data):
    small = np.asarray(cleaned(data).convert("L").resize((24, 30))).astype(int)
    before = np.asarray(good().convert("L").resize((24, 30))).astype(int)
    assert abs(small - before).mean() < 12


def test_nothing_but_the_picture_is_kept():
    data = jpeg(good(), exif=exif_of(), comment=b"written by Kari", icc_profile=profile())
    assert b"Camera" in data
    kept = decoder.cleaned(data + b"<script>", "portrait").jpeg
    for secret in (b"Camera", b"Exif", b"Kari", b"ICC_PROFILE", b"<script>", b"photoshop"):
        assert secret not in kept
    image = Image.open(io.BytesIO(kept))
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_comment_in_a_png_is_not_kept():
    words = PngInfo()
    words.add_text("comment", "written by Kari")
    assert b"Kari" not in decoder.cleaned(encoded(good(), "PNG", pnginfo=words), "portrait").jpeg


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_that_the_camera_held_another_way_stands_upright(orientation):
    undo = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    turn = undo.get(orientation, TURNS.get(orientation))
    stored = good() if turn is None else good().transpose(turn)
    image = cleaned(jpeg(stored, exif=exif_of(orientation=orientation)))
    assert image.size == good().size
    difference = np.asarray(image.resize((24, 30))).astype(int) - good().resize((24, 30))
    assert abs(difference).mean() < 6


def test_transparent_parts_become_white():
    clear = Image.new("RGBA", (700, 900), (255, 0, 0, 0))
    assert cleaned(encoded(clear, "PNG")).getpixel((350, 450)) == (255, 255, 255)


def test_a_large_picture_is_scaled_down_and_a_small_one_is_not_blown_up():
    assert cleaned(jpeg(good().resize((4000, 5000)))).size == (1280, 1600)
    assert cleaned(jpeg(good().resize((600, 750)))).size == (600, 750)


def test_a_picture_that_lies_down_is_large_enough_when_its_sides_are():
    assert cleaned(jpeg(good().resize((750, 600)))).size == (750, 600)


def test_a_pdf_of_an_id_becomes_a_picture_of_its_first_two_pages():
    card = good().resize((1000, 700))
    one, three = cleaned(pdf(card), "id_copy"), cleaned(pdf(card, pages=3), "id_copy")
    assert three.height == 2 * one.height
    assert one.width == three.width


def test_a_pdf_that_is_none_or_locked_is_refused():
    assert refusal(b"%PDF-1.7 but nothing more", "id_copy") == "damaged"
    assert refusal(locked_pdf(), "id_copy") == "protected_pdf"


def locked_pdf() -> bytes:
    """The smallest file with a password that is not empty."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"28" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [<00><00>] >>\n"
    return out + b"startxref\n%d\n%%%%EOF" % start


def test_the_largest_picture_that_is_allowed_fits_in_the_child():
    side = int(MOST_PIXELS[FileType.PNG] ** 0.5)
    assert max(cleaned(encoded(Image.new("RGBA", (side, side), "red"), "PNG")).size) == 1600


def test_a_dead_process_is_started_again():
    cleaned(jpeg(good()))
    process = decoder._decoder._process
    process.kill()
    process.wait()
    assert cleaned(jpeg(good())).size == good().size


def test_a_process_that_dies_before_anybody_noticed_costs_nothing():
    cleaned(jpeg(good()))
    decoder._decoder._control.shutdown(2)  # the process ends; its death is not yet known
    assert cleaned(jpeg(good())).size == good().size


def test_many_files_at_once_come_back_to_those_who_sent_them():
    sizes = [(600 + 10 * n, 750 + 10 * n) for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        pictures = list(pool.map(lambda size: cleaned(jpeg(good().resize(size))).size, sizes))
    assert pictures == sizes


def test_the_process_has_none_of_the_portal_s_secrets():
    cleaned(jpeg(good()))
    given = Path(f"/proc/{decoder._decoder._process.pid}/environ").read_bytes()
    assert b"HMSKORT" not in given
    assert b"DATABASE_URL" not in given


def test_the_process_ends_when_the_portal_does():
    own = decoder.Decoder()
    own.cleaned(jpeg(good()), "portrait")
    own.close()
    assert own._process.returncode == 0
