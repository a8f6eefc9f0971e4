import type { CaseInfo } from '#case';
import { formatReference, wrap } from '#report';
import { readArguments } from './arguments.ts';
import type { Command } from './contract.ts';
import { commandHelp } from './help.ts';
import { lastsInWords } from './list.ts';
import { nearestCase } from './selectors.ts';
import { didYouMean, usage } from './usage.ts';

const WIDEST = 100;

/** `closewait explain` */
export const explain: Command = {
  name: 'explain',
  title: 'say what a case does, what it expects and why',
  help: () =>
    commandHelp('explain CASE', ['Says what a case does step by step, what it expects, and why.'], {}),
  run: (argv, { cases }, { stdout }) => {
    const { positionals } = readArguments(argv, {});
    const [id] = positionals;
    if (id === undefined || positionals.length > 1)
      throw usage('explain takes one case', 'closewait explain CASE');
    const found = cases.find((one) => one.id === id);
    if (found === undefined) {
      const near = nearestCase(
        id,
        cases.map((one) => one.id),
      );
      throw usage(`there is no case '${id}'${didYouMean(near)}`);
    }
    stdout.write(`${explanation(found, Math.min(stdout.columns ?? WIDEST, WIDEST)).join('\n')}\n`);
    return 0;
  },
};

function explanation(
  { id, title, level, refs, steps, expected, why, planes, slow, lasts }: CaseInfo,
  width: number,
): string[] {
  const quotes = refs.flatMap((ref) => [
    '',
    `${formatReference(ref)}${ref.quote === undefined ? '' : ':'}`,
    ...(ref.quote === undefined ? [] : wrap(ref.quote, width, '  | ')),
  ]);
  return [
    `${id}   ${level.toUpperCase()}`,
    ...wrap(title, width, ''),
    '',
    'steps:',
    ...steps.flatMap((step, at) => wrap(step, width, `  ${at + 1}. `, ' '.repeat(`  ${at + 1}. `.length))),
    '',
    'expected:',
    ...wrap(expected, width, '  '),
    '',
    'why:',
    ...wrap(why, width, '  '),
    ...quotes,
    '',
    `planes: ${planes.join(', ')}${slow ? '; slow: waits for a long protocol timer' : ''}`,
    ...(lasts === undefined ? [] : wrap(`lasts about ${lastsInWords(lasts)}: ${lasts.why}`, width, '')),
    `run it: closewait run ${id}${slow ? ' --slow' : ''}`,
  ];
}
