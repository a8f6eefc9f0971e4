import { acceptQueue, breathe, defineCase, type Peer, type WireCase } from '#case';
import { expect } from '#expect';
import { ask, connectAndAsk, goOn, quietPeer, unanswered } from './accept-queue.ts';

/** How many clients come when the queue is full. */
const TOO_MANY = 4;

/** net.core.somaxconn of a new namespace: listen() gives no more. */
const SOMAXCONN = 4096;

export default defineCase(import.meta.url, {
  title: 'More connections than the accept queue holds: those that are complete wait, and all are served',
  level: 'robustness',
  refs: [
    { issue: 'envoyproxy/envoy#9501' },
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote: 'If SND.UNA < SEG.ACK =< SND.NXT, then enter ESTABLISHED state and continue processing',
    },
  ],
  steps: [
    "Stop the server's processes (SIGSTOP).",
    'Have as many clients connect and ask as the queue holds: the backlog and one.',
    'Have a client send the last ACK of its handshake now, and others a SYN.',
    'Let the server go on (SIGCONT). Those that got no answer try again.',
  ],
  expected:
    'Recv-Q of the listener is the backlog and one; further SYNs are not answered, the late ACK stays in SYN_RCVD; all are served in the end',
  why: 'Until accept() is called the kernel completes handshakes by itself, up to the backlog. A full queue delays clients, since they try again; none may be lost.',
  eitherFamily: true,
  wire: async (t) => {
    const { capacity, listeners } = acceptQueue(t);
    checkBacklog(t, capacity / listeners - 1);
    await t.pauseServer();
    const late = t.peer();
    late.syn();
    await late.expect({ flags: 'SA' });
    const queued = await fill(t, capacity);
    const ack = late.ack();
    await t.confirm(late, 'SYN_RCVD', `its ACK comes when ${queued.length} wait`, ack.stateAfterUs);
    const refused = Array.from({ length: TOO_MANY }, () => quietPeer(t));
    for (const peer of refused) peer.syn();
    await t.wire.fence();
    const answered = refused.filter(({ irs }) => irs !== null).length;
    if (answered > 0)
      t.fault('states', `${answered} of ${TOO_MANY} SYNs are answered though the accept queue is full`);
    const full = acceptQueue(t);
    t.note(`Recv-Q ${full.queued} of ${capacity}`, await t.listenerLines());
    t.stimulus(`${capacity + TOO_MANY + 1} clients while the server is stopped, with room for ${capacity}`);
    if (full.queued !== capacity)
      t.fault(
        'states',
        `the accept queue has ${full.queued} connections, and should have ${capacity}: the backlog and one`,
      );

    await goOn(t);
    const lost = await unanswered(t, queued, t.patienceMs);
    if (lost.length > 0)
      t.fail(
        'application',
        `${lost.length} of ${queued.length} clients that waited in the accept queue are not served`,
      );
    // Data completes the handshake too; who has none to send sends the ACK again.
    if ((t.target.greeting?.send.length ?? 0) === 0) late.ack();
    if (!(await t.greets(late)))
      t.fault('application', 'the client whose ACK met a full queue is not served when it sends again');
    expect(late).to.pass.through('SYN_RCVD', 'ESTABLISHED');
    let shut = 0;
    for (const peer of refused) {
      await connectAndAsk(t, peer);
      shut += (await unanswered(t, [peer], t.patienceMs)).length;
    }
    if (shut > 0) t.fault('application', `${shut} of ${TOO_MANY} clients that came again are not served`);
    t.conclude(
      `Recv-Q ${full.queued} with a backlog of ${capacity / listeners - 1}; all ${queued.length + TOO_MANY + 1} clients are served in the end`,
    );
  },
  loopbackLacks: 'it is done with packets in our hands alone',
});

function checkBacklog(t: WireCase, backlog: number): void {
  const declared = t.target.traits.backlog;
  if (declared === undefined || Math.min(declared, SOMAXCONN) === backlog) return;
  t.fault('application', `the target declares a backlog of ${declared}, and listens with ${backlog}`);
}

/** Connects until the queue is full. Where several listeners share the port, the kernel chooses one for each client. */
async function fill(t: WireCase, capacity: number): Promise<Peer[]> {
  const queued: Peer[] = [];
  for (let tries = 0; queued.length < capacity && tries < 8 * capacity; tries++) {
    const peer = quietPeer(t);
    peer.syn();
    if (peer.irs === null) await t.wire.fence();
    if (peer.irs === null) continue;
    peer.ack();
    ask(t, peer);
    if (peer.state() === 'ESTABLISHED') queued.push(peer);
    await breathe();
  }
  return queued;
}
