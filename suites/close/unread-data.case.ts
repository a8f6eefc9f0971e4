import { defineCase, Trace, type Exchange, type Peer } from '#case';
import { FIN, RST, seqDiff, type Seq } from '#tcp';

/** How often it is tried: what the server has read by the time it closes differs. */
const TIMES = 10;
/** The body that the server does not read, bytes. */
const BODY = 1024 * 1024;
/** What goes into a segment, bytes. */
const PIECE = 1400;
/** The window of a SYN-ACK is at least so large on every system, bytes. */
const FIRST_WINDOW = 16 * 1024;
/** A server that says nothing more for so long has said all, ms. */
const QUIET_MS = 150;
/** A client that has seen the end of the answer sends so many segments more before it has stopped. */
const MORE = 5;
/** So long a reset may take to come that these provoke: what the kernel sends, it sends at once. ms */
const RESET_MS = 30;

export default defineCase(import.meta.url, {
  title: 'The server answers without reading the body: no RST overtakes its answer',
  level: 'robustness',
  refs: [
    {
      rfc: 9112,
      section: '9.6',
      quote:
        'If a server performs an immediate close of a TCP connection, there is a significant risk that the client will not be able to read the last HTTP response.',
    },
    { rfc: 1122, section: '4.2.2.13' },
    { issue: 'nodejs/node#21026' },
    { issue: 'benoitc/gunicorn#3334' },
    { issue: 'netty/netty#6818' },
    { issue: 'hyperium/hyper#3078' },
    { issue: 'jetty/jetty.project#12079' },
  ],
  steps: [
    'Send a request that the server answers without reading its body, and the body as far as the window lets it, up to 1 MiB.',
    'Go on sending for a moment when the answer has ended, as a client does that has not read it yet.',
    'Ten times: count how often a RST came before the client had closed.',
  ],
  expected: 'the whole answer, and no RST: the server reads on, or keeps the connection',
  why: 'close() with unread data makes the kernel send a RST at once, and data that comes after close() does too. The RST makes the kernel of the client throw away what it has received and not read yet: the answer that says what was wrong.',
  needs: ['refusesUpload'],
  eitherFamily: true,
  lasts: { ms: 500, why: 'ten connections, a body of 1 MiB each' },
  wire: async (t) => {
    const request = t.trait('refusesUpload');
    const lost: string[] = [];
    t.stimulus('a request whose body the server does not read');
    for (let time = 0; time < TIMES; time++) {
      const peer = await t.connected(time === 0 ? {} : { trace: new Trace() });
      const seen = await refuse(peer, request);
      if (seen !== '') lost.push(seen);
    }
    const text = `${lost.length} of ${TIMES} times the answer was lost or could have been`;
    const [first] = lost;
    t.conclude(first === undefined ? text : `${text}: ${first}`);
    const declared = t.target.traits.policy?.unreadData;
    if (first !== undefined && declared !== 'reset')
      t.fail('application', `${lost.length} of ${TIMES} times a client could lose the answer: ${first}`);
  },
  loopbackLacks: 'on loopback the kernel still hands over what came before a RST',
});

/** @returns what was wrong, in words; empty: nothing */
async function refuse(peer: Peer, request: Exchange): Promise<string> {
  const piece = Buffer.alloc(PIECE, 'x');
  const synAck = { window: FIRST_WINDOW, ack: peer.sndNxt };
  let last: { readonly window: number; readonly ack: Seq } = synAck;
  let end: 'FIN' | 'RST' | null = null;
  let sent = 0;
  let more = 0;
  peer.data(request.send);
  for (;;) {
    const fits = (): boolean => seqDiff(peer.sndNxt, last.ack) + PIECE <= last.window;
    while (fits() && (end === null ? sent < BODY : more < MORE) && peer.state() !== 'CLOSED') {
      peer.data(piece);
      sent += PIECE;
      if (end !== null) more += 1;
    }
    const got = await peer.expect({}, end === null ? QUIET_MS : RESET_MS).catch(() => null);
    if (got === null) break;
    if ((got.flags & RST) !== 0) end = 'RST';
    if (end === 'RST') break;
    last = got;
    if ((got.flags & FIN) !== 0) end = 'FIN';
    if (got.payload.length > 0 || end === 'FIN') peer.ack();
  }
  const { bytes } = await peer.outcome(0);
  const whole = request.reply.test(bytes.toString('latin1'));
  if (end === 'RST')
    return `RST after ${whole ? 'the whole answer' : `${bytes.length} bytes of answer`}, ${sent} bytes of body sent`;
  return whole
    ? ''
    : `no answer, ${bytes.length} bytes, then ${end ?? 'silence'}, ${sent} bytes of body sent`;
}
