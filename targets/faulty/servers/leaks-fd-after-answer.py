"""A client that has closed its sending side is answered, and then forgotten: CLOSE_WAIT, without end."""

from leak import leak
from sound import Connection, run


class Faulty(Connection):
    def finish(self):
        if self.eof and not self.last:
            leak(self)
        else:
            super().finish()


run(connection=Faulty)
