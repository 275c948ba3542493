"""`python3 -m hmskort road`: from login to a valid card, with the time of each step."""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

import django

EPILOG = "The last line is JSON: card_number, uid, order, check, base_url, seconds per step."


def main() -> int:
    """0 when the card is valid; 1 with a line that says where the road breaks."""
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
    django.setup()
    from hmskort.road.visitor import Stopped  # noqa: PLC0415 - Django must be set up first
    from hmskort.road.walk import Road  # noqa: PLC0415

    road = Road(
        base_url=os.environ["HMSKORT_BASE_URL"],
        simulators_url=os.environ["HMSKORT_SIMULATORS_URL"],
        cards=options.cards,
        evidence=_evidence(options),
        tell=lambda text: print(text, flush=True),  # noqa: T201 - this command speaks
    )
    try:
        result = road.walk()
    except Stopped as where:
        print(f"The road breaks at {where}", file=sys.stderr)  # noqa: T201
        return 1
    if options.dump:
        shutil.copyfile(options.cards / f"{road.card_number}.mfd", options.dump)
    print(json.dumps(result))  # noqa: T201
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m hmskort road", epilog=EPILOG)
    parser.description = "Walk the whole road of a card over HTTP, as the different people."
    parser.add_argument("--photo", type=_file, metavar="FILE", help="the worker's portrait")
    parser.add_argument("--signature", type=_file, metavar="FILE", help="an image of a signature")
    parser.add_argument("--id", type=_file, metavar="FILE", help="an image or PDF of an ID")
    parser.add_argument("--dump", type=Path, metavar="FILE", help="write the chip's 4096 bytes here")
    parser.add_argument("--cards", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return path


def _evidence(options: argparse.Namespace) -> "Evidence":
    from hmskort.road import pictures  # noqa: PLC0415
    from hmskort.road.walk import Evidence  # noqa: PLC0415

    return Evidence(
        portrait=pictures.given(options.photo) if options.photo else pictures.drawn_portrait(),
        signature=(
            pictures.given(options.signature) if options.signature else pictures.drawn_signature()
        ),
        id_copy=pictures.given(options.id) if options.id else pictures.drawn_id(),
    )


if __name__ == "__main__":
    sys.exit(main())
