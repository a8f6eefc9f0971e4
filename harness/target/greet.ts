import { CloseWaitError } from '#core';
import type { Host } from '#lab';
import { formatEndpoint, type Endpoint } from '#tcp';
import { connectWithin, hangUp } from './connect.ts';
import type { Manners } from './contract.ts';
import { exchange, type Answer } from './exchange.ts';
import { escapeControls } from './log-tail.ts';
import type { ServerProcess } from './server-process.ts';
import { diedError, lastLines } from './start-errors.ts';
import { within } from './within.ts';

/** A server that is ready answers within this, milliseconds. */
const GREETING_MS = 5000;

/** The end of a process is told to us a moment after its connections have gone, milliseconds. */
const DEATH_MS = 50;

/**
 * Has a server answer: its greeting; where none is known, the exchange after which it closes; where that is not known
 * either, it only has to accept the connection.
 * @param life null: a process that we do not watch
 * @throws CW_TARGET_GREETING, CW_TARGET_DIED
 */
export async function greetServer(
  name: string,
  host: Host,
  endpoint: Endpoint,
  { greeting, traits }: Manners,
  life: ServerProcess | null,
  deadlineMs = GREETING_MS,
): Promise<void> {
  const socket = await connectWithin(host, endpoint);
  const said = greeting ?? traits.closesFirst;
  const answer = socket === null || said === undefined ? null : await exchange(socket, said, deadlineMs);
  const failed = socket === null || (answer !== null && answer.ended !== 'reply');
  // Before we hang up: our reset, where it comes to that, must not look like what ended it.
  const death = failed ? await recentDeath(life) : null;
  if (socket !== null) await hangUp(socket);
  if (death !== null) throw death;
  if (!failed) return;
  const where = `${name} on ${formatEndpoint(endpoint)}`;
  const what =
    answer === null
      ? 'accepts no connection'
      : `did not answer its greeting ${quote(said!.send)} with ${String(said!.reply)}: ${inWords(answer, deadlineMs)}`;
  const log = life === null ? '' : lastLines(life);
  throw new CloseWaitError('CW_TARGET_GREETING', `${where} ${what}${log}`);
}

/** Whether it is because the server has ended that a connection failed just now. @param life null: a process that we do not watch */
export async function recentDeath(life: ServerProcess | null): Promise<CloseWaitError | null> {
  return life !== null && (await within(life.died, DEATH_MS)) ? diedError(life) : null;
}

/** Whether a connection to an endpoint is accepted. */
export async function reachable(host: Host, endpoint: Endpoint): Promise<boolean> {
  const socket = await connectWithin(host, endpoint);
  if (socket === null) return false;
  await hangUp(socket);
  return true;
}

function inWords({ received, ended, code }: Answer, deadlineMs: number): string {
  const got = received === '' ? 'nothing came' : `it answered ${quote(received)}`;
  if (ended === 'closed') return `${got}, and it closed the connection`;
  if (ended === 'error') return `${got}, and the connection ended by ${code}`;
  return `${got} within ${deadlineMs / 1000} s`;
}

function quote(bytes: string | Uint8Array): string {
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
  return `'${escapeControls(text)}'`;
}
