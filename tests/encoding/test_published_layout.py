"""A decoder made from the published description alone reads what the station wrote."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from encoding.content import Kind
from encoding.readers.card import blank
from encoding.readers.virtual import VirtualReader
from encoding.writer import Expect, write
from tests.encoding import independent_decoder
from tests.encoding.builders import UID, a_card, as_file, build_content

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "chip.md").read_text()


def test_the_decoder_imports_nothing_of_the_encoder():
    tree = ast.parse(Path(independent_decoder.__file__).read_text())
    names = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert {name.split(".")[0] for name in names} == {"base64", "hashlib", "zlib", "cryptography"}


@pytest.mark.feature("F131")
@pytest.mark.parametrize("kind", list(Kind))
def test_a_dump_of_a_written_card_decodes_by_the_description_alone(bench, a_plan, key_set, kind):
    content = build_content(kind=kind, given_names="Łukasz Jan", surname="Bøe-Žalys")
    write(bench.reader, a_plan(content, uid=bench.reader.select()), expect=Expect.BLANK)
    dump = bytes(bench.virtual.chip.card.memory)
    found = independent_decoder.decode(dump, key_set)
    assert {name: found[name] for name in content.to_json()} == content.to_json()
    assert (found["uid"], found["generation"], found["shortened"]) == (UID.hex(), 1, False)


def test_the_other_decoder_believes_no_blank_and_no_altered_card(bench, a_plan, key_set):
    with pytest.raises(ValueError, match="public record"):
        independent_decoder.decode(blank(UID), key_set)
    write(bench.reader, a_plan(uid=bench.reader.select()), expect=Expect.BLANK)
    dump = bytearray(bench.virtual.chip.card.memory)
    dump[2 * 64 + 3] ^= 1
    with pytest.raises(ValueError, match="not committed"):
        independent_decoder.decode(bytes(dump), key_set)


def test_every_field_of_the_profile_stands_in_the_document(reference):
    for record in (reference.public, reference.commit, *reference.personal.values()):
        for part in record.parts:
            assert f"`{part.name}`" in DOCUMENT


def run(*arguments, keys):
    return subprocess.run(
        [sys.executable, "-m", "encoding", *arguments],
        cwd=ROOT,
        env={**os.environ, "HMSKORT_CHIP_KEYS": str(keys)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_commands_write_read_decode_and_make_a_key_dump(tmp_path, keys_directory):
    content = build_content()
    as_file(tmp_path / "content.json", content)
    (tmp_path / "keys.json").write_text(run("keys", "jwks", keys_directory, keys="").stdout)
    with VirtualReader(a_card()) as virtual:
        written = run(
            "write", "--reader", virtual.path, tmp_path / "content.json", keys=keys_directory
        )
        assert json.loads(written.stdout)["uid"] == UID.hex()
        read = run(
            *("read", "--reader", virtual.path, "--jwks", tmp_path / "keys.json"),
            *("--out", tmp_path / "card.mfd"),
            keys=keys_directory,
        )
        assert json.loads(read.stdout)["signature"] == "holds"
        again = run(
            "write", "--reader", virtual.path, tmp_path / "content.json", keys=keys_directory
        )
        assert (again.returncode, again.stdout) == (1, "")
        memory = bytes(virtual.chip.card.memory)
    said = json.loads(run("decode", tmp_path / "card.mfd", keys="").stdout)
    assert {name: said[name] for name in content.to_json()} == content.to_json()
    run(
        *("keyfile", "--uid", UID.hex(), "--with-write-keys", "--out", tmp_path / "dump.mfd"),
        keys=keys_directory,
    )
    dump = (tmp_path / "dump.mfd").read_bytes()
    for sector in range(40):
        trailer = (sector * 4 + 3 if sector < 32 else 143 + (sector - 32) * 16) * 16
        assert dump[trailer : trailer + 6] == memory[trailer : trailer + 6]
        assert dump[trailer + 10 : trailer + 16] == memory[trailer + 10 : trailer + 16]


def test_a_command_that_cannot_do_it_says_why_in_one_line(tmp_path, keys_directory):
    (tmp_path / "short").write_bytes(bytes(12))
    failed = run("decode", tmp_path / "short", keys="")
    assert (failed.returncode, failed.stderr) == (1, "encoding: image: 12 bytes, not 4096\n")
    failed = run("read", "--reader", "/dev/none", keys="")
    assert failed.stderr == "encoding: no keys: give --keys DIR or set HMSKORT_CHIP_KEYS\n"
    failed = run("keys", "new", keys_directory, keys="")
    assert "never overwritten" in failed.stderr
