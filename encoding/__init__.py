"""The chip: which bytes stand on a card, how they get there, and how they are read back.

Plain Python: no Django and nothing of the portal, so that an encoding station runs on a small
machine. Only `encoding.readers.hardware` imports nfcpy; `content`, `stripe`, `jwks` and
`attestation` are what the portal uses.
"""
