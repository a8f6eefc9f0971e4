"""A FIN where it expects the rest of a request, and nobody handles it."""

from sound import Connection, run


class Faulty(Connection):
    def on_partial(self):
        if self.eof:
            raise EOFError('a whole request was expected')
        super().on_partial()


run(connection=Faulty)
