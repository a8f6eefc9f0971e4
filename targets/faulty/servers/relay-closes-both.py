"""A FIN on one leg of the relay closes both."""

from sound import Tunnel, run


class Faulty(Tunnel):
    def quiet_ms(self):
        return 0 if self.client.eof else super().quiet_ms()


run(tunnel=Faulty)
