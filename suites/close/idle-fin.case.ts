import { defineCase } from '#case';
import { expect } from '#expect';
import { confirmWhileItLasts } from './while-it-lasts.ts';

/** What a server that has declared a time is given besides, ms. */
const GRACE_MS = 1200;

export default defineCase(import.meta.url, {
  title: 'A client closes its side of a connection on which nothing is under way',
  level: 'policy',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote: 'CLOSE-WAIT - represents waiting for a connection termination request from the local user.',
    },
    {
      rfc: 9112,
      section: '9.5',
      quote: 'A client, server, or proxy MAY close the transport connection at any time.',
    },
    { issue: 'jetty/jetty.project#2169' },
    { issue: 'libuv/libuv#3449' },
  ],
  steps: ['Connect, be greeted, and send FIN.', 'Measure how long the server stays in CLOSE_WAIT.'],
  expected: 'CLOSE_WAIT → LAST_ACK within policy.idleFinMs',
  why: 'A socket in CLOSE_WAIT waits for its own application. Each costs a descriptor, and the kernel never ends it.',
  lasts: { ms: 150, why: 'a server that does not watch idle connections closes with its idle time-out' },
  wire: async (t) => {
    const boundMs = t.target.traits.policy?.idleFinMs;
    const peer = await t.connected();
    await t.accepted(peer);
    if (!(await t.greets(peer))) t.fail('application', 'the server did not answer its greeting');
    if (peer.state() !== 'ESTABLISHED')
      t.unsupported('the server closes after its greeting: no connection is ever idle');
    t.stimulus('FIN on an idle connection');
    const sinceUs = t.trace.now();
    peer.fin();
    const passedMs = (): number => (t.trace.now() - sinceUs) / 1000;
    const quick = await peer.outcome(100);
    if (quick.end === null) {
      await confirmWhileItLasts(t, peer, 'FIN on an idle connection');
      await t.rests('after a client has closed its side');
    }
    const withinMs = boundMs === undefined ? t.patienceMs : Math.max(boundMs + GRACE_MS, t.patienceMs);
    const { end } = quick.end === null ? await peer.outcome(withinMs - passedMs()) : quick;
    const tookMs = end === null ? null : passedMs();
    expect(peer).to.pass.through('ESTABLISHED', 'CLOSE_WAIT');
    if (end === 'FIN') {
      if (quick.end !== null)
        await t.confirm(peer, 'LAST_ACK', 'FIN on an idle connection: the server closes too', 0);
      peer.ack();
      expect(peer).to.pass.through('CLOSE_WAIT', 'LAST_ACK', 'CLOSED');
    }
    t.bound(
      'policy.idleFinMs',
      boundMs,
      tookMs,
      `the server closes too${end === 'RST' ? ' by a RST' : ''}`,
      withinMs,
    );
  },
  loopbackLacks: 'the moment of the FIN is told from packets',
});
