"""At the FIN it takes what has come for the whole body of a request."""

from sound import BODY, Connection, run


class Faulty(Connection):
    def on_partial(self):
        if self.eof and self.phase == BODY:
            self.execute()
        else:
            super().on_partial()


run(connection=Faulty)
