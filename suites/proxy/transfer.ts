import type { BaseCase, CaseProxy } from '#case';
import { ask } from './through.ts';

export { onBoth } from './through.ts';

/** A transfer may take so long, ms. */
const LONG_MS = 20_000;
/** Bytes: what a request of `traits.upload` has. */
const UPLOAD = 1024 * 1024;

/** A large answer through a proxy is the one that comes without it. @returns its length, bytes */
export async function compareThrough(t: BaseCase, proxy: CaseProxy, how: string): Promise<number> {
  const large = t.trait('large');
  const direct = await t.ask(large, LONG_MS);
  const { client } = await proxy.client();
  const asking = ask(client, large, LONG_MS);
  await t.othersServed(`while a large answer passes ${how}`);
  const { bytes, end } = await asking;
  client.reset();
  const text = bytes.toString('latin1');
  if (!large.reply.test(text))
    t.fault(
      'application',
      `${how} ${bytes.length} bytes of a large answer come, then ${end ?? 'silence'}; ${direct.received.length} without the proxy`,
    );
  else if (
    tail(text) !== tail(direct.received) &&
    tail((await t.ask(large, LONG_MS)).received) === tail(direct.received)
  )
    t.fault('application', `${how} the end of a large answer is another one`);
  return bytes.length;
}

/** Heads have dates; and some do not say the same twice. */
const tail = (text: string): string => text.slice(-TAIL);
const TAIL = 1024 * 1024;

/** A large request through a proxy is answered as it is without. @returns in words, for the verdict; nothing where the server takes none */
export async function upload(t: BaseCase, proxy: CaseProxy, how: string): Promise<string> {
  const request = t.target.traits.upload?.(UPLOAD);
  if (request === undefined) return '';
  const { client } = await proxy.client();
  const sent = await client.sendAll(request.send, LONG_MS);
  const { bytes, end } = await client.outcome(LONG_MS, (got) => request.reply.test(got.toString('latin1')));
  client.reset();
  if (!request.reply.test(bytes.toString('latin1')))
    t.fault(
      'application',
      `a request of ${sent} bytes ${how} is not answered: ${bytes.length} bytes, then ${end ?? 'silence'}`,
    );
  return `; a request of ${sent} bytes is answered`;
}
