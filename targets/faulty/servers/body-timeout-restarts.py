"""Its time-out for the body of a request starts anew with each byte."""

from sound import BODY, Connection, run


class Faulty(Connection):
    def on_data(self, data):
        super().on_data(data)
        if self.phase == BODY:
            self.arm(self.BODY_MS, self.on_request_timeout)


run(connection=Faulty)
