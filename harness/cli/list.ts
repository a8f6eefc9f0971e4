import type { CaseInfo } from '#case';
import { alignColumns, formatReference, printableJson } from '#report';
import type { Reference } from '#trace';
import { JSON_FLAG, readArguments } from './arguments.ts';
import type { Command } from './contract.ts';
import { commandHelp } from './help.ts';
import { selectAll } from './selectors.ts';

const FLAGS = { json: JSON_FLAG } as const;

/** `RFC 9293 §3.3.2, §3.10.7.4` */
function sourcesOf(refs: readonly Reference[]): string {
  const texts = refs.map((ref, at) => {
    const { rfc, section } = ref;
    return at > 0 && rfc === refs[at - 1]!.rfc && section !== undefined
      ? `§${section}`
      : formatReference(ref);
  });
  return texts.join(', ');
}

/** `2.8 s`: about, as a case says of itself. */
export function lastsInWords({ ms }: NonNullable<CaseInfo['lasts']>): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}

/** `closewait list` */
export const list: Command = {
  name: 'list',
  title: 'list the cases',
  help: () =>
    commandHelp(
      'list [SELECTOR...]',
      ['Lists the cases: id, level, planes, how long the longer ones last, RFC section or public issue.'],
      FLAGS,
    ),
  run: (argv, { cases }, { stdout }) => {
    const { values, positionals } = readArguments(argv, FLAGS);
    const ids = cases.map(({ id }) => id);
    const chosen = positionals.length === 0 ? new Set(ids) : selectAll(positionals, ids);
    const shown = cases.filter(({ id }) => chosen.has(id));
    if (values.json === true) {
      stdout.write(printableJson(shown));
      return 0;
    }
    const rows = shown.map(({ id, level, planes, slow, lasts, refs }) => [
      id,
      level,
      planes.join(','),
      slow ? 'slow' : '',
      lasts === undefined ? '' : lastsInWords(lasts),
      sourcesOf(refs),
    ]);
    const lines = alignColumns([['case', 'level', 'planes', 'slow', 'lasts', 'source'], ...rows]);
    stdout.write(`${lines.join('\n')}\n\nclosewait explain CASE says what a case does and why.\n`);
    return 0;
  },
};
