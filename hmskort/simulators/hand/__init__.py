"""A hand on the world: facts of people and companies, changed as an authority would change them.

Each change goes out on the register's feed where the real register has one: Enhetsregisteret and
Folkeregisteret. The others tell only those who ask again.
"""


class NotPossible(ValueError):
    """The person or company is not such that this can happen to it."""
