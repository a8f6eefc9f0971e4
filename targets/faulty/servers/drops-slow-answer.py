"""The client's FIN is taken for its departure: an answer that is still to come is dropped."""

from sound import WORKING, Connection, run


class Faulty(Connection):
    def on_eof(self):
        if self.phase == WORKING:
            self.close()
        else:
            super().on_eof()


run(connection=Faulty)
