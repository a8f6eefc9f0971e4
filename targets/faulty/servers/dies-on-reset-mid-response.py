"""ECONNRESET while it sends an answer, and nobody handles it."""

from sound import ANSWERING, WORKING, Connection, run


class Faulty(Connection):
    def on_reset(self):
        if self.phase in (WORKING, ANSWERING):
            raise ConnectionResetError(self.phase)
        super().on_reset()


run(connection=Faulty)
