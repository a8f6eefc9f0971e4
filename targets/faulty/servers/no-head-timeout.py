"""It waits for the rest of a head without end."""

from sound import Connection, run


class Faulty(Connection):
    HEAD_MS = None


run(connection=Faulty)
