"""An event loop: level-triggered epoll, and timers."""

import heapq
import itertools
import select
import time

IN, OUT = select.EPOLLIN, select.EPOLLOUT
# Reported whether asked for or not.
GONE = select.EPOLLERR | select.EPOLLHUP


class Timer:
    def __init__(self, call):
        self.call = call

    def cancel(self):
        self.call = None


class Loop:
    def __init__(self):
        self.epoll = select.epoll()
        self.handlers = {}
        self.timers = []
        self.numbers = itertools.count()
        self.running = True

    def watch(self, fd, mask, handler):
        """Calls handler(events) whenever fd is as mask says, or gone."""
        if fd in self.handlers:
            self.epoll.modify(fd, mask)
        else:
            self.epoll.register(fd, mask)
        self.handlers[fd] = handler

    def unwatch(self, fd):
        if self.handlers.pop(fd, None) is not None:
            self.epoll.unregister(fd)

    def after(self, ms, call):
        timer = Timer(call)
        heapq.heappush(self.timers, (time.monotonic() + ms / 1000, next(self.numbers), timer))
        return timer

    def run(self):
        while self.running:
            # Before timers: what has come in time must not be taken for late.
            for fd, events in self.epoll.poll(self.wait_s()):
                # What came before it in the list may have closed it.
                handler = self.handlers.get(fd)
                if handler is not None:
                    handler(events)
            self.fire()

    def wait_s(self):
        while self.timers and self.timers[0][2].call is None:
            heapq.heappop(self.timers)
        return max(0.0, self.timers[0][0] - time.monotonic()) if self.timers else None

    def fire(self):
        now = time.monotonic()
        while self.timers and self.timers[0][0] <= now:
            call = heapq.heappop(self.timers)[2].call
            if call is not None:
                call()
