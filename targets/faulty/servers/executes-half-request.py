"""At the FIN it takes what has come for the whole head of a request."""

from sound import HEAD, Connection, run


class Faulty(Connection):
    def on_partial(self):
        if not (self.eof and self.phase == HEAD and b'\r\n' in self.input):
            return super().on_partial()
        line = bytes(self.input).split(b'\r\n')[0]
        self.input[:] = line + b'\r\n\r\n'
        self.advance()


run(connection=Faulty)
