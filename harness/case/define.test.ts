import { expect } from 'chai';
import { makeCase, type CaseDefinition } from './define.ts';

const definition: CaseDefinition = {
  title: 'A title',
  level: 'must',
  refs: [],
  steps: ['One.'],
  expected: 'something',
  why: 'because',
  wire: async () => undefined,
};

describe('makeCase', () => {
  it('takes the id from where the file is, source and built alike', () => {
    expect(makeCase('file:///x/suites/states/fin-wait-1.case.ts', definition).id).to.equal(
      'states/fin-wait-1',
    );
    expect(makeCase('file:///x/dist/suites/close/a/b.case.js', definition).id).to.equal('close/a/b');
  });

  it('knows the planes from what there is to do', () => {
    const url = 'file:///x/suites/states/x.case.ts';
    expect(makeCase(url, definition).planes).to.deep.equal(['wire']);
    expect(makeCase(url, { ...definition, loopback: async () => undefined }).planes).to.deep.equal([
      'wire',
      'loopback',
    ]);
  });

  it('refuses a file elsewhere, and a case with nothing to do', () => {
    const code = { code: 'CW_CASE_FILE' };
    expect(() => makeCase('file:///x/states/x.case.ts', definition))
      .to.throw()
      .that.includes(code);
    expect(() => makeCase('file:///x/suites/x.ts', definition))
      .to.throw()
      .that.includes(code);
    const { wire: _, ...empty } = definition;
    expect(() => makeCase('file:///x/suites/a/x.case.ts', empty))
      .to.throw()
      .that.includes(code);
  });
});
