"""A client that resets in the middle of its request: the socket is never closed."""

from leak import leak
from sound import BODY, HEAD, Connection, run


class Faulty(Connection):
    def on_reset(self):
        if self.phase in (HEAD, BODY):
            leak(self)
        else:
            super().on_reset()


run(connection=Faulty)
