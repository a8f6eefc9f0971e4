import { defineCase, type Peer, type Sent, type WireCase } from '#case';
import { parseAddress, seqAdd } from '#tcp';
import { atSeconds, watchLettingGo, watchMs } from './letting-go.ts';

/** Answers that are asked for without reading them, bytes. */
const ASKED_BYTES = 64 * 1024 * 1024;
/** Of these a server may hold so much for one client: more means that it queues without bound. MiB */
const MOST_MIB = 32;
/** So much is read before the reader stops, bytes. */
const FIRST_BYTES = 4096;
/** The window until then. */
const WINDOW = 8192;
/** A server at rest, looked at so many times, so far apart, has stopped reading. */
const STOPPED_LOOKS = 5;
const LOOK_EVERY_MS = 4;
/** Others ask after so long: a server that is busy with the requests has not yet rested. ms */
const SOON_MS = 300;
/** To a reader that is kept the window stays closed for so long: three probes of the kernel. ms */
const STOPPED_MS = 1600;

export default defineCase(import.meta.url, {
  title: 'A client asks for a lot and stops reading: the window stays at 0',
  level: 'policy',
  refs: [
    {
      rfc: 9293,
      section: '3.8.6.1',
      quote:
        'The sending TCP peer must regularly transmit at least one octet of new data (if available), or retransmit to the receiving TCP peer even if the send window is zero, in order to "probe" the window.',
    },
    { issue: 'redis/redis#91' },
  ],
  needs: ['large'],
  eitherFamily: true,
  steps: [
    'Ask for the large answer, read its beginning, and close the window.',
    'Ask again each time that the server has taken the request before, for 64 MiB in all, and read nothing.',
    "Answer the kernel's probes with a window of 0, and watch the server's memory.",
    'Another client is served.',
    'Where the server keeps the client, open the window and read on.',
  ],
  expected:
    'memory is bounded, others are served, and the client is given up or kept as declared; one that is kept gets the rest',
  why: 'TCP passes the pressure back: a server that goes on taking requests must hold their answers itself, and one slow client takes all memory. A closed window is no fault of the connection, so the kernel probes it for ever: to give the client up is for the application.',
  lasts: {
    ms: 3500,
    why: 'the window stays closed until the write time-out, or for as long as a case may wait',
  },
  wire: async (t) => {
    const { send, bytes } = t.trait('large');
    const { timeouts, policy } = t.target.traits;
    t.keptKib = ASKED_BYTES / 1024;
    const before = t.target.counts().memoryKib;
    const peer = await t.connected({ window: WINDOW });
    peer.data(send);
    const first = await peer.read((read) => read.length >= FIRST_BYTES, t.patienceMs);
    const sinceUs = t.trace.now();
    const closed = await closeWindow(t, peer);
    const stimulus = `a request for ${bytes} bytes, again and again, and a window of 0 after the first ${first.length}`;
    await t.confirm(peer, 'ESTABLISHED', stimulus, closed.stateAfterUs);
    const most = Math.max(4, Math.ceil(ASKED_BYTES / bytes));
    let requests = 1;
    while (requests < most && (await isRead(t, peer))) {
      peer.data(send);
      requests += 1;
    }

    let mostKib = before ?? 0;
    const watch = {
      sinceUs,
      // A probe repeats the last octet that was acknowledged, without the octet.
      pattern: { flags: 'A', length: 0, seq: seqAdd(peer.rcvNxt!, -1) },
      each: (isProbe: boolean): void => {
        if (isProbe) peer.ack();
        mostKib = Math.max(mostKib, t.target.counts().memoryKib ?? 0);
      },
    };
    const early = await watchLettingGo(t, peer, { ...watch, withinMs: SOON_MS });
    await t.othersServed('while a client does not read');
    const bound = policy?.slowReader === 'keep' ? 'never' : timeouts?.write;
    const withinMs = watchMs(t, bound, STOPPED_MS);
    const late = await watchLettingGo(t, peer, { ...watch, withinMs });
    const tookMs = early.tookMs ?? late.tookMs;
    const { waitedMs, still } = late;

    const heldMib = Math.round((mostKib - (before ?? 0)) / 1024);
    const askedMib = Math.round((requests * bytes) / 1024 / 1024);
    if (heldMib > MOST_MIB)
      t.fault(
        'application',
        `the server holds ${heldMib} MiB more memory for one client that does not read: it took ${requests} requests for ${askedMib} MiB`,
      );
    const probes = [...early.atMs, ...late.atMs];
    // The first comes after a retransmission time-out, 200 ms or a little more.
    if (waitedMs > 1000 && probes.length === 0)
      t.fault('states', `the kernel sent no zero-window probe in ${waitedMs.toFixed(0)} ms`);
    const memory =
      before === null ? '' : `; ${requests} of ${most} requests taken, at most ${heldMib} MiB more memory`;
    const detail = `zero-window probes ${atSeconds(probes)}${memory}`;

    if (tookMs === null) {
      peer.window = 0xffff;
      peer.ack();
      const rest = await peer.outcome(t.patienceMs, (read) => read.length >= bytes - first.length);
      const got = first.length + rest.bytes.length;
      if (got < bytes)
        t.fault(
          'application',
          `when the window opened again, only ${got} of ${bytes} bytes had come at the end (${rest.end ?? 'nothing more'})`,
        );
    }
    const what = 'a client that does not read is given up';
    if (timeouts?.write !== undefined && policy?.slowReader !== 'keep') {
      const judgedMs = still.lessThis(tookMs, timeouts.write);
      return t.bound(
        'timeouts.write',
        timeouts.write,
        judgedMs,
        `${detail}; ${what}${String(still)}`,
        waitedMs,
      );
    }
    const seen = tookMs === null ? 'keep' : 'evict';
    const time = tookMs === null ? `for ${waitedMs.toFixed(0)} ms` : `after ${tookMs.toFixed(0)} ms`;
    t.policy('policy.slowReader', policy?.slowReader, seen, `${time}; ${detail}`);
  },
});

/** Acknowledges with a window of 0 all that has come, and what was under way then. */
async function closeWindow(t: WireCase, peer: Peer): Promise<Sent> {
  peer.window = 0;
  for (;;) {
    const acked = peer.rcvNxt;
    const sent = peer.ack();
    await t.wire.fence();
    if (peer.rcvNxt === acked) return sent;
  }
}

/**
 * Whether the server takes what was sent: no byte is left in its socket. It has stopped reading when some are, and none of
 * its threads runs.
 */
async function isRead(t: WireCase, peer: Peer): Promise<boolean> {
  const { process, host } = t.target;
  const { local, remote } = peer.tuple;
  const tuple = {
    local: parseAddress(local.address),
    localPort: local.port,
    remote: parseAddress(remote.address),
    remotePort: remote.port,
  };
  for (let looks = 0; looks < STOPPED_LOOKS;) {
    if (peer.state() !== 'ESTABLISHED') return false;
    if (host.sockets?.get(tuple)?.recvQueue === 0) return true;
    await peer.changed(LOOK_EVERY_MS);
    looks = process?.isRunning() === true ? 0 : looks + 1;
  }
  return false;
}
