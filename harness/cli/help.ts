import { alignColumns } from '#report';
import type { Command } from './contract.ts';
import type { Flags } from './arguments.ts';

/** The help of one command: how it is called, what it does, its flags. */
export function commandHelp(synopsis: string, about: readonly string[], flags: Flags): string {
  const rows = Object.entries(flags).map(([name, { short, value, choices, help }]) => {
    const taken = choices?.join('|') ?? value;
    return [
      `  ${short === undefined ? '' : `-${short}, `}--${name}${taken === undefined ? '' : ` ${taken}`}`,
      help,
    ];
  });
  rows.push(['  -h, --help', 'print this']);
  return ['usage: closewait ' + synopsis, '', ...about, '', ...alignColumns(rows), ''].join('\n');
}

/** The help of `closewait` itself. */
export function generalHelp(commands: readonly Command[]): string {
  return [
    'usage: closewait COMMAND [ARGUMENT...]',
    '',
    'Drives a real server through every TCP state and says which ones it got wrong.',
    '',
    ...alignColumns(commands.map(({ name, title }) => [`  ${name}`, title])),
    '',
    ...alignColumns([
      ['  -h, --help', 'print this; closewait COMMAND --help tells more of one'],
      ['  -v, --version', 'print the version'],
    ]),
    '',
    'exit codes: 0 all hold, 1 a case failed, 2 inconclusive or nothing judged, 3 target not installed, not reached or dead,',
    '4 a privilege is missing, 5 a known failure is none any more or all that failed is flaky, 64 usage, 70 internal error, 130 and 143 interrupted by SIGINT and SIGTERM',
    '',
  ].join('\n');
}
