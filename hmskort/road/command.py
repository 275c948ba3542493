"""What the command takes and says."""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

from hmskort.road import pictures
from hmskort.road.visitor import Stopped
from hmskort.road.walk import Evidence, Road

EPILOG = "The last line is JSON: card_number, uid, order, check, base_url, seconds per step."


def run() -> int:
    """0 when the card is valid; 1 with a line that says where the road breaks."""
    options = _options()
    road = Road(
        base_url=os.environ["HMSKORT_BASE_URL"],
        simulators_url=os.environ["HMSKORT_SIMULATORS_URL"],
        cards=options.cards,
        evidence=_evidence(options),
        tell=_say,
    )
    try:
        result = road.walk()
    except Stopped as where:
        print(f"The road breaks at {where}", file=sys.stderr)
        return 1
    if options.dump:
        shutil.copyfile(options.cards / f"{road.card_number}.mfd", options.dump)
    _say(json.dumps(result))
    return 0


def _say(text: str) -> None:
    print(text, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m hmskort road",
        description="Walk the whole road of a card over HTTP, as the different people.",
        epilog=EPILOG,
    )
    parser.add_argument("--photo", type=_file, metavar="FILE", help="the worker's portrait")
    parser.add_argument("--signature", type=_file, metavar="FILE", help="an image of a signature")
    parser.add_argument("--id", type=_file, metavar="FILE", help="an image or PDF of an ID")
    parser.add_argument("--dump", type=Path, metavar="FILE", help="write the chip's image here")
    parser.add_argument("--cards", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return path


def _evidence(options: argparse.Namespace) -> Evidence:
    return Evidence(
        portrait=_given(options.photo) or pictures.drawn_portrait(),
        signature=_given(options.signature) or pictures.drawn_signature(),
        id_copy=_given(options.id) or pictures.drawn_id(),
    )


def _given(path: Path | None) -> pictures.Picture | None:
    return pictures.given(path) if path else None
