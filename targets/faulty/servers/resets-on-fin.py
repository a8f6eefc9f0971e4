"""It resets a connection whose client closes its sending side before the answer is sent."""

from sound import ANSWERING, WORKING, Connection, run


class Faulty(Connection):
    def on_eof(self):
        if self.phase in (WORKING, ANSWERING):
            self.reset()
        else:
            super().on_eof()


run(connection=Faulty)
