import { defineCase, type WireCase } from '#case';
import { crowd, widthFor } from './crowd.ts';
import { LightPeer } from './light-peer.ts';

/** Connections without `--scale`. */
const USUAL = 500;
/** Of large answers no more than this is asked for in all, bytes: a sound server may keep as much as it has once had. */
const LARGE_BYTES = 32 * 1024 * 1024;
/** What a runtime takes to read from one connection, and may not have collected when it is gone, KiB, of so many connections. */
const READ_KIB = 64;
const UNCOLLECTED = 1000;
/** A server that reads at once has read half a request by then, ms. */
const READ_MS = 2;
/** The window of those who are reset in mid-response: less than an answer, so that the server is still writing. */
const WINDOW = 4096;

export default defineCase(import.meta.url, {
  title: 'Hundreds of connections are reset: right after the handshake, in mid-request and in mid-response',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'If the RST bit is set, then any outstanding RECEIVEs and SEND should receive "reset" responses.',
    },
    { issue: 'paperclipai/paperclip#11816' },
    { issue: 'MariaDB/server#2413' },
    { issue: 'tiny-http/tiny-http#283' },
  ],
  eitherFamily: true,
  steps: [
    'Make 500 connections (--scale N: N), as many at a time as the backlog takes.',
    'Reset a third of them right after the handshake, a third after half a request, a third at the first bytes of a large answer, or right after the request.',
    'Another client is served, half-way and at the end.',
  ],
  expected: 'the server lives, serves others, and holds no more descriptors, sockets and memory than before',
  why: 'A reset reaches the application as an error of accept(), read() or write(), wherever it happens to be. One that is not caught ends the process; one that is caught and forgotten leaks a descriptor.',
  lasts: { ms: 600, why: 'hundreds of connections, one after another' },
  wire: async (t) => {
    const count = t.options.scale ?? USUAL;
    t.keptKib = LARGE_BYTES / 1024 + Math.min(count, UNCOLLECTED) * READ_KIB;
    const width = widthFor(t);
    const done = { connected: 0, request: 0, response: 0 };
    const refused = { handshakes: 0, answers: 0 };
    const startUs = t.trace.now();
    const one = async (index: number): Promise<boolean> => {
      const kind = KINDS[index % KINDS.length]!;
      const peer = new LightPeer(t, WINDOW);
      try {
        if (!(await peer.open(t.patienceMs))) {
          refused.handshakes += 1;
          return false;
        }
        if (kind === 'request') await sendHalf(t, peer);
        if (kind === 'response' && !(await awaitAnswer(t, peer, index))) refused.answers += 1;
        done[kind] += 1;
        return refused.answers === 0;
      } finally {
        peer.reset();
      }
    };
    const half = Math.floor(count / 2);
    t.stimulus(`${count} connections, reset right after the handshake, in mid-request and in mid-response`);
    let begun = await crowd(half, width, one);
    await t.othersServed(`after ${begun} connections were reset`);
    if (begun === half) {
      begun += await crowd(count - half, width, (index) => one(half + index));
      await t.othersServed(`after ${begun} connections were reset`);
    }
    const tookMs = (t.trace.now() - startUs) / 1000;
    const kinds = `${done.connected} after the handshake, ${done.request} in mid-request, ${done.response} in mid-response`;
    t.conclude(`${begun} connections reset in ${tookMs.toFixed(0)} ms: ${kinds}`);
    t.trace.step(`reset: ${kinds}`);
    if (refused.handshakes > 0)
      t.fault(
        'application',
        `the server accepted no more connections after ${begun - refused.handshakes} of ${count}`,
      );
    if (refused.answers > 0)
      t.fault(
        'application',
        `the server answered no more requests after ${begun - refused.answers} of ${count} connections`,
      );
  },
});

const KINDS = ['connected', 'request', 'response'] as const;

/** The first half of a request, and a moment in which the server may read it. */
async function sendHalf(t: WireCase, peer: LightPeer): Promise<void> {
  const { send } = t.target.greeting ?? t.target.traits.closesFirst ?? { send: '' };
  await peer.request(send.slice(0, Math.ceil(send.length / 2)), t.patienceMs);
  await peer.until(() => peer.end !== null, READ_MS);
}

/**
 * A request, and its answer as far as the window goes; once there were enough large ones, no more than the request: the
 * server writes to a connection that is gone.
 * @returns false when the server answers nothing
 */
async function awaitAnswer(t: WireCase, peer: LightPeer, index: number): Promise<boolean> {
  const { greeting, traits } = t.target;
  const { large } = traits;
  const isLarge = large !== undefined && (index / KINDS.length) * large.bytes < LARGE_BYTES;
  const asked = isLarge ? large : (greeting ?? traits.closesFirst);
  if (asked === undefined) return true;
  await peer.request(asked.send, t.patienceMs);
  return !isLarge || peer.until(() => peer.received > 0 || peer.end !== null, t.patienceMs);
}
