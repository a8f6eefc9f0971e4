import { defineCase, directClient, isOriginal, proxyBefore } from '#case';
import { expect } from '#expect';
import { confirmEnds, greetingOf, onBoth, reach, sendAll } from './through.ts';

export default defineCase(import.meta.url, {
  title: 'A client closes its sending side behind a proxy: the server learns it, and its answer comes back',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote:
        'The user who CLOSEs may continue to RECEIVE until the TCP receiver is told that the remote peer has CLOSED also.',
    },
    { issue: 'moby/moby#27539' },
    { issue: 'envoyproxy/envoy#2067' },
    { issue: 'linkerd/linkerd2#5180' },
  ],
  steps: [
    'Through a proxy without toxics: send a request and FIN while the server is stopped.',
    'Look at all four sockets, then let the server go on, and read to the end.',
    'The same without the proxy.',
  ],
  expected:
    'client and proxy in FIN_WAIT_2, proxy and server in CLOSE_WAIT; then what a client gets without the proxy',
  why: 'A half-close has to pass every hop, and each direction by itself. The kernel keeps the states while the server is stopped, so that they can be looked at; what the server then does must not depend on the proxy.',
  eitherFamily: true,
  ...onBoth(async (t) => {
    const greeting = greetingOf(t);
    const proxy = await proxyBefore(t);
    if (await isOriginal(t, proxy)) t.unsupported('Toxiproxy closes both directions when one of them ends');
    const proxied = await proxy.client();
    await t.accepted(proxied.ends.server);
    await t.pauseServer();
    if (greeting.send.length > 0) sendAll(proxied.client, greeting.send);
    proxied.client.halfClose();
    await confirmEnds(
      t,
      proxied,
      { client: 'FIN_WAIT_2', front: 'CLOSE_WAIT', back: 'FIN_WAIT_2', server: 'CLOSE_WAIT' },
      'a request, and shutdown() of the client behind a proxy',
    );
    await t.target.process!.resume();
    const through = await proxied.client.outcome(t.patienceMs);
    expect(proxied.ends.server).to.pass.through('ESTABLISHED', 'CLOSE_WAIT');

    // Without it, too, request and FIN are there before the server looks.
    const client = directClient(t);
    await t.pauseServer();
    if (greeting.send.length > 0) sendAll(client, greeting.send);
    client.halfClose();
    await t.target.process!.resume();
    const direct = await client.outcome(t.patienceMs);
    const same = through.end === direct.end && through.bytes.length === direct.bytes.length;
    const told = ({ bytes, end }: typeof direct): string => `${bytes.length} bytes, then ${end ?? 'silence'}`;
    if (!same) t.fault('application', `through the proxy: ${told(through)}; without it: ${told(direct)}`);
    if (through.end !== null) await reach(proxied, { front: 'CLOSED', server: 'CLOSED' }, t.patienceMs);
    t.conclude(`CLOSE_WAIT and FIN_WAIT_2 on both sides of the proxy; ${told(through)}`);
  }),
});
