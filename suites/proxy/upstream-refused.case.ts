import { defineCase, isOriginal, proxyBefore } from '#case';
import { onBoth, served } from './through.ts';

export default defineCase(import.meta.url, {
  title: 'Nobody listens behind the proxy: the client learns it at once, and is served when somebody does',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.5.2',
      quote:
        'If the connection does not exist (CLOSED), then a reset is sent in response to any incoming segment except another reset.',
    },
    { issue: 'envoyproxy/envoy#9501' },
  ],
  steps: [
    'Connect through a proxy whose upstream is a port that nobody listens on.',
    'Make the server its upstream, and greet.',
  ],
  expected: 'a reset at once; then the greeting is answered',
  why: 'A refusal that arrives as an orderly end looks like an empty answer.',
  eitherFamily: true,
  ...onBoth(async (t) => {
    // The discard port (RFC 863), on which no server of a lab listens.
    const nobody = { ...t.server, port: 9 };
    const proxy = await proxyBefore(t, [], nobody);
    const { end } = await proxy.connect().outcome(t.patienceMs);
    const wanted = (await isOriginal(t, proxy)) ? 'FIN' : 'RST';
    if (end !== wanted) t.fault('states', `the upstream refuses, and the client sees ${end ?? 'nothing'}`);
    await t.othersServed('while a proxy has nobody behind it');
    await proxy.redirect(t.server);
    await served(t, proxy, 'when there is somebody behind the proxy');
    t.stimulus('a connection through a proxy whose upstream refuses');
    t.note('CLOSED', await t.listenerLines());
    t.conclude(`${wanted} when nobody listens; served when the server does`);
  }),
});
