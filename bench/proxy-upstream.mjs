// An upstream for proxies, at a port that it prints. A client that sends `d1000\n` gets a thousand bytes and a FIN, any
// other gets back what it sends.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const BLOCK = Buffer.alloc(64 * 1024, 'x');

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (first) => {
    if (first[0] === 'd'.charCodeAt(0)) return send(socket, Number(first.toString('latin1', 1)));
    socket.write(first);
    socket.on('data', (data) => socket.write(data));
  });
});
server.listen({ host: process.argv[2], port: 0, backlog: 65_535 });

for await (const _ of createInterface({ input: process.stdin }))
  console.log(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
process.exit();

/**
 * @param {import('node:net').Socket} socket
 * @param {number} bytes
 */
function send(socket, bytes) {
  let left = bytes;
  const more = () => {
    while (left > 0) {
      const part = left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK;
      left -= part.length;
      if (!socket.write(part)) return socket.once('drain', more);
    }
    socket.end();
  };
  more();
}
