"""The client's FIN means nothing to it: it waits for the next request, without end."""

from sound import IDLE, Connection, run


class Faulty(Connection):
    def on_eof(self):
        if self.phase == IDLE and not self.input:
            self.arm(None, None)
        else:
            super().on_eof()

    def finish(self):
        if self.eof and not self.last:
            self.enter(IDLE)
        else:
            super().finish()


run(connection=Faulty)
