"""Money is given back: each credit once, with its refund, its history and its mail."""

from orders.crediting.actions.correcting import NothingToCorrect, begin, correct_some
from orders.crediting.actions.late import credit_late_cards

__all__ = ["NothingToCorrect", "begin", "correct_some", "credit_late_cards"]
