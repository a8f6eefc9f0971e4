"""A client that resets while it is answered takes all others with it."""

from sound import ANSWERING, WORKING, Connection, run


class Faulty(Connection):
    def on_reset(self):
        if self.phase in (WORKING, ANSWERING):
            for other in list(self.server.connections - {self}):
                other.close()
        super().on_reset()


run(connection=Faulty)
