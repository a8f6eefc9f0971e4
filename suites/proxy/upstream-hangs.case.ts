import { defineCase, fullBacklog, isOriginal, proxyBefore } from '#case';
import { onBoth, served } from './through.ts';

/** So long the hanging connection is watched, ms. */
const WATCH_MS = 100;

export default defineCase(import.meta.url, {
  title: 'A connection to the upstream hangs: others pass, and the proxy can be told what to do',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.8.3',
      quote:
        'An attempt to open a TCP connection could fail with excessive retransmissions of the SYN segment or by receipt of a RST segment',
    },
    { issue: 'envoyproxy/envoy#8031' },
  ],
  steps: [
    'Connect through a proxy to a listener whose accept queue is full: its SYNs are not answered.',
    'Meanwhile greet the server through another proxy.',
    'Make the server the upstream of the first, and greet through it.',
  ],
  expected: 'the first client waits, the others are served; nobody waits for it',
  why: 'An upstream that neither accepts nor refuses is the usual overload. Where it blocks the others, one slow server takes all down.',
  eitherFamily: true,
  ...onBoth(async (t) => {
    const full = fullBacklog(t);
    const hanging = await proxyBefore(t, [], full.endpoint);
    // All that use it would be kept waiting, this run's other cases too.
    if (await isOriginal(t, hanging)) t.unsupported('Toxiproxy as a whole waits for an upstream that hangs');
    if (await isOriginal(t, hanging))
      t.unsupported('Toxiproxy answers nobody any more while an upstream hangs');
    const client = hanging.connect();
    const { bytes, end } = await client.outcome(WATCH_MS);
    if (bytes.length > 0 || end !== null)
      t.fault(
        'states',
        `the upstream hangs, and the client sees ${bytes.length} bytes, then ${end ?? 'silence'}`,
      );
    const other = await proxyBefore(t);
    await served(t, other, 'while a connection of another proxy hangs');
    await hanging.redirect(t.server);
    await served(t, hanging, 'when the server is behind the proxy that hung');
    t.stimulus('a connection through a proxy whose upstream does not answer');
    t.note('SYN_SENT', await t.listenerLines());
    t.conclude('who hangs waits alone');
  }),
});
