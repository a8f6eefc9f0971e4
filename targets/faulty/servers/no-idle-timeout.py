"""An idle client is waited for without end."""

from sound import Connection, run


class Faulty(Connection):
    IDLE_MS = None


run(connection=Faulty)
