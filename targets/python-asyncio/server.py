"""Obeys lines, and echoes others: asyncio streams, as their documentation shows them. Arguments: PORT ADDRESS..."""

import asyncio
import sys

runs = 0


async def serve(reader, writer):
    try:
        # Half a line at the end raises IncompleteReadError.
        while line := await reader.readuntil(b'\n'):
            if line == b'quit\n' or line == b'refuse\n':
                writer.write(b'bye\n' if line == b'quit\n' else b'refused\n')
                break
            await obey(line, reader, writer)
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        pass
    finally:
        writer.close()


async def obey(line, reader, writer):
    global runs
    name, *args = line.decode('latin-1').split() or ['']
    if name == 'large':
        writer.write(b'x' * int(args[0]))
    elif name == 'slow':
        await asyncio.sleep(int(args[0]) / 1000)
        writer.write(b'slow\n')
    elif name == 'upload':
        body = await reader.readexactly(int(args[0]))
        writer.write(b'%d\n' % len(body))
    elif name == 'run':
        runs += 1
        writer.write(b'run\n')
    elif name == 'runs':
        writer.write(b'%d\n' % runs)
    elif name == 'relay':
        await relay(args[0], int(args[1]), reader, writer)
    else:
        writer.write(line)


async def relay(host, port, reader, writer):
    """From now on all goes to another server, and what that answers comes back; each direction ends by itself."""
    far_reader, far_writer = await asyncio.wait_for(asyncio.open_connection(host, port), timeout=2)
    try:
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
    finally:
        far_writer.close()


async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def main():
    port, addresses = int(sys.argv[1]), sys.argv[2:]
    server = await asyncio.start_server(serve, addresses, port, backlog=16)
    async with server:
        await server.serve_forever()


asyncio.run(main())
