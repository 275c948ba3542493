"""How a card looks: front and back as pages of the size of the card."""
