import { expect } from 'chai';
import { execWords, parseReady, readExec } from './exec-flags.ts';

describe('--exec and what belongs to it', () => {
  it('is read whole', () => {
    const values = { exec: 'node s.js {port}', ready: 'log:/up on \\d+/i', cwd: '/', env: ['A=1=2', 'B='] };
    expect(readExec(values)).to.deep.equal({
      command: 'node s.js {port}',
      ready: { log: /up on \d+/i },
      cwd: '/',
      env: { A: '1=2', B: '' },
    });
    expect(execWords(values)).to.deep.equal([
      '--exec',
      'node s.js {port}',
      '--ready',
      'log:/up on \\d+/i',
      '--cwd',
      '/',
      '--env',
      'A=1=2',
      '--env',
      'B=',
    ]);
  });

  it('leaves out what is not given', () => {
    expect(readExec({ exec: 'x' })).to.deep.equal({ command: 'x', env: {} });
    expect(readExec({})).to.equal(undefined);
  });

  it('reads a pattern with slashes in it', () =>
    expect(parseReady('log:/a/b/')).to.deep.equal({ log: /a\/b/ }));

  const errors: [Parameters<typeof readExec>[0], string][] = [
    [{ ready: 'tcp' }, '--ready belongs to --exec, which is not given'],
    [{ env: ['A=1'] }, '--env belongs to --exec, which is not given'],
    [{ exec: ' ' }, '--exec is empty'],
    [{ exec: 'x', cwd: '/no/such' }, '--cwd /no/such: there is no such folder'],
    [{ exec: 'x', env: ['=1'] }, '--env =1: it is NAME=VALUE'],
    [{ exec: 'x', env: ['A'] }, '--env A: it is NAME=VALUE'],
    [{ exec: 'x', ready: 'lisen' }, '--ready lisen: it is tcp, listen or log:/re/; did you mean listen?'],
    [{ exec: 'x', ready: 'log:up' }, '--ready log:up: it is tcp, listen or log:/re/'],
    [{ exec: 'x', ready: 'log:/a/g' }, '--ready log:/a/g: it is tcp, listen or log:/re/'],
    [{ exec: 'x', ready: 'log:/(/' }, '--ready log:/(/: Invalid regular expression: /(/: Unterminated group'],
  ];
  for (const [values, message] of errors) {
    it(`refuses ${JSON.stringify(values)}`, () => {
      expect(() => readExec(values))
        .to.throw()
        .that.includes({ code: 'CW_USAGE', message });
    });
  }
});
