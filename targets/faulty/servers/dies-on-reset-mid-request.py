"""ECONNRESET while it reads a request, and nobody handles it."""

from sound import BODY, HEAD, Connection, run


class Faulty(Connection):
    def on_reset(self):
        if self.phase in (HEAD, BODY):
            raise ConnectionResetError(self.phase)
        super().on_reset()


run(connection=Faulty)
