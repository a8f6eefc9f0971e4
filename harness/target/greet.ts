import { CloseWaitError } from '#core';
import type { Host } from '#lab';
import { formatEndpoint, type Endpoint } from '#tcp';
import { connectWithin, hangUp } from './connect.ts';
import type { Manners } from './contract.ts';
import { exchange, type Answer } from './exchange.ts';
import { escapeControls } from './log-tail.ts';

const GREETING_MS = 5000;

/**
 * Has a server answer: its greeting; where none is known, the exchange after which it closes; where that is not known
 * either, it only has to accept the connection.
 * @throws CW_TARGET_GREETING
 */
export async function greetServer(
  name: string,
  host: Host,
  endpoint: Endpoint,
  { greeting, traits }: Manners,
): Promise<void> {
  const socket = await connectWithin(host, endpoint);
  if (socket === null) {
    throw new CloseWaitError(
      'CW_TARGET_GREETING',
      `${name} accepts no connection on ${formatEndpoint(endpoint)}`,
    );
  }
  const said = greeting ?? traits.closesFirst;
  const answer = said === undefined ? null : await exchange(socket, said, GREETING_MS);
  if (answer === null || answer.ended === 'reply') return hangUp(socket);
  socket.resetAndDestroy();
  throw new CloseWaitError(
    'CW_TARGET_GREETING',
    `${name} on ${formatEndpoint(endpoint)} did not answer its greeting ${quote(said!.send)} with ${String(said!.reply)}: ${inWords(answer)}`,
  );
}

/** Whether a connection to an endpoint is accepted. */
export async function reachable(host: Host, endpoint: Endpoint): Promise<boolean> {
  const socket = await connectWithin(host, endpoint);
  if (socket === null) return false;
  await hangUp(socket);
  return true;
}

function inWords({ received, ended, code }: Answer): string {
  const got = received === '' ? 'nothing came' : `it answered ${quote(received)}`;
  if (ended === 'closed') return `${got}, and it closed the connection`;
  if (ended === 'error') return `${got}, and the connection ended by ${code}`;
  return `${got} within ${GREETING_MS / 1000} s`;
}

function quote(bytes: string | Uint8Array): string {
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
  return `'${escapeControls(text)}'`;
}
