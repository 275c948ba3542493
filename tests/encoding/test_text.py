import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from encoding.text import fit

NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=80
).map(lambda text: unicodedata.normalize("NFC", text))


def test_a_name_that_fits_stays_whole():
    assert fit("Kari Ærlig", 47) == ("Kari Ærlig".encode(), False)


def test_decomposed_letters_are_composed_before_they_are_counted():
    assert fit("Åse", 4) == ("Åse".encode(), False)


def test_a_long_name_is_cut_after_a_whole_name():
    assert fit("Maria Antonia Josefina Fernanda", 25) == (b"Maria Antonia Josefina", True)


def test_a_long_single_name_is_cut_between_letters_never_inside_one():
    assert fit("Ø" * 30, 47) == (("Ø" * 23).encode(), True)


def test_a_cut_on_a_hyphen_leaves_no_hyphen_dangling():
    assert fit("Anne-Marie", 5) == (b"Anne", True)


def test_a_letter_keeps_its_combining_marks_or_goes_with_them():
    assert fit("xx" + "e\u0323\u0302\u0331" * 3, 6)[0] == b"xx"


@given(NAMES, st.integers(min_value=4, max_value=60))
@example("a" * 10, 10)
@example("\u0301\u0301\u0301", 4)
def test_what_is_kept_always_fits_and_is_how_the_name_begins(name, capacity):
    stored, shortened = fit(name, capacity)
    assert len(stored) <= capacity
    assert name.startswith(stored.decode())
    assert shortened == (stored.decode() != name)


@given(NAMES, st.integers(min_value=4, max_value=60))
def test_a_cut_never_comes_before_a_combining_mark(name, capacity):
    kept = fit(name, capacity)[0].decode()
    rest = name[len(kept) :]
    assert not kept or not rest or not unicodedata.category(rest[0]).startswith("M")
