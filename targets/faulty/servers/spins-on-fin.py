"""A FIN leaves the socket readable, which it watches for ever: CLOSE_WAIT at 100 % CPU."""

from sound import IDLE, IN, Connection, run


class Faulty(Connection):
    def on_eof(self):
        if self.phase == IDLE and not self.input:
            self.arm(None, None)
        else:
            super().on_eof()

    def interest(self):
        return super().interest() | (IN if self.eof else 0)


run(connection=Faulty)
