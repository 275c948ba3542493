"""The automatic check of a portrait: one face, damaged in known ways."""

from datetime import date

import pytest
from PIL import Image

from orders.evidence.photo import measuring, rules, texts
from tests.evidence import faces

ON = date(2026, 11, 21)
ADVICE = [
    ("a good picture", faces.good, []),
    ("blurred", faces.blurred, ["sharpness.blurred"]),
    ("dark", faces.dark, ["brightness.dark"]),
    ("too bright", faces.bright, ["brightness.bright"]),
    ("without colour", faces.grey, ["colour.grey"]),
    ("head on one side", faces.tilted, ["tilt.tilted"]),
    ("half in shadow", faces.half_in_shadow, ["side_light.uneven"]),
    ("far from the camera", faces.small_in_the_picture, ["size.small"]),
    ("before a flag", faces.on_a_flag, ["background.busy"]),
    ("two people", faces.two_people, ["face.several"]),
    ("behind a mask", faces.masked, ["face.none"]),
    ("a cat", faces.cat, ["face.none"]),
]


def look_at(picture: Image.Image) -> tuple[rules.Measured, list[rules.Finding]]:
    seen = measuring.measured(measuring.decoded(faces.jpeg(picture)))
    return seen, rules.judged(seen, ON)


def advice(findings: list[rules.Finding]) -> list[str]:
    return [finding.text for finding in findings if finding.verdict != "ok"]


@pytest.mark.parametrize(("what", "picture", "expected"), ADVICE, ids=[row[0] for row in ADVICE])
def test_each_damage_is_seen_and_named(what, picture, expected):
    _seen, findings = look_at(picture())
    assert set(expected) <= set(advice(findings))
    if not expected:
        assert advice(findings) == []


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_picture_that_lies_down_is_turned_until_the_face_is_upright(degrees):
    seen, findings = look_at(faces.turned(degrees))
    assert seen.turned == degrees  # turned clockwise what was turned counter-clockwise
    assert advice(findings) == []


def test_only_a_missing_face_or_several_faces_are_called_bad():
    for _what, picture, expected in ADVICE:
        _seen, findings = look_at(picture())
        bad = [finding.text for finding in findings if finding.verdict == "bad"]
        assert bad == [text for text in expected if text.startswith("face.")]


def test_sharpness_does_not_mistake_a_dark_picture_for_a_blurred_one():
    assert "sharpness.blurred" not in advice(look_at(faces.dark())[1])


def test_the_crop_has_the_card_s_shape_and_holds_the_whole_face():
    for picture in (faces.good(), faces.on_a_flag(), faces.small_in_the_picture()):
        seen, _findings = look_at(picture)
        crop, face = rules.crop_for(seen), seen.faces[0]
        assert crop.width / crop.height == pytest.approx(4 / 5, abs=0.01)
        assert crop.left >= 0
        assert crop.top >= 0
        assert crop.left + crop.width <= seen.width
        assert crop.top + crop.height <= seen.height
        assert crop.left <= face.left
        assert face.left + face.width <= crop.left + crop.width
        assert crop.top <= face.top
        assert face.top + face.height <= crop.top + crop.height


def test_without_a_face_the_middle_of_the_picture_is_cropped():
    seen, _findings = look_at(faces.cat())
    crop = rules.crop_for(seen)
    assert crop.height == seen.height
    assert abs(crop.left + crop.width / 2 - seen.width / 2) <= 1


def test_every_finding_there_can_be_has_words():
    assert set(texts.SEEN) >= set(texts.ADVICE)
    assert {code for code in texts.SEEN if not code.endswith((".ok", ".one"))} == set(texts.ADVICE)
    for code in texts.SEEN:
        assert code.partition(".")[0] in texts.CHECKS
