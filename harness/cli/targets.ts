import { alignColumns, printable, printableJson, wrap } from '#report';
import { declaredIn, type TargetDefinition, type Traits } from '#target';
import { JSON_FLAG, readArguments } from './arguments.ts';
import { CONFIG_FLAG } from './config-flag.ts';
import { withConfig } from './config.ts';
import type { Command } from './contract.ts';
import { commandHelp } from './help.ts';
import { usage } from './usage.ts';

const FLAGS = { config: CONFIG_FLAG, json: JSON_FLAG } as const;

/** Columns where the output goes to no terminal, and the least for a text. */
const WIDEST = 120;
const LEAST = 40;

/** `closewait targets` */
export const targets: Command = {
  name: 'targets',
  title: 'list the servers it knows, and which are installed',
  help: () =>
    commandHelp(
      'targets',
      ['Lists the servers that closewait knows, their versions and declared traits.'],
      FLAGS,
    ),
  run: async (argv, given, { stdout }) => {
    const { values, positionals } = readArguments(argv, FLAGS);
    if (positionals.length > 0) throw usage('targets takes no argument');
    const registry = await withConfig(given, values.config);
    const described = registry.targets.map((target) => ({
      ...describe(target),
      core: registry.core.includes(target.name),
    }));
    if (values.json === true) {
      stdout.write(printableJson(described));
      return 0;
    }
    const rows = described.map(({ name, title, installed }) => [
      name,
      printable(installed?.version ?? 'not installed'),
      title,
    ]);
    const lines = alignColumns([['target', 'version', 'about'], ...rows]);
    const indent = lines[0]!.indexOf('about');
    const width = Math.max(stdout.columns ?? WIDEST, indent + LEAST);
    const told = described.flatMap((target, at) => [
      lines[at + 1]!,
      ...more(target).flatMap(([word, text]) =>
        // A command is copied as one line.
        wrap(
          text,
          word === 'install' ? Infinity : width,
          `${' '.repeat(indent)}${word}: `,
          ' '.repeat(indent + word.length + 2),
        ),
      ),
    ]);
    stdout.write(
      `${[lines[0]!, ...told].join('\n')}\n\nA server of your own: closewait run --exec "node server.js {port}"\n`,
    );
    return 0;
  },
};

function describe(target: TargetDefinition) {
  const { name, title, install, traits } = target;
  const declares = Object.fromEntries(declaredIn(traits));
  return { name, title, installed: target.find(), install, traits: traitsInWords(traits), declares };
}

/** What stands below a target: how it is installed, what it can do, what it declares. */
function more({ installed, install, traits, declares }: ReturnType<typeof describe>): [string, string][] {
  const declared = Object.entries(declares).map(([name, value]) => `${name}=${value}`);
  return [
    ...(installed !== null || install === '' ? [] : [['install', install] as [string, string]]),
    ...(traits.length === 0 ? [] : [['can', traits.join('; ')] as [string, string]]),
    ...(declared.length === 0 ? [] : [['declares', declared.join(' ')] as [string, string]]),
  ];
}

function traitsInWords(traits: Traits): readonly string[] {
  const { closesFirst, shutsFirst, largeThenCloses, closesOnFin, dials, defersAccept } = traits;
  const { large, slow, upload, refusesUpload, effect, relay } = traits;
  return [
    ...(closesFirst === undefined ? [] : ['close first']),
    ...(shutsFirst === undefined ? [] : ['shut down its sending side and go on reading']),
    ...(largeThenCloses === undefined ? [] : [`close behind ${largeThenCloses.bytes} bytes`]),
    ...(closesOnFin === true ? ['close when its client does'] : []),
    ...(dials === undefined ? [] : ['dial out']),
    ...(defersAccept === undefined ? [] : [`defer accept, on its port '${defersAccept.port}'`]),
    ...(large === undefined ? [] : ['answer much']),
    ...(slow === undefined ? [] : ['answer late']),
    ...(upload === undefined ? [] : ['take a body']),
    ...(refusesUpload === undefined ? [] : ['refuse a body']),
    ...(effect === undefined ? [] : ['count what it executes']),
    ...(relay === undefined ? [] : ['relay']),
  ];
}
