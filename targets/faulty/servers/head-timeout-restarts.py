"""Its time-out for the head of a request starts anew with each byte."""

from sound import HEAD, Connection, run


class Faulty(Connection):
    def on_data(self, data):
        super().on_data(data)
        if self.phase == HEAD:
            self.arm(self.HEAD_MS, self.on_request_timeout)


run(connection=Faulty)
