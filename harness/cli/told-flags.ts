import {
  DECLARABLE,
  PATHS,
  readDeclared,
  SPEECH,
  traitsFrom,
  type DeclaredValue,
  type PathName,
  type Told,
} from '#target';
import type { Flags } from './arguments.ts';
import { didYouMean, nearest, usage } from './usage.ts';

/** The flags that tell of a server which closewait does not know, whether it starts it or finds it running. */
export const TOLD_FLAGS = {
  speak: {
    type: 'string',
    choices: SPEECH,
    help: 'of your own server: what it speaks (default: found out)',
  },
  path: {
    type: 'string',
    multiple: true,
    value: 'NAME=PATH',
    help: `paths of your own web server, repeatable: ${PATHS.join(', ')}`,
  },
  trait: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'what it promises, repeatable: halfClose=respond (closewait probe finds out)',
  },
} as const satisfies Flags;

/** The flags of {@link TOLD_FLAGS} as they were given. */
export interface ToldValues {
  readonly speak?: string;
  readonly path?: readonly string[];
  readonly trait?: readonly string[];
}

/** @throws CW_USAGE */
export function readTold({ speak, path = [], trait = [] }: ToldValues): Told {
  const speaks = SPEECH.find((speech) => speech === speak);
  const paths = readPaths(path);
  const [first] = path;
  if (first !== undefined && speaks !== undefined && speaks !== 'http')
    throw usage(`--path ${first}: paths are of HTTP, and --speak says ${speaks}`);
  return {
    ...(speaks === undefined ? {} : { speaks }),
    ...(first === undefined ? {} : { paths }),
    ...(trait.length === 0 ? {} : { traits: traitsFrom(readTraits(trait)) }),
  };
}

/** The first of the flags that was given, for messages. */
export function firstTold(values: ToldValues): string | undefined {
  return (['speak', 'path', 'trait'] as const).find((name) => values[name] !== undefined);
}

/** The same flags as words of a command line. */
export function toldWords({ speak, path = [], trait = [] }: ToldValues): readonly string[] {
  return [
    ...(speak === undefined ? [] : ['--speak', speak]),
    ...path.flatMap((text) => ['--path', text]),
    ...trait.flatMap((text) => ['--trait', text]),
  ];
}

function readPaths(texts: readonly string[]): Readonly<Partial<Record<PathName, string>>> {
  const paths = readPairs('--path', 'NAME=PATH', texts, PATHS);
  for (const [name, path] of paths) {
    // What stands in a request line: neither blanks nor anything beyond ASCII.
    if (!/^\/[\x21-\x7e]*$/.test(path))
      throw usage(`--path ${name}=${path}: a path starts with '/', and has no blanks`);
  }
  for (const [name, other] of [
    ['effect', 'effects'],
    ['effects', 'effect'],
  ] as const) {
    if (paths.has(name) && !paths.has(other))
      throw usage(
        `--path ${name}=${paths.get(name)}: it says nothing without --path ${other}=PATH`,
        'effect does something; effects answers with the number of times it was done.',
      );
  }
  return Object.fromEntries(paths);
}

function readTraits(texts: readonly string[]): Map<string, DeclaredValue> {
  const traits = new Map<string, DeclaredValue>();
  for (const [name, text] of readPairs('--trait', 'NAME=VALUE', texts, Object.keys(DECLARABLE))) {
    const { values } = DECLARABLE[name]!;
    const value = readDeclared(values, text);
    if (value === null) {
      const what = typeof values === 'string' ? values : `one of ${values.join(', ')}`;
      const near = typeof values === 'string' ? undefined : nearest(text, values);
      throw usage(`--trait ${name}=${text}: it is ${what}${didYouMean(near)}`);
    }
    traits.set(name, value);
  }
  return traits;
}

/** @throws CW_USAGE for a text of another form, a name that is not one of `names`, or one given twice */
function readPairs<Name extends string>(
  flag: string,
  form: string,
  texts: readonly string[],
  names: readonly Name[],
): Map<Name, string> {
  const pairs = new Map<Name, string>();
  for (const text of texts) {
    const cut = text.indexOf('=');
    if (cut < 1) throw usage(`${flag} ${text}: it is ${form}`);
    const given = text.slice(0, cut);
    const name = names.find((known) => known === given);
    if (name === undefined) {
      const end = didYouMean(nearest(given, names)) || `; there are ${names.join(', ')}`;
      throw usage(`${flag} ${text}: there is no '${given}'${end}`);
    }
    if (pairs.has(name)) throw usage(`${flag} ${name} is given twice`);
    pairs.set(name, text.slice(cut + 1));
  }
  return pairs;
}
