"""The relay keeps a client's FIN to itself, and waits for the backend's without end."""

from sound import Tunnel, run


class Faulty(Tunnel):
    def passes_fin(self, leg):
        return leg is self.client and super().passes_fin(leg)

    def quiet_ms(self):
        return 1e9


run(tunnel=Faulty)
