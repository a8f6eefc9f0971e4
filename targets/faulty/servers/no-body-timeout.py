"""It waits for the rest of a body without end."""

from sound import Connection, run


class Faulty(Connection):
    BODY_MS = None


run(connection=Faulty)
