"""Everything that changes an orderer: registration, contact, password, codes, agreements."""
