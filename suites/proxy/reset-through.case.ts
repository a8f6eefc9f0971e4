import { defineCase, isOriginal, proxyBefore } from '#case';
import { confirmEnds, onBoth, reach, served } from './through.ts';

export default defineCase(import.meta.url, {
  title: 'A reset passes a proxy as a reset, from either side',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.5.3',
      quote:
        'If the receiver was in any other state, it aborts the connection and advises the user and goes to the CLOSED state.',
    },
    { issue: 'linkerd/linkerd2#5180' },
  ],
  steps: [
    'Through a proxy without toxics: reset the client while the server is stopped, and look at the sockets.',
    "Have the kernel abort the server's socket of another client, which waits to read.",
  ],
  expected:
    'the server in CLOSED at once, never in CLOSE_WAIT, and nothing in TIME_WAIT; the other client gets ECONNRESET',
  why: 'A relay that turns a reset into a FIN tells the other side that all went well. A server that is stopped cannot close: where its socket is gone, a reset has come.',
  eitherFamily: true,
  ...onBoth(async (t) => {
    const proxy = await proxyBefore(t);
    if (await isOriginal(t, proxy)) t.unsupported('Toxiproxy passes a reset on as a FIN');
    const first = await proxy.client();
    const second = await proxy.client();
    for (const { ends } of [first, second]) await t.accepted(ends.server);
    await t.pauseServer();
    first.client.reset();
    await confirmEnds(
      t,
      first,
      { client: 'CLOSED', front: 'CLOSED', back: 'CLOSED', server: 'CLOSED' },
      'a RST of the client behind a proxy',
    );
    if (first.ends.server.path().some(({ state }) => state === 'CLOSE_WAIT'))
      t.fault('states', 'the proxy has turned the RST into a FIN');
    second.ends.server.destroy();
    // The kernel lets those do that alone who may set up its network.
    if (second.ends.server.look() !== 'CLOSED')
      t.skip("this user may not reset the server's socket", 'run it as root, or with the wire');
    const { end } = await second.client.outcome(t.patienceMs);
    if (end !== 'RST') t.fault('states', `a RST of the server reaches the client as ${end ?? 'nothing'}`);
    await reach(second, { client: 'CLOSED', front: 'CLOSED', back: 'CLOSED' }, t.patienceMs);
    await t.target.process!.resume();
    await served(t, proxy, 'after resets');
    t.conclude('RST arrives as RST, both ways; nothing is left of either connection');
  }),
});
