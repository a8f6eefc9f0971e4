import { defineCase } from '#case';
import { expect } from '#expect';
import { converse, greetingOf } from './conversation.ts';

export default defineCase(import.meta.url, {
  title: 'Every packet arrives twice: one connection, each byte read once, and one end',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.8',
      quote: 'Duplicate segments may arrive due to network or TCP retransmission.',
    },
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'Initial tests on arrival are used to discard old duplicates, but further processing is done in SEG.SEQ order.',
    },
  ],
  steps: [
    'Have the client ignore a RST in TIME_WAIT (net.ipv4.tcp_rfc1337): the copy of the last ACK draws one from a server that is gone.',
    'A kernel client connects, asks for something and closes, and the server closes too; the wire duplicates every packet.',
  ],
  expected:
    'ESTABLISHED → CLOSE_WAIT → LAST_ACK → CLOSED at the server, TIME_WAIT at the client; one connection, one answer',
  why: 'A copy says nothing new: a SYN that comes twice opens one connection, and a byte that comes twice is read once.',
  wire: async (t) => {
    const greeting = greetingOf(t);
    t.sysctl('ipv4.tcp_rfc1337', 1, t.wire.clientHost);
    const every = t.wire.rule({}).duplicate();
    const client = t.client();
    const startUs = t.trace.now();
    const bytes = await converse(t, client, greeting);
    const stimulus = 'a request, every packet twice';
    const afterUs = t.trace.now() - startUs;
    await t.confirmBoth(client, { server: 'ESTABLISHED', client: 'ESTABLISHED' }, stimulus, afterUs);
    const { port } = client.tuple.remote;
    // A server that listens for both families has an IPv6 socket for IPv4.
    const both = ([4, 6] as const).flatMap((family) => t.target.host.sockets!.dump(family));
    const sockets = both.filter(
      ({ localPort, remotePort }) => localPort === t.server.port && remotePort === port,
    );
    if (sockets.length !== 1)
      t.fail('states', `the server has ${sockets.length} sockets for one client whose SYN came twice`);
    await t.bidCloseAfterFin(client);
    await expect(client).to.reach('CLOSED').within(t.patienceMs);
    if (client.sentBy('server').length !== bytes)
      t.fail(
        'application',
        `the server sent ${client.sentBy('server').length} bytes, not ${bytes}: not once`,
      );
    await t.confirmBoth(client, { server: 'CLOSED', client: 'TIME_WAIT' }, stimulus, afterUs);
    expect(client).to.pass.through('SYN_RCVD', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED');
    // FIN_WAIT_2 lies between where the server acknowledges the FIN before it sends its own.
    expect(client.own).to.pass.through('SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1');
    t.conclude(
      `${every.matched} packets came twice: one connection, ${bytes} bytes read once, closed in order`,
    );
  },
  loopbackLacks: 'no packet can be duplicated there',
});
