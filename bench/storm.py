"""Money in a storm: what is left when everything has been killed, and the payment service failed.

    python3 -m hmskort bench storm [--faults N] [--orders N] [--people N] [--seed N]

A whole portal of real processes. Four companies order for 1-5 people at a time; somebody pays,
turns back, or pays with a card that will not be charged or refunded; a reviewer approves and
refuses; people are mended and withdrawn; the last day of some cards passes. Meanwhile web, worker,
beat, broker, PostgreSQL and the simulated world are killed with -9 and started again, the payment
service is slow, silent, loses its answers, answers 500, 429 or nonsense, and every webhook comes
three times and out of order.

Afterwards, asked of the payment service's own books: invariants 1 (orders), 2 (money),
5 (messages) and 6 (history), and how long it took to come to rest. Each check is then shown to
fail on tampered evidence.
"""

import argparse
import json
import sys
from collections import Counter

from tests.processes.portal import a_portal
from tests.processes.storm.storm import REST_WITHIN_S, Outcome, Size, storm
from tests.processes.storm.tampering import HOW_MANY

INVARIANTS = {1: "every accepted order has ended", 2: "the money adds up",
              5: "messages arrive", 6: "history has no hole"}  # fmt: skip
TOLD = 20  # violations of each kind


def main() -> int:
    options = _options()
    size = Size(options.faults, options.orders, options.seed, options.people)
    with a_portal() as portal:
        outcome = storm(portal, size, tell=lambda text: print(text, flush=True))
    _tell(outcome)
    found = outcome.evidence
    result = {
        "bench": "storm", "faults": sum(outcome.dealt.values()), "orders": len(found.orders),
        "lines": len(found.lines), "kills": found.kills, "seed": options.seed,
        "ours": len(outcome.violations), "limit": 0, "target": 0,
        "rest_s": round(outcome.rested_s, 1), "rest_target_s": REST_WITHIN_S,
        "tamperings_noticed": HOW_MANY - len(outcome.unnoticed), "tamperings": HOW_MANY,
        "ok": outcome.ok,
    }  # fmt: skip
    print(json.dumps(result))
    return 0 if outcome.ok else 1


def _tell(outcome: Outcome) -> None:
    found = outcome.evidence
    print(f"\n{'fault':<28}{'times':>6}")
    for what, times in sorted(outcome.dealt.items()):
        print(f"{what:<28}{times:>6}")
    print(f"\n{len(found.orders)} orders, lines: {dict(outcome.lines)}")
    moved = Counter()
    for book in found.books.values():
        moved["reserved"] += book["reserved"]
        moved["charged"] += sum(one["amount"] for one in book["charges"])
        moved["cancelled"] += book["cancelled"]
        moved["refunded"] += sum(o["amount"] for o in book["refunds"] if o["state"] != "Failed")
        moved["left"] += book["left"]
    print("the payment service's books, øre:", dict(moved))
    again = sum(times - 1 for times in found.arrived.values())
    print(f"{len(found.written)} messages, {again} of them came again; {found.kills} kills")
    print(f"stormed for {outcome.stormed_s:.0f} s, at rest {outcome.rested_s:.1f} s after it\n")
    broken = Counter(number for number, _ in outcome.violations)
    for number, what in INVARIANTS.items():
        print(f"{number}  {what:<34}{broken[number] or 'holds':>8}")
        for told in [told for which, told in outcome.violations if which == number][:TOLD]:
            print(f"      {told}")
    print(f"tampered evidence noticed: {HOW_MANY - len(outcome.unnoticed)} of {HOW_MANY}")
    for missed in outcome.unnoticed:
        print(f"      not noticed: {missed}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m hmskort bench storm")
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--orders", type=int, default=80)
    parser.add_argument("--people", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
