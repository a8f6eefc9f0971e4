import { CloseWaitError } from '#core';
import type { Host } from '#lab';
import { formatEndpoint, type Endpoint } from '#tcp';
import type { TargetProgram, StartPlan } from './contract.ts';
import { listenersOf } from './listeners.ts';
import type { Exit } from './running.ts';
import { exitInWords, type ServerProcess } from './server-process.ts';

const LAST_LINES = 10;

/** What a start is about, for errors to speak of. */
export interface Attempt {
  readonly definition: TargetProgram;
  readonly plan: StartPlan;
  readonly host: Host;
  readonly life: ServerProcess;
  /** Where it was to listen: its main port on each address. */
  readonly endpoints: readonly Endpoint[];
}

/** The exit codes of a shell that could not execute, or not find, a command. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

/** A server that ended while it was to start. */
export function exitedEarly({ life, definition: { name } }: Attempt, exit: Exit): CloseWaitError {
  const cannotRun = exit.code === NOT_EXECUTABLE || exit.code === NOT_FOUND;
  if (cannotRun) {
    return new CloseWaitError('CW_TARGET_COMMAND', `the command of ${name} cannot be run${lastLines(life)}`);
  }
  const background = life.remnants();
  if (exit.code === 0 && background.length > 0) {
    return new CloseWaitError(
      'CW_TARGET_START',
      `${name} put itself into the background (process ${background.join(', ')})${lastLines(life)}`,
      {
        remedy:
          'Start it in the foreground, so that it can be watched and stopped: most servers have an option for that.',
      },
    );
  }
  return new CloseWaitError(
    'CW_TARGET_START',
    `${name} ${exitInWords(exit)} before it was ready${lastLines(life)}`,
  );
}

/** A server that runs, and cannot be reached where it should listen. */
export function notReachable(attempt: Attempt, after: string): CloseWaitError {
  const { definition, plan, host, life, endpoints } = attempt;
  const own = listenersOf(host, life.pids()) ?? [];
  const wanted = endpoints.map(formatEndpoint).join(' or ');
  const found = own.length === 0 ? '' : `; it listens on ${own.map(formatEndpoint).join(', ')}`;
  const message = `${definition.name} did not listen on ${wanted} ${after}${found}${lastLines(life)}`;
  if (
    own.some(({ port, address }) => port === endpoints[0]!.port && isLoopback(address)) &&
    host.link !== null
  ) {
    return new CloseWaitError('CW_TARGET_START', message, {
      remedy:
        'A loopback address cannot be reached from the wire. Make it listen on all addresses, or on {host} in the ' +
        'command; or run with --plane loopback.',
    });
  }
  if (plan.portByEnvironment === true) {
    return new CloseWaitError('CW_TARGET_COMMAND', message, {
      remedy:
        'The port was told in the environment as PORT, and the server did not take it: write {port} in the command.',
    });
  }
  return new CloseWaitError('CW_TARGET_START', message);
}

/** A server that has ended while it was needed. */
export function diedError(life: ServerProcess): CloseWaitError {
  return new CloseWaitError('CW_TARGET_DIED', `${life.name} ${exitInWords(life.exited)}${lastLines(life)}`);
}

/** Whether an address is reached from this machine alone. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** What it wrote last, for the end of a message; empty where it wrote nothing. */
export function lastLines(life: ServerProcess): string {
  const lines = life.log.lines(LAST_LINES);
  return lines.length === 0 ? '' : `; its last lines:\n${lines.map((line) => `    ${line}`).join('\n')}`;
}
