// Each line of its input is a job, `198.18.0.1 7000 1000`: so many connections made and reset by node:net. The answer is the
// seconds that it took. Several at once are quicker than one after the other.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const AT_ONCE = 16;

for await (const line of createInterface({ input: process.stdin })) {
  const [address, port, count] = line.split(' ');
  const start = performance.now();
  let left = Number(count);
  const one = async () => {
    while (left-- > 0) await handshake(String(address), Number(port));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  console.log((performance.now() - start) / 1000);
}

/**
 * @param {string} host
 * @param {number} port
 */
function handshake(host, port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => {
      socket.resetAndDestroy();
      resolve(undefined);
    });
    socket.on('error', reject);
  });
}
