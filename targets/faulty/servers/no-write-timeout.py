"""It waits without end for a client that has stopped reading, or is gone."""

from sound import Connection, run


class Faulty(Connection):
    def on_write_look(self):
        pass


run(connection=Faulty)
