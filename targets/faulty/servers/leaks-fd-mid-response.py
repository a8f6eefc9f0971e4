"""A client that resets while it is answered: the socket is never closed."""

from leak import leak
from sound import ANSWERING, WORKING, Connection, run


class Faulty(Connection):
    def on_reset(self):
        if self.phase in (WORKING, ANSWERING):
            leak(self)
        else:
            super().on_reset()


run(connection=Faulty)
