import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from './ask.ts';

const FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'closewait/toxiproxy');

/** The real Toxiproxy and its command line, where scripts/toxiproxy.sh installs them. */
export const TOXIPROXY_SERVER = join(FOLDER, 'toxiproxy-server');
export const TOXIPROXY_CLI = join(FOLDER, 'toxiproxy-cli');

/** CI without Go has none: it says so once, and leaves the tests out instead of skipping them. */
export const withoutToxiproxy = process.env['CLOSEWAIT_WITHOUT_TOXIPROXY'] === '1';

/** Why it cannot be tested against, and what mends it; empty: it can. */
export function toxiproxyMissing(program: string): string {
  return existsSync(program)
    ? ''
    : `${program} is not installed: bash scripts/toxiproxy.sh installs it, by Go`;
}

const READY_MS = 5000;

/** Starts the real server. @returns where its API is, and how to end it */
export async function startToxiproxy(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const port = await freePort();
  const child = spawn(TOXIPROXY_SERVER, ['-host', '127.0.0.1', '-port', String(port), '-proxy-metrics'], {
    stdio: 'ignore',
    env: { ...process.env, LOG_LEVEL: 'panic' },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const killer = (): void => void child.kill('SIGKILL');
  process.once('exit', killer);
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const answer = await ask(url, 'GET', '/version').catch(() => null);
    if (answer?.status === 200) break;
    if (performance.now() > deadline || child.exitCode !== null)
      throw new Error(`${TOXIPROXY_SERVER} does not answer at ${url}`);
    await delay(10);
  }
  return {
    url,
    close: async () => {
      process.off('exit', killer);
      killer();
      await ended;
    },
  };
}

/** A port of loopback that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
