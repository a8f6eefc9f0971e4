import { CloseWaitError } from '#core';
import { printable } from '#report';
import { readArguments, type Flags } from './arguments.ts';
import type { Command, Io, Registry, Stream } from './contract.ts';
import { doctor } from './doctor.ts';
import { EXIT, exitOfError } from './exit.ts';
import { explain } from './explain.ts';
import { generalHelp } from './help.ts';
import { list } from './list.ts';
import { probe } from './probe.ts';
import { proxy } from './proxy.ts';
import { run } from './run.ts';
import { select } from './selectors.ts';
import { targets } from './targets.ts';
import { didYouMean, nearest, usage } from './usage.ts';

const COMMANDS: readonly Command[] = [run, list, explain, doctor, targets, probe, proxy];

const GENERAL_FLAGS = {
  version: { type: 'boolean', short: 'v', help: 'print the version' },
} as const satisfies Flags;

/**
 * The command line of closewait.
 * @param argv the words after the program's name
 * @returns the exit code; every error is printed, none is thrown
 */
export async function main(
  argv: readonly string[],
  registry: Registry,
  io: Io = processIo(),
): Promise<number> {
  for (const stream of [io.stdout, io.stderr]) ignoreClosedPipe(stream);
  try {
    return await dispatch(argv, registry, io);
  } catch (error) {
    return report(error, io.stderr);
  }
}

function dispatch(argv: readonly string[], registry: Registry, io: Io): number | Promise<number> {
  const [word, ...rest] = argv;
  if (word === undefined) throw usage('no command is given', generalHelp(COMMANDS));
  const command = COMMANDS.find(({ name }) => name === word);
  if (command !== undefined) {
    if (!asksHelp(rest)) return command.run(rest, registry, io);
    io.stdout.write(command.help());
    return EXIT.hold;
  }
  if (asksHelp([word])) {
    io.stdout.write(generalHelp(COMMANDS));
    return EXIT.hold;
  }
  if (!word.startsWith('-')) throw unknownCommand(word, registry);
  readArguments(argv, GENERAL_FLAGS);
  io.stdout.write(`${registry.version}\n`);
  return EXIT.hold;
}

function asksHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => word === '--help' || word === '-h');
}

function unknownCommand(word: string, { targets: known, cases }: Registry): Error {
  const ids = cases.map(({ id }) => id);
  const runnable = known.some(({ name }) => name === word) || select(word, ids).length > 0;
  const names = COMMANDS.map(({ name }) => name);
  const near = runnable ? `run ${word}` : nearest(word, names);
  return usage(`there is no command '${word}'${didYouMean(near && `'closewait ${near}'`)}`);
}

/** Prints what was thrown. @returns the exit code */
function report(error: unknown, stderr: Stream): number {
  if (error instanceof CloseWaitError) {
    // The code stands beside what happened, before a server's last lines.
    const [what = '', ...rest] = printableLines(error.message).split('\n');
    stderr.write(
      `${[`closewait: ${what.replace(/:?$/, ` [${error.code}]$&`)}`, ...rest].join('\n')}\n  remedy: ${printableLines(error.remedy)}\n`,
    );
    return exitOfError(error);
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(
    `closewait: internal error\n${printableLines(text)}\n` +
      '  This is a bug in closewait: please report it, with the lines above and what `closewait doctor` prints.\n',
  );
  return EXIT.internal;
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** A reader that has seen enough (`| head`) is no error; what else it would have got is dropped. */
function ignoreClosedPipe(stream: Stream): void {
  stream.on?.('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

function processIo(): Io {
  return { stdout: process.stdout, stderr: process.stderr, signals: process };
}
