import { expect } from 'chai';
import { select, selectAll } from './selectors.ts';

const IDS = [
  'close/half-close/answers',
  'close/half-close/in-time',
  'close/rebind',
  'states/fin-wait-1',
  'states/fin-wait-2',
  'states/fin-wait-2-lasts',
];

describe('selectors', () => {
  const meanings: [string, string[]][] = [
    ['states', ['states/fin-wait-1', 'states/fin-wait-2', 'states/fin-wait-2-lasts']],
    ['states/**', ['states/fin-wait-1', 'states/fin-wait-2', 'states/fin-wait-2-lasts']],
    ['states/', ['states/fin-wait-1', 'states/fin-wait-2', 'states/fin-wait-2-lasts']],
    ['states/fin-wait-2', ['states/fin-wait-2']],
    ['states/fin-wait-2-', ['states/fin-wait-2-lasts']],
    ['close/half-close', ['close/half-close/answers', 'close/half-close/in-time']],
    ['close/*', ['close/rebind']],
    ['**/*-{1,2}', ['states/fin-wait-1', 'states/fin-wait-2']],
    ['state', []],
    ['fin-wait-1', []],
    ['!states/**', []],
  ];
  for (const [selector, ids] of meanings) {
    it(`${selector} means ${ids.join(', ') || 'nothing'}`, () =>
      expect(select(selector, IDS)).to.deep.equal(ids));
  }

  const errors: [string, string][] = [
    ['state', "no case matches 'state'; did you mean 'states'?"],
    ['states/fin-wiat-1', "no case matches 'states/fin-wiat-1'; did you mean 'states/fin-wait-1'?"],
    ['FIN_WAIT_2', "no case matches 'FIN_WAIT_2'; did you mean 'states/fin-wait-2'?"],
    ['stats/**', "no case matches 'stats/**'; did you mean 'states'?"],
    ['zzzzzzzzzz', "no case matches 'zzzzzzzzzz'"],
  ];
  for (const [selector, message] of errors) {
    it(`${selector} is an error, with a suggestion where one is near`, () => {
      expect(() => selectAll(['states', selector], IDS))
        .to.throw()
        .that.includes({ code: 'CW_USAGE', message });
    });
  }
});
