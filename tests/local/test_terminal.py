"""Trouble is told in words that help."""

from hmskort.local.terminal import ending


def test_a_full_disk_is_called_that(tmp_path):
    log = tmp_path / "postgres.log"
    log.write_text("FATAL: could not extend file\nHINT:  Check free disk space.\n")
    assert ending(log) == "the disk is full."


def test_any_other_cause_is_shown_as_the_log_has_it(tmp_path):
    log = tmp_path / "worker.log"
    log.write_text("\n".join(f"line {number}" for number in range(100)))
    text = ending(log, lines=2)
    assert text == f"{log} ends with:\n    line 98\n    line 99"
