import base64

import pytest

from encoding.attestation import ReportRefused, verify_report
from encoding.content import Kind, Sex
from encoding.station import report
from encoding.writer import Expect, write
from tests.encoding.builders import build_content


@pytest.fixture
def a_report(bench, a_plan):
    def build(content):
        card = a_plan(content, uid=bench.reader.select())
        return report(write(bench.reader, card, expect=Expect.BLANK))

    return build


@pytest.mark.parametrize("kind", list(Kind))
def test_a_true_report_is_believed(a_report, key_set, kind):
    content = build_content(kind=kind)
    verify_report(a_report(content), content, key_set)


@pytest.mark.feature("F128")
def test_a_report_of_another_card_number_is_not(a_report, key_set):
    told = a_report(build_content())
    with pytest.raises(ReportRefused, match="card_number") as refused:
        verify_report(told, build_content(card_number="99999999"), key_set)
    assert refused.value.code == "content"


@pytest.mark.parametrize(
    "change",
    [{"orgnr": "111111111"}, {"kind": Kind.CLEANING}, {"generation": 2}],
)
def test_a_report_of_other_content_is_not(a_report, key_set, change):
    told = a_report(build_content())
    with pytest.raises(ReportRefused):
        verify_report(told, build_content(**change), key_set)


def test_what_is_not_in_the_public_record_is_not_the_portals_to_compare(a_report, key_set):
    told = a_report(build_content())
    verify_report(told, build_content(sex=Sex.UNKNOWN, surname="Lie"), key_set)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("uid", "1f02a3b5", "signature"),
        ("uid", "1f02", "malformed"),
        ("uid", "zz", "malformed"),
        ("personal_digest", "00" * 32, "signature"),
        ("key_id", "00" * 8, "signature"),
        ("public_record", base64.b64encode(bytes(48)).decode(), "signature"),
        ("public_record", "not base64", "malformed"),
        ("signature", base64.b64encode(bytes(64)).decode(), "signature"),
        ("image_digest", "00", "malformed"),
        ("image_digest", None, "malformed"),
    ],
)
def test_a_report_with_one_wrong_part_is_refused_with_its_reason(
    a_report, key_set, name, value, code
):
    told = {**a_report(build_content()), name: value}
    with pytest.raises(ReportRefused) as refused:
        verify_report(told, build_content(), key_set)
    assert refused.value.code == code


def test_a_report_without_a_part_is_refused(a_report, key_set):
    told = a_report(build_content())
    del told["signature"]
    with pytest.raises(ReportRefused):
        verify_report(told, build_content(), key_set)
