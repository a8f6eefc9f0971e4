import { defineCase, type WireCase } from '#case';

/** What a server that ends a stalled request by a time-out is given besides, ms. */
const GRACE_MS = 1500;

export default defineCase(import.meta.url, {
  title: 'A part of a request, then FIN: an error or the end, never its execution',
  level: 'robustness',
  refs: [
    {
      rfc: 9112,
      section: '8',
      quote:
        'A server that receives an incomplete request message, usually due to a canceled request or a triggered timeout exception, MAY send an error response prior to closing the connection.',
    },
    { rfc: 9293, section: '3.6' },
  ],
  steps: [
    'Ask how often the effect was brought about so far.',
    'Send half of the request that brings it about, and FIN; then all of it but its last byte, and FIN.',
    'Read to the end, and ask again.',
  ],
  expected: 'an error or a close, and the effect was not brought about',
  why: 'A connection can end anywhere. Half a transfer of money, executed, is worse than none.',
  needs: ['effect'],
  eitherFamily: true,
  wire: async (t) => {
    const { send } = t.trait('effect');
    const { head = 0, body = 0 } = t.target.traits.timeouts ?? {};
    const withinMs = Math.max(t.patienceMs, head + GRACE_MS, body + GRACE_MS);
    const parts = [send.slice(0, Math.ceil(send.length / 2)), send.slice(0, -1)];
    const told: string[] = [];
    t.stimulus('a part of a request, and FIN');
    for (const part of parts) {
      const before = await countEffects(t);
      t.trace.step(`${part.length} of ${send.length} bytes of a request, and FIN`);
      const peer = await t.connected();
      peer.data(part);
      peer.fin();
      const { bytes, end } = await peer.outcome(withinMs);
      if (end === 'FIN') peer.ack();
      const executed = (await countEffects(t)) - before;
      const seen = `${bytes.length} bytes of answer, then ${end ?? 'silence'}`;
      told.push(`${part.length} of ${send.length} bytes: ${seen}`);
      if (executed > 0)
        t.fault(
          'application',
          `the server executed a request of which ${part.length} of ${send.length} bytes had come: ${seen}`,
        );
      if (end === null)
        t.fault(
          'application',
          `the server neither answers nor closes after ${part.length} of ${send.length} bytes and FIN`,
        );
    }
    t.conclude(`not executed; ${told.join('; ')}`);
  },
  loopbackLacks: 'the order of FIN and answer is told from packets',
});

async function countEffects(t: WireCase): Promise<number> {
  const { count, read } = t.trait('effect');
  const { received, ended } = await t.ask(count);
  const number = read(received);
  if (ended !== 'reply' || !Number.isFinite(number))
    t.inconclusive('the server does not tell how often the effect was brought about');
  return number;
}
