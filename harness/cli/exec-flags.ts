import { statSync } from 'node:fs';
import { messageOf } from '#core';
import type { Ready } from '#target';
import type { Flags } from './arguments.ts';
import type { ExecOptions } from './contract.ts';
import { readTold, TOLD_FLAGS, toldWords, type ToldValues } from './told-flags.ts';
import { didYouMean, nearest, usage } from './usage.ts';

/** The flags that bring a server of the user's own. */
export const EXEC_FLAGS = {
  exec: { type: 'string', value: 'CMD', help: 'a server of your own: "node server.js --port {port}"' },
  ready: { type: 'string', value: 'tcp|listen|log:/re/', help: 'with --exec: when it is ready' },
  cwd: { type: 'string', value: 'DIR', help: 'with --exec: the folder that it runs in' },
  env: {
    type: 'string',
    multiple: true,
    value: 'K=V',
    help: 'with --exec: environment of the server; repeatable',
  },
  ...TOLD_FLAGS,
} as const satisfies Flags;

/** The flags of {@link EXEC_FLAGS} as they were given. */
export interface ExecValues extends ToldValues {
  readonly exec?: string;
  readonly ready?: string;
  readonly cwd?: string;
  readonly env?: readonly string[];
}

/** Undefined without `--exec`. @throws CW_USAGE */
export function readExec({ exec, ready, cwd, env, ...told }: ExecValues): ExecOptions | undefined {
  if (exec === undefined) {
    const alone = Object.entries({ ready, cwd, env }).find(([, value]) => value !== undefined);
    if (alone !== undefined) throw usage(`--${alone[0]} belongs to --exec, which is not given`);
    return undefined;
  }
  if (exec.trim() === '')
    throw usage('--exec is empty', 'Give the command: --exec "node server.js --port {port}".');
  if (cwd !== undefined && statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw usage(`--cwd ${cwd}: there is no such folder`);
  }
  return {
    command: exec,
    ...(ready === undefined ? {} : { ready: parseReady(ready) }),
    ...(cwd === undefined ? {} : { cwd }),
    env: Object.fromEntries((env ?? []).map(parseVariable)),
    ...readTold(told),
  };
}

/** The same flags as words of a command line. */
export function execWords({ exec, ready, cwd, env, ...told }: ExecValues): readonly string[] {
  const word = (flag: string, value: string | undefined): string[] =>
    value === undefined ? [] : [flag, value];
  return [
    ...word('--exec', exec),
    ...word('--ready', ready),
    ...word('--cwd', cwd),
    ...(env ?? []).flatMap((variable) => word('--env', variable)),
    ...toldWords(told),
  ];
}

/** `tcp`, `listen` or `log:/re/`, where letters after the second slash are the expression's flags. @throws CW_USAGE */
export function parseReady(text: string): Ready {
  if (text === 'tcp' || text === 'listen') return text;
  // With g or y an expression remembers where it was, and would miss lines.
  const [, source, flags] = /^log:\/(.+)\/([imsuv]*)$/s.exec(text) ?? [];
  if (source === undefined) {
    throw usage(
      `--ready ${text}: it is tcp, listen or log:/re/${didYouMean(nearest(text, ['tcp', 'listen']))}`,
    );
  }
  try {
    return { log: new RegExp(source, flags) };
  } catch (error) {
    throw usage(`--ready ${text}: ${messageOf(error)}`);
  }
}

function parseVariable(text: string): [string, string] {
  const cut = text.indexOf('=');
  if (cut < 1) throw usage(`--env ${text}: it is NAME=VALUE`);
  return [text.slice(0, cut), text.slice(cut + 1)];
}
