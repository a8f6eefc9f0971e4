import type { Client, Exchange, WireCase } from '#case';

/** What a client sends first on a connection that then stays open; for a server that speaks first, nothing. */
export function greetingOf(t: WireCase): Exchange {
  const { greeting } = t.target;
  return greeting ?? t.unsupported('nothing is known that it answers and then leaves the connection open');
}

/**
 * Asks, and reads the answer; fails unless every byte that the server's kernel has sent was read once and in order.
 * @param options `pieces`: segments that the request is sent in
 * @returns bytes of the answer
 */
export async function converse(
  t: WireCase,
  client: Client,
  { send, reply, bytes = 0 }: Exchange & { readonly bytes?: number },
  { pieces = 1, withinMs = t.patienceMs } = {},
): Promise<number> {
  const request = typeof send === 'string' ? Buffer.from(send, 'latin1') : send;
  const size = Math.max(1, Math.ceil(request.length / pieces));
  const before = client.bytesRead;
  for (let at = 0; at < request.length; at += size) client.send(request.subarray(at, at + size));
  const read = await client.read(
    (received) => received.length >= bytes && reply.test(received.toString('latin1')),
    withinMs,
  );
  const sent = client.sentBy('server').subarray(before, before + read.length);
  if (!sent.equals(read)) {
    const at = read.findIndex((byte, index) => byte !== sent[index]);
    t.fail('application', `byte ${at + 1} of ${read.length} that were read is not the one that was sent`);
  }
  return read.length;
}
