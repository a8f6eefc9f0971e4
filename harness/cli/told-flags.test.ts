import { expect } from 'chai';
import { readTold, toldWords, type ToldValues } from './told-flags.ts';

describe('what a user tells of his server', () => {
  it('is read whole, and written again', () => {
    const values = {
      speak: 'http',
      path: ['large=/big?n=1&m=a=b', 'effect=/run', 'effects=/count'],
      trait: ['halfClose=respond', 'idleMs=2000', 'backlog=16', 'deadPeerIdleMs=never', 'headMs=0'],
    };
    expect(readTold(values)).to.deep.equal({
      speaks: 'http',
      paths: { large: '/big?n=1&m=a=b', effect: '/run', effects: '/count' },
      traits: {
        policy: { halfClose: 'respond', deadPeerIdleMs: 'never' },
        timeouts: { idle: 2000, head: 0 },
        backlog: 16,
      },
    });
    expect(toldWords(values).join(' ')).to.equal(
      '--speak http --path large=/big?n=1&m=a=b --path effect=/run --path effects=/count ' +
        '--trait halfClose=respond --trait idleMs=2000 --trait backlog=16 --trait deadPeerIdleMs=never --trait headMs=0',
    );
  });

  it('is nothing where nothing is told', () => {
    expect(readTold({})).to.deep.equal({});
    expect(toldWords({})).to.deep.equal([]);
  });

  it('may name paths without saying what is spoken', () =>
    expect(readTold({ path: ['slow=/slow'] })).to.deep.equal({ paths: { slow: '/slow' } }));

  const errors: [ToldValues, string][] = [
    [
      { path: ['big=/big'] },
      "--path big=/big: there is no 'big'; there are large, slow, upload, effect, effects",
    ],
    [{ path: ['larg=/big'] }, "--path larg=/big: there is no 'larg'; did you mean large?"],
    [{ path: ['large'] }, '--path large: it is NAME=PATH'],
    [{ path: ['=/big'] }, '--path =/big: it is NAME=PATH'],
    [{ path: ['large=big'] }, "--path large=big: a path starts with '/', and has no blanks"],
    [{ path: ['large=/a b'] }, "--path large=/a b: a path starts with '/', and has no blanks"],
    [{ path: ['large=/a\r\nX: y'] }, "a path starts with '/', and has no blanks"],
    [{ path: ['large='] }, "--path large=: a path starts with '/', and has no blanks"],
    [{ path: ['large=/a', 'large=/b'] }, '--path large is given twice'],
    [{ path: ['effect=/run'] }, '--path effect=/run: it says nothing without --path effects=PATH'],
    [{ path: ['effects=/n'] }, '--path effects=/n: it says nothing without --path effect=PATH'],
    [{ speak: 'echo', path: ['slow=/s'] }, '--path slow=/s: paths are of HTTP, and --speak says echo'],
    [{ trait: ['halfClose=answer'] }, '--trait halfClose=answer: it is one of respond, close, reset, error'],
    [{ trait: ['halfClose=respnd'] }, 'one of respond, close, reset, error; did you mean respond?'],
    [
      { trait: ['halfclose=close'] },
      "--trait halfclose=close: there is no 'halfclose'; did you mean halfClose?",
    ],
    [{ trait: ['wwwwwwwwwwww=1'] }, "there is no 'wwwwwwwwwwww'; there are halfClose, halfCloseSlow, "],
    [{ trait: ['idleMs=2s'] }, '--trait idleMs=2s: it is milliseconds'],
    [{ trait: ['idleMs=-1'] }, '--trait idleMs=-1: it is milliseconds'],
    [{ trait: ['idleMs='] }, '--trait idleMs=: it is milliseconds'],
    [{ trait: ['idleMs=never'] }, '--trait idleMs=never: it is milliseconds'],
    [{ trait: ['idleMs=9999999999'] }, '--trait idleMs=9999999999: it is milliseconds'],
    [{ trait: ['deadPeerIdleMs=nevr'] }, '--trait deadPeerIdleMs=nevr: it is milliseconds or never'],
    [{ trait: ['backlog=1.5'] }, '--trait backlog=1.5: it is a whole number'],
    [{ trait: ['constructor=1'] }, "--trait constructor=1: there is no 'constructor'"],
  ];
  for (const [values, message] of errors) {
    it(`is refused: ${JSON.stringify(values)}`, () => {
      expect(() => readTold(values))
        .to.throw()
        .that.satisfies((error: Error & { code: string }) => {
          expect(error.message).to.include(message);
          return error.code === 'CW_USAGE';
        });
    });
  }
});
