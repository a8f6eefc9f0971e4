import { defineCase, isOriginal, proxyBefore } from '#case';
import { confirmEnds, onBoth, reach, served } from './through.ts';

/** ms */
const AFTER_MS = 50;

export default defineCase(import.meta.url, {
  title: 'reset_peer: connections that are open and idle are reset',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.5.3',
      quote:
        'If the receiver was in any other state, it aborts the connection and advises the user and goes to the CLOSED state.',
    },
    { issue: 'paperclipai/paperclip#11816' },
  ],
  steps: [
    'Open a connection through a proxy; add reset_peer, in either direction.',
    'Look at both sides, and greet again without the toxic.',
  ],
  expected:
    'the client gets ECONNRESET, the server is in CLOSED without having been in CLOSE_WAIT; others are served',
  why: 'A middlebox that has lost its state resets whom it does not know: servers meet that at any moment.',
  eitherFamily: true,
  lasts: { ms: 4 * AFTER_MS, why: `the reset comes after ${AFTER_MS} ms, in each direction` },
  ...onBoth(async (t) => {
    for (const stream of ['upstream', 'downstream'] as const) {
      const proxy = await proxyBefore(t);
      if (await isOriginal(t, proxy)) t.unsupported('Toxiproxy resets no connection on which nothing passes');
      const proxied = await proxy.client();
      await t.accepted(proxied.ends.server);
      const toxic = await proxy.add({ type: 'reset_peer', stream, attributes: { timeout: AFTER_MS } });
      const { end } = await proxied.client.outcome(AFTER_MS + t.patienceMs);
      if (end !== 'RST') t.fault('states', `reset_peer ${stream}: the client sees ${end ?? 'nothing'}`);
      await reach(proxied, { front: 'CLOSED', back: 'CLOSED', server: 'CLOSED' }, t.patienceMs);
      if (stream === 'upstream')
        await confirmEnds(
          t,
          proxied,
          { client: 'CLOSED', front: 'CLOSED', back: 'CLOSED', server: 'CLOSED' },
          'a reset of both sides by a proxy',
        );
      await proxy.removeToxic(toxic);
      await served(t, proxy, `after a reset ${stream}`);
    }
    t.conclude('idle connections are reset on both sides; others are served');
  }),
});
