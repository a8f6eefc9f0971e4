import { parseArgs } from 'node:util';
import { didYouMean, nearest, usage } from './usage.ts';

/** A flag as parsing and `--help` need it. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** It may be given more than once. */
  readonly multiple?: boolean;
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** `--json` of the commands that print a list. */
export const JSON_FLAG = { type: 'boolean', help: 'print JSON' } as const satisfies Flag;

type Values<F extends Flags> = {
  readonly [K in keyof F]?: F[K] extends { type: 'boolean' }
    ? boolean
    : F[K] extends { multiple: true }
      ? readonly string[]
      : string;
};

/** Reads a command's arguments. @throws CW_USAGE for an unknown flag, a missing, needless or wrong value, or one given twice */
export function readArguments<const F extends Flags>(
  argv: readonly string[],
  flags: F,
): { readonly values: Values<F>; readonly positionals: readonly string[] } {
  const args = [...argv];
  const { tokens } = parseArgs({ args, options: flags, allowPositionals: true, strict: false, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) throw unknownFlag(token.rawName, flags);
    if (flag.type === 'boolean' && token.value !== undefined)
      throw usage(`flag ${token.rawName} takes no value`);
    if (flag.type === 'string') checkValue(token, flag);
    if (seen.has(token.name) && flag.multiple !== true) throw usage(`flag ${token.rawName} is given twice`);
    seen.add(token.name);
  }
  const { values, positionals } = parseArgs({ args, options: flags, allowPositionals: true, strict: true });
  return { values, positionals };
}

function unknownFlag(rawName: string, flags: Flags): Error {
  const near = nearest(
    rawName,
    Object.keys(flags).map((name) => `--${name}`),
  );
  return usage(`unknown flag ${rawName}${didYouMean(near)}`);
}

function checkValue(
  {
    rawName,
    value,
    inlineValue,
  }: { rawName: string; value: string | undefined; inlineValue: boolean | undefined },
  { value: placeholder = 'VALUE', choices }: Flag,
): void {
  const swallowed = inlineValue !== true && value !== undefined && /^-./.test(value);
  if (value === undefined || value === '' || swallowed) {
    const hint = swallowed ? ` (a value that starts with '-' is written ${rawName}=${value})` : '';
    throw usage(`flag ${rawName} needs a value: ${rawName} ${placeholder}${hint}`);
  }
  if (choices !== undefined && !choices.includes(value)) {
    throw usage(
      `${rawName} ${value}: it is one of ${choices.join(', ')}${didYouMean(nearest(value, choices))}`,
    );
  }
}
