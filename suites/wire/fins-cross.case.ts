import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: 'Two kernels close at once: their FINs cross on the wire, and both are in CLOSING',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote:
        'When all segments preceding the FINs have been processed and acknowledged, each TCP peer can ACK the FIN it has received.',
    },
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'If our FIN has been ACKed (perhaps in this segment), then enter TIME-WAIT, start the time-wait timer, turn off the other timers; otherwise, enter the CLOSING state.',
    },
  ],
  steps: [
    'Make the server close first, and hold its FIN on the wire.',
    'A kernel client closes its side meanwhile; hold its FIN too, and all acknowledgements.',
    'Let both FINs go; then the acknowledgements.',
  ],
  expected: 'FIN_WAIT_1 → CLOSING → TIME_WAIT at both ends',
  why: 'Each FIN reaches an end that has sent its own and does not know yet whether it arrived: neither is the first, both wait.',
  wire: async (t) => {
    const serversFin = t.wire.rule({ from: 'server', has: 'F' }).hold();
    const clientsFin = t.wire.rule({ from: 'client', has: 'F' }).hold();
    const client = t.client();
    const startUs = t.trace.now();
    const how = await t.bidClose(client);
    await serversFin.hits(1, t.patienceMs);
    const acks = t.wire.rule({ flags: 'A' }).hold();
    client.halfClose();
    for (const end of [client, client.own]) expect(end).to.be.in.state('FIN_WAIT_1');
    t.trace.step('both FINs go');
    clientsFin.release();
    serversFin.release();
    const stimulus = `${how}, the client closes too, and their FINs cross`;
    const afterUs = t.trace.now() - startUs;
    await t.confirmBoth(client, { server: 'CLOSING', client: 'CLOSING' }, stimulus, afterUs);
    t.trace.step('the acknowledgements go');
    acks.remove();
    await t.confirmBoth(client, { server: 'TIME_WAIT', client: 'TIME_WAIT' }, stimulus, afterUs);
    for (const end of [client, client.own])
      expect(end).to.pass.through('ESTABLISHED', 'FIN_WAIT_1', 'CLOSING', 'TIME_WAIT');
    t.conclude('FIN_WAIT_1 → CLOSING → TIME_WAIT at both ends');
  },
  loopbackLacks: 'two FINs cross only where packets can be held',
});
