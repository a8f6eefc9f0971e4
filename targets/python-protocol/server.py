"""Obeys lines, and echoes others: asyncio.Protocol, as its documentation shows it. Arguments: PORT ADDRESS..."""

import asyncio
import sys

runs = 0


class LineProtocol(asyncio.Protocol):
    # eof_received() is the default: the transport closes itself when the client has closed its sending side.

    def connection_made(self, transport):
        self.transport = transport
        self.dialling = None
        self.buffer = b''
        # Bytes of an upload that are still to come.
        self.missing = self.uploaded = 0

    def data_received(self, data):
        self.buffer += data
        while self.buffer and not self.transport.is_closing():
            if self.missing:
                taken = min(self.missing, len(self.buffer))
                self.missing -= taken
                self.buffer = self.buffer[taken:]
                if self.missing == 0:
                    self.transport.write(b'%d\n' % self.uploaded)
            else:
                line, end, rest = self.buffer.partition(b'\n')
                if not end:
                    return
                self.buffer = rest
                self.obey(line.decode('latin-1'))

    def obey(self, line):
        global runs
        name, *args = line.split() or ['']
        if name == 'quit' or name == 'refuse':
            self.transport.write(b'bye\n' if name == 'quit' else b'refused\n')
            self.transport.close()
        elif name == 'large':
            self.transport.write(b'x' * int(args[0]))
        elif name == 'slow':
            asyncio.get_running_loop().call_later(int(args[0]) / 1000, self.transport.write, b'slow\n')
        elif name == 'upload':
            self.missing = self.uploaded = int(args[0])
        elif name == 'run':
            runs += 1
            self.transport.write(b'run\n')
        elif name == 'runs':
            self.transport.write(b'%d\n' % runs)
        elif name == 'dial':
            self.dialling = asyncio.create_task(dial(args[0], int(args[1])))
        else:
            self.transport.write(line.encode('latin-1') + b'\n')

    def connection_lost(self, error):
        if self.dialling is not None:
            self.dialling.cancel()


async def dial(host, port):
    try:
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, host, port)
        transport.close()
    except OSError:
        pass


async def main():
    port, addresses = int(sys.argv[1]), sys.argv[2:]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(LineProtocol, addresses, port, backlog=16)
    async with server:
        await server.serve_forever()


asyncio.run(main())
