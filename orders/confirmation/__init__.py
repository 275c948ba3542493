"""The proof that a card is ordered, for who works while it is made: as a page and as PDF."""
