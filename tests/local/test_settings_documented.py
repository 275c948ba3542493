"""Operators find every setting on one page."""

import re

from hmskort.local.places import ROOT

READ = re.compile(r'env\.\w+\((?:\s*#[^\n]*)?\s*"(\w+)"')


def test_every_variable_that_settings_read_is_in_the_table():
    read = set(READ.findall((ROOT / "hmskort" / "settings.py").read_text()))
    told = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    assert sorted(read - told) == []
