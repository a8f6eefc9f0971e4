"""Once the client has sent its FIN, the relay throws away what the backend sends."""

from sound import Tunnel, run


class Faulty(Tunnel):
    def on_readable(self, leg):
        super().on_readable(leg)
        if self.client.eof and leg is self.backend:
            self.client.output.clear()


run(tunnel=Faulty)
