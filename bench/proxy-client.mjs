// Each line of its input is a job of a client of proxies, `latency 198.18.0.1 7000 1000`, and is answered with a figure:
// `bytes` and `connections`, of so many the number a second; `latency`, of so many round trips of a byte the median and the
// 99th percentile, microseconds; `idle`, so many connections are opened and kept until `idle ... 0`.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const AT_ONCE = 16;
/** @type {import('node:net').Socket[]} */
let idle = [];

const JOBS = { bytes, connections, latency, idle: keepIdle };

for await (const line of createInterface({ input: process.stdin })) {
  const [job, host, port, count] = line.split(' ');
  const work = JOBS[/** @type {keyof typeof JOBS} */ (job)];
  console.log(JSON.stringify(await work({ host: String(host), port: Number(port) }, Number(count))));
}
process.exit();

/** @typedef {{ host: string, port: number }} To */

/** @param {To} to */
async function open(to) {
  const socket = connect({ ...to, noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return socket;
}

/**
 * @param {To} to
 * @param {number} count
 */
async function bytes(to, count) {
  const socket = await open(to);
  const start = performance.now();
  let read = 0;
  socket.on('data', (data) => (read += data.length));
  socket.write(`d${count}\n`);
  await once(socket, 'end');
  if (read !== count) throw new Error(`${read} of ${count} bytes came`);
  socket.destroy();
  return (1000 * count) / (performance.now() - start);
}

/**
 * @param {To} to
 * @param {number} count
 */
async function connections(to, count) {
  const start = performance.now();
  let left = count;
  const one = async () => {
    while (left-- > 0) {
      const socket = await open(to);
      socket.write('x');
      await once(socket, 'data');
      socket.resetAndDestroy();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return (1000 * count) / (performance.now() - start);
}

/**
 * @param {To} to
 * @param {number} count
 */
async function latency(to, count) {
  const socket = await open(to);
  const took = [];
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    const answered = new Promise((resolve) => socket.once('data', resolve));
    socket.write('x');
    await answered;
    took.push(1000 * (performance.now() - start));
  }
  socket.destroy();
  took.sort((a, b) => a - b);
  return { p50: took[Math.floor(count / 2)], p99: took[Math.floor(0.99 * count)] };
}

/**
 * @param {To} to
 * @param {number} count
 */
async function keepIdle(to, count) {
  for (const socket of idle) socket.resetAndDestroy();
  idle = [];
  for (let at = 0; at < count; at += AT_ONCE) {
    const some = await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - at) }, () => open(to)));
    // Each has passed a byte both ways: the proxy has connected it.
    for (const socket of some) socket.write('x');
    await Promise.all(some.map((socket) => once(socket, 'data')));
    idle.push(...some);
  }
  return idle.length;
}
