"""Money is whole øre in integers named `..._ore`."""

from dataclasses import dataclass

VAT_PER_CENT = 25  # merverdiavgiftsloven § 5-1, the Storting's yearly VAT decision § 2


@dataclass(frozen=True)
class Amount:
    """An amount without VAT and the VAT on it, both in øre."""

    net_ore: int
    vat_ore: int

    @property
    def gross_ore(self) -> int:
        return self.net_ore + self.vat_ore

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.net_ore + other.net_ore, self.vat_ore + other.vat_ore)

    def times(self, quantity: int) -> "Amount":
        """The amount for several of the same, each rounded by itself: a part can be captured."""
        return Amount(self.net_ore * quantity, self.vat_ore * quantity)


ZERO = Amount(0, 0)


def with_vat(net_ore: int, per_cent: int = VAT_PER_CENT) -> Amount:
    """The amount with VAT, half an øre rounded up."""
    return Amount(net_ore, (net_ore * per_cent * 2 + 100) // 200)
