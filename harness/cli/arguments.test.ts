import { expect } from 'chai';
import { CloseWaitError } from '#core';
import { readArguments } from './arguments.ts';

const FLAGS = {
  json: { type: 'string', value: 'FILE', help: '' },
  slow: { type: 'boolean', help: '' },
  env: { type: 'string', multiple: true, help: '' },
  plane: { type: 'string', choices: ['wire', 'loopback'], help: '' },
} as const;

describe('arguments', () => {
  it('reads flags and positionals in any order, and `--` ends the flags', () => {
    const { values, positionals } = readArguments(
      ['a', '--json', '-', '--env', 'A=1', '--env=B=2', '--slow', '--', '--b'],
      FLAGS,
    );
    expect({ ...values }).to.deep.equal({ json: '-', env: ['A=1', 'B=2'], slow: true });
    expect(positionals).to.deep.equal(['a', '--b']);
  });

  const errors: [string[], string][] = [
    [['--jsn', 'x'], 'unknown flag --jsn; did you mean --json?'],
    [['--frobnicate'], 'unknown flag --frobnicate'],
    [['--constructor'], 'unknown flag --constructor'],
    [['-x'], 'unknown flag -x'],
    [['--no-slow'], 'unknown flag --no-slow; did you mean --slow?'],
    [['--json'], 'flag --json needs a value: --json FILE'],
    [['--json='], 'flag --json needs a value: --json FILE'],
    [
      ['--json', '--slow'],
      "flag --json needs a value: --json FILE (a value that starts with '-' is written --json=--slow)",
    ],
    [['--slow=yes'], 'flag --slow takes no value'],
    [['--json', 'a', '--json', 'b'], 'flag --json is given twice'],
    [['--plane', 'wier'], '--plane wier: it is one of wire, loopback; did you mean wire?'],
  ];
  for (const [argv, message] of errors) {
    it(`refuses ${argv.join(' ')}`, () => {
      expect(() => readArguments(argv, FLAGS))
        .to.throw(CloseWaitError)
        .that.includes({ code: 'CW_USAGE', message });
    });
  }
});
