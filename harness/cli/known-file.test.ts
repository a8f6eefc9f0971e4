import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { main } from './main.ts';
import { fakeIo, fakeRegistry } from './testing/registry.ts';

describe('closewait run --known', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'closewait-known-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const entry = {
    target: 'nginx',
    case: 'close/rebind',
    family: 4,
    reason: 'r',
    reference: 'nginx ticket 1300',
    message: 'm',
  };

  async function run(content: unknown, verdicts: ('pass' | 'fail' | 'known')[] = []) {
    const { fake, registry } = fakeRegistry();
    const io = fakeIo();
    const file = join(folder, 'known.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    fake.verdicts = verdicts;
    const code = await main(['run', 'nginx', 'close', '--known', file], registry, io);
    return { code, out: io.out(), err: io.err(), plans: fake.plans, file };
  }

  it('hands the entries to the run', async () => {
    const { code, plans, out } = await run({ known: [entry] }, ['known']);
    expect([code, plans[0]!.known]).to.deep.equal([0, [entry]]);
    expect(out).to.not.include('did not fail');
  });

  it('exits 5 and says so when one of them passes', async () => {
    const { code, out } = await run({ known: [entry] });
    expect(code).to.equal(5);
    expect(out).to.include(
      '✗ close/rebind on nginx IPv4 is a known failure (nginx ticket 1300) and did not fail: take it out of the file\n',
    );
  });

  it('exits 1 when something fails besides', async () => {
    expect((await run({ known: [entry] }, ['pass', 'fail'])).code).to.equal(1);
  });

  const errors: [unknown, string][] = [
    ['{', 'JSON'],
    [{ known: [{ ...entry, message: '' }] }, 'known[0].message: "" is not a text'],
    [
      { known: [entry, { ...entry, case: 'close/rebnd' }] },
      "known[1].case: there is no case 'close/rebnd'; did you mean 'close/rebind'?",
    ],
    [
      { known: [{ ...entry, target: 'ngnix' }] },
      "known[0].target: there is no target 'ngnix'; did you mean nginx?",
    ],
  ];
  for (const [content, message] of errors) {
    it(`exits 64 and runs nothing where ${message} is wrong`, async () => {
      const { code, err, plans, file } = await run(content);
      expect([code, plans]).to.deep.equal([64, []]);
      expect(err).to.include(`closewait: --known ${file}: `).and.include(message).and.include('[CW_USAGE]');
    });
  }

  it("takes servers of the user's own by the name that reports give them", async () => {
    const known = [
      { ...entry, target: 'exec' },
      { ...entry, target: '127.0.0.1:7000' },
    ];
    expect((await run({ known })).code).to.equal(0);
  });

  it('exits 64 where there is no such file', async () => {
    const { registry } = fakeRegistry();
    const io = fakeIo();
    expect(await main(['run', '--known', '/no/such.json'], registry, io)).to.equal(64);
    expect(io.err()).to.include('--known /no/such.json: ENOENT');
  });
});
