import { defineCase } from '#case';
import { expect } from '#expect';

/** 2MSL on Linux (TCP_TIMEWAIT_LEN), seconds: a constant of the kernel. */
const TIME_WAIT_S = 60;

/** It is looked at again from here on, seconds: until then it must have stayed. */
const MUST_STAY_S = 58;

/** Timers of many sockets are fired together, up to this much late, ms. */
const LATE_MS = 4000;

export default defineCase(import.meta.url, {
  title: 'TIME_WAIT lasts two segment lifetimes: 60 s on Linux, whatever tcp_fin_timeout says',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.6.1',
      quote:
        'When a connection is closed actively, it MUST linger in the TIME-WAIT state for a time 2xMSL (Maximum Segment Lifetime)',
    },
  ],
  steps: [
    'Set net.ipv4.tcp_fin_timeout to 1 s in the lab, which many believe to shorten TIME_WAIT.',
    'Bring the server into TIME_WAIT.',
    'Wait until the socket is gone, and measure.',
  ],
  expected: 'TIME_WAIT for 60 s, then CLOSED',
  why: 'MSL is 30 s on Linux, a constant. tcp_fin_timeout is for FIN_WAIT_2, and does not change it.',
  slow: true,
  lasts: { ms: 61_000, why: 'TIME_WAIT lasts 60 s' },
  wire: async (t) => {
    t.sysctl('ipv4.tcp_fin_timeout', 1);
    const peer = await t.connected();
    const { stimulus } = await t.serverClosesFirst(peer);
    peer.ack();
    const fin = peer.fin();
    const startUs = t.trace.now();
    await t.confirm(peer, 'TIME_WAIT', `${stimulus}, its FIN is acknowledged, then FIN`, fin.stateAfterUs);
    await expect(peer)
      .to.stay.in('TIME_WAIT')
      .for(MUST_STAY_S * 1000);
    await expect(peer)
      .to.reach('CLOSED')
      .within((TIME_WAIT_S - MUST_STAY_S) * 1000 + LATE_MS);
    const lastedS = (t.trace.now() - startUs) / 1e6;
    t.conclude(`TIME_WAIT for ${lastedS.toFixed(2)} s, with tcp_fin_timeout 1 s`);
  },
  loopback: async (t) => {
    const client = t.client();
    const { stimulus } = await t.serverClosesFirst(client);
    await client.readToEnd();
    const afterUs = t.timed(() => client.close());
    const startUs = t.trace.now();
    await t.confirm(client, 'TIME_WAIT', `${stimulus}, the client reads to the end and closes`, afterUs);
    await expect(client)
      .to.stay.in('TIME_WAIT')
      .for(MUST_STAY_S * 1000);
    await expect(client)
      .to.reach('CLOSED')
      .within((TIME_WAIT_S - MUST_STAY_S) * 1000 + LATE_MS);
    t.conclude(`TIME_WAIT for ${((t.trace.now() - startUs) / 1e6).toFixed(2)} s`);
  },
});
