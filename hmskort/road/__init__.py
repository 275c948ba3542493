"""The road of a card, walked over HTTP as the different people."""
