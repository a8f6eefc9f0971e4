"""A FIN while it works on the answer: it says 400 in place of it."""

from sound import WORKING, Connection, run


class Faulty(Connection):
    def on_eof(self):
        if self.phase == WORKING:
            self.refuse(400)
        else:
            super().on_eof()


run(connection=Faulty)
