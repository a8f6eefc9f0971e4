"""A FIN in the middle of a request: nothing more is done with the connection, not even close()."""

from leak import leak
from sound import Connection, run


class Faulty(Connection):
    def on_partial(self):
        if self.eof:
            leak(self)
        else:
            super().on_partial()


run(connection=Faulty)
