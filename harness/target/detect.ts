import { CloseWaitError } from '#core';
import type { Host } from '#lab';
import type { Endpoint } from '#tcp';
import type { Exchange, Manners, Reply, Speech, TargetDefinition } from './contract.ts';
import { mergeTraits } from './declared.ts';
import { Probe } from './probe.ts';
import type { ServerProcess } from './server-process.ts';
import { learnPaths } from './told-paths.ts';

/** A server that speaks first does so at once, milliseconds. */
const BANNER_MS = 300;
/** One that is said to speak HTTP has so long for its first answer, milliseconds. */
const FIRST_ANSWER_MS = 5000;

const SOMETHING: Reply = /[^]/;

/** What was found out about a server: each lab has one of its own, and they all do the same. */
const found = new WeakMap<TargetDefinition, Manners>();

/**
 * What a server speaks, how it is greeted and how it closes: as its target tells, and what that leaves open by trying. To
 * recognize one it is sent a request of HTTP, and if the answer is neither HTTP nor the request itself, its silence is listened to.
 * @param life null: a process that we do not watch
 * @throws CW_TARGET_GREETING when it accepts no connection, CW_TARGET_PATH, CW_TARGET_DIED
 */
export async function learnManners(
  host: Host,
  endpoint: Endpoint,
  definition: TargetDefinition,
  life: ServerProcess | null,
): Promise<Manners> {
  if (definition.speaks === undefined) return definition;
  const known = found.get(definition);
  if (known !== undefined) return known;
  const probe = new Probe(host, endpoint, life);
  const speaks = await speechOf(probe, definition);
  const { greeting, closesFirst } = await MANNERS[speaks](probe);
  const closesOnFin = await probe.closesOnFin();
  const learned = { closesOnFin, ...(closesFirst === undefined ? {} : { closesFirst }) };
  const paths = await learnPaths(probe, definition);
  const manners = { greeting, traits: mergeTraits({ ...learned, ...paths }, definition.traits) };
  found.set(definition, manners);
  return manners;
}

async function speechOf(probe: Probe, { name, speaks, paths }: TargetDefinition): Promise<Speech> {
  if (speaks === 'http') {
    const { received, ended } = await probe.ask(probe.request(), FIRST_ANSWER_MS);
    if (ended === 'reply') return speaks;
    const what = received === '' ? 'does not answer it' : 'answers something else';
    throw new CloseWaitError('CW_TARGET_GREETING', `${name} is said to speak HTTP, and ${what}`);
  }
  if (speaks !== undefined && speaks !== 'unknown') return speaks;
  const recognized = await recognize(probe);
  const [path] = Object.values(paths ?? {});
  if (recognized !== 'http' && path !== undefined)
    throw new CloseWaitError('CW_TARGET_PATH', `${name} does not speak HTTP, so it has no path ${path}`);
  return recognized;
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
