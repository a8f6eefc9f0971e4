import type { Host } from '#lab';
import type { Endpoint } from '#tcp';
import type { Exchange, Manners, Reply, Speech } from './contract.ts';
import { Probe } from './probe.ts';
import type { ServerProcess } from './server-process.ts';

/** A server that speaks first does so at once, milliseconds. */
const BANNER_MS = 300;

const SOMETHING: Reply = /[^]/;

/**
 * Finds out what a server speaks, and with that how it is greeted and how it closes: by a request of HTTP, and if the
 * answer is neither HTTP nor the request itself, by listening on a silent connection.
 * @param life null: a process that we do not watch
 * @throws CW_TARGET_GREETING when it accepts no connection, CW_TARGET_DIED
 */
export async function learnManners(
  host: Host,
  endpoint: Endpoint,
  speech: Speech | 'unknown',
  life: ServerProcess | null,
): Promise<Manners> {
  const probe = new Probe(host, endpoint, life);
  const speaks = speech === 'unknown' ? await recognize(probe) : speech;
  const { greeting, closesFirst } = await MANNERS[speaks](probe);
  const closesOnFin = await probe.closesOnFin();
  return { greeting, traits: { closesOnFin, ...(closesFirst === undefined ? {} : { closesFirst }) } };
}

async function recognize(probe: Probe): Promise<Speech> {
  const { send } = probe.request();
  const { received } = await probe.ask({ send, reply: SOMETHING });
  if (received.startsWith('HTTP/')) return 'http';
  if (received !== '' && send.startsWith(received)) return 'echo';
  const silent = await probe.ask({ send: '', reply: SOMETHING }, BANNER_MS);
  return silent.ended === 'reply' ? 'banner' : 'none';
}

interface Found {
  readonly greeting: Exchange | null;
  readonly closesFirst?: Exchange;
}

const MANNERS: Readonly<Record<Speech, (probe: Probe) => Promise<Found> | Found>> = {
  http: async (probe) => {
    const kept = probe.request();
    const closing = probe.request('Connection: close\r\n');
    const closes = await probe.closesAfter(closing);
    // A server of HTTP/1.0 closes after each answer: what leaves the connection open is not known of it.
    return {
      greeting: (await probe.staysOpenAfter(kept)) ? kept : null,
      ...(closes ? { closesFirst: closing } : {}),
    };
  },
  echo: () => ({ greeting: { send: 'closewait\r\n', reply: /^closewait\r?\n/ } }),
  banner: () => ({ greeting: { send: '', reply: SOMETHING } }),
  none: () => ({ greeting: null }),
};
