import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLab, type Host } from '#lab';
import { namespacedControl } from '#proxy';
import { fdLimit, setFdLimit } from '#sys';
import { Helper } from './helper.ts';
import { raiseLimits } from './listener.ts';
import { compare, interleave, type Benchmark, type Figure, type Row } from './measure.ts';

const ROUNDS = 5;
const BYTES = 64 * 1024 * 1024;
const CONNECTIONS = 1000;
const TRIPS = 3000;
const IDLE = 10_000;
const TOXIPROXY = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'closewait/toxiproxy/toxiproxy-server',
);
const HOW = 'bash scripts/toxiproxy.sh installs it, by Go';
const HOST = '127.0.0.1';
const PORT = 7100;

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** A proxy without toxics between a client and an upstream, each in a process of its own, on one host. */
export const proxies: Benchmark = {
  name: 'proxies',
  async run() {
    const idle = raiseDescriptors();
    const lab = createLab();
    try {
      raiseLimits(lab.server);
      const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
      const helper = (file: string, ...args: string[]): Helper =>
        new Helper(lab.server.namespace, [process.execPath, path(file), ...args]);
      using upstream = helper('proxy-upstream.mjs', HOST);
      using client = helper('proxy-client.mjs');
      const port = await upstream.ask<number>('port');
      return await measure(client, lab.server, port, idle);
    } finally {
      lab.close();
    }
  },
};

async function measure(client: Helper, host: Host, upstream: number, idleOnes: number): Promise<Row[]> {
  await using control = namespacedControl(host.namespace, { seed: 1, strict: false });
  const made = await control.createProxy({ name: 'ours', upstream: `${HOST}:${upstream}` });
  const ours = Number(made.listen.split(':')[1]);
  const ourPid = Number(control.where.split(' ')[1]);
  using real = await startToxiproxy(host, upstream);
  const job = (name: string, port: number, count: number) => () =>
    client.ask<number>(`${name} ${HOST} ${port} ${count}`);
  const trips = (port: number) => client.ask<Latency>(`latency ${HOST} ${port} ${TRIPS}`);

  const both = async (name: string, count: number) =>
    interleave(ROUNDS, {
      ours: job(name, ours, count),
      theirs: real === null ? HOW : job(name, PORT, count),
    });
  const bytes = await both('bytes', BYTES);
  const connections = await both('connections', CONNECTIONS);
  const added = async (of: keyof Latency) =>
    interleave(ROUNDS, {
      ours: async () => Math.max(0, (await trips(ours))[of] - (await trips(upstream))[of]),
      theirs:
        real === null ? HOW : async () => Math.max(0, (await trips(PORT))[of] - (await trips(upstream))[of]),
    });
  const [p50, p99] = [await added('p50'), await added('p99')];
  const idle = {
    ours: await idleKib(client, ours, idleOnes, ourPid),
    theirs: real === null ? HOW : await idleKib(client, PORT, idleOnes, real.pid),
  };
  const row = (what: string, unit: string, better: Row['better'], { ours: mine, theirs }: Sides): Row =>
    compare({ what, unit, better, against: 'Toxiproxy 2.12' }, mine, theirs);
  return [
    row('bytes through a proxy', 'a second', 'more', bytes),
    row('connections through a proxy', 'a second', 'more', connections),
    row('latency added, median', 'µs', 'less', p50),
    row('latency added, 99th percentile', 'µs', 'less', p99),
    row(`memory of ${idleOnes} idle connections`, 'KiB each', 'less', idle),
  ];
}

interface Sides {
  readonly ours: Figure | string;
  readonly theirs: Figure | string;
}

/** How much the proxy's process grows by each, once: to open them takes longer than all else. */
async function idleKib(client: Helper, port: number, count: number, pid: number): Promise<Figure> {
  const before = residentKib(pid);
  await client.ask(`idle ${HOST} ${port} ${count}`);
  const each = (residentKib(pid) - before) / count;
  await client.ask(`idle ${HOST} ${port} 0`);
  return { median: each, min: each, max: each };
}

function residentKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
}

async function startToxiproxy(host: Host, upstream: number) {
  if (!existsSync(TOXIPROXY)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'closewait-bench-'));
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify([{ name: 'theirs', listen: `${HOST}:${PORT}`, upstream: `${HOST}:${upstream}` }]),
  );
  const child = host.namespace.spawn(TOXIPROXY, ['-host', HOST, '-config', config], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LOG_LEVEL: 'info' },
  });
  // A line for each event: the first that names the proxy says that it listens.
  await new Promise<void>((resolve, reject) => {
    child.stdout!.on('data', (part: Buffer) => part.includes('"theirs"') && resolve());
    child.once('exit', () => reject(new Error(`${TOXIPROXY} ended`)));
  });
  child.removeAllListeners('exit');
  return {
    pid: child.pid!,
    [Symbol.dispose]: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}

/** Children have the limit of their parent. @returns how many connections a proxy can have under it, of those wanted */
function raiseDescriptors(): number {
  const { hard } = fdLimit(process.pid);
  setFdLimit(process.pid, { soft: hard, hard });
  // Two for each connection, and some for the rest.
  return Math.min(IDLE, Math.floor((Number(hard) - 500) / 2));
}
