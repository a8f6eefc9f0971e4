import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { closewait } from './testing/command.ts';
import { ServerFiles } from './testing/servers.ts';
import { notPassed } from './testing/verdicts.ts';

const PATHS = ['large=/big', 'slow=/slow', 'upload=/upload', 'effect=/run', 'effects=/count'].flatMap(
  (path) => ['--path', path],
);

/** Cases that need what a path gives. */
const CASES = ['close/half-close-slow', 'close/half-close-large', 'close/partial-request-fin'];

describe('what a user tells of his own server', function () {
  this.timeout(60_000);

  let files: ServerFiles;
  before(() => (files = new ServerFiles()));
  after(() => files[Symbol.dispose]());

  it('lets cases run that need it', async () => {
    const { code, result, remains } = await closewait(
      'run',
      '--exec',
      files.command('application'),
      ...PATHS,
      '--trait=halfCloseSlow=respond',
      ...CASES,
    );
    expect({ code, remains, notPassed: notPassed(result) }).to.deep.equal({
      code: 0,
      remains: [],
      notPassed: [],
    });
    expect(result.summary.pass).to.equal(CASES.length);
  });

  it('is judged: a promise that is not kept fails', async () => {
    const { code, result } = await closewait(
      'run',
      '--exec',
      files.command('application'),
      '--trait=halfClose=reset',
      'close/half-close-fast',
      '--family=4',
    );
    expect(code).to.equal(1);
    expect(result.cases[0]!.reason).to.match(
      /declares policy\.halfClose reset, and what was seen is respond/,
    );
  });

  it('is asked for where it is missing, and fails nothing', async () => {
    const { result } = await closewait('run', '--exec', files.command('application'), ...CASES);
    expect(result.summary.unsupported).to.equal(CASES.length);
    expect(result.cases.map(({ reason }) => reason).join('\n'))
      .to.include('give it with --path slow=/slow')
      .and.include('give it with --path large=/big')
      .and.include('give it with --path effect=/run --path effects=/count');
  });

  it('exits 3 for a path that does not do what it is named for', async () => {
    const { code, stderr, remains, hasResult } = await closewait(
      'run',
      '--exec',
      files.command('application'),
      '--path=slow=/fast',
    );
    expect({ code, remains, hasResult }).to.deep.equal({ code: 3, remains: [], hasResult: false });
    expect(stderr).to.match(
      /GET \/fast, the path 'slow', is to take 1 s or more to answer; it answered 'HTTP\/1\.1 200 OK', after \d+ ms \[CW_TARGET_PATH\]/,
    );
  });

  it('is what closewait probe prints', async () => {
    const command = files.command('application');
    const probed = await closewait('probe', '--exec', command, '--case-timeout=1', '--json');
    expect(probed).to.include({ code: 0, stderr: '' });
    expect(probed.remains).to.deep.equal([]);
    const { flags } = JSON.parse(probed.stdout) as { flags: string[] };
    expect(flags).to.include.members(['halfClose=respond', 'backlog=511', 'finWait2Ms=1000']);
    const cases = ['close/half-close-fast', 'close/idle-fin', 'handshake/accept-queue-overflow'];
    const { code, result } = await closewait('run', '--exec', command, ...flags, ...cases, '--family=4');
    expect({ code, notPassed: notPassed(result) }).to.deep.equal({ code: 0, notPassed: [] });
  });
});

describe('closewait run --known', function () {
  this.timeout(60_000);

  let files: ServerFiles;
  let folder: string;
  before(() => {
    files = new ServerFiles();
    folder = mkdtempSync(join(tmpdir(), 'closewait-known-'));
  });
  after(() => {
    files[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const known = (message: string, id = 'states/close-wait'): string[] => {
    const file = join(folder, 'known.json');
    const entry = { target: 'exec', case: id, reason: 'it is to be mended', reference: 'ours#1', message };
    writeFileSync(file, JSON.stringify({ known: [entry] }));
    return ['--known', file, 'states/close-wait', '--family=4'];
  };
  const run = (...args: string[]) => closewait('run', '--exec', files.command('leaking'), ...args);

  it('lets pass what is known, and says so', async () => {
    const { code, result, stdout } = await run(...known('it leaks: 1 more file descriptors'));
    expect({ code, verdict: result.cases[0]!.verdict }).to.deep.equal({ code: 0, verdict: 'known' });
    expect(result.cases[0]!.reason).to.match(/^it leaks: .* \(known: it is to be mended, ours#1\)$/);
    expect(stdout).to.include('1 known');
  });

  it('fails what says something else', async () => {
    expect((await run(...known('the server died'))).code).to.equal(1);
  });

  it('exits 5 when what is known passes', async () => {
    const { code, stdout } = await run(
      ...known('it leaks', 'states/listen'),
      'states/listen',
      '--exclude=states/close-wait',
    );
    expect(code).to.equal(5);
    expect(stdout).to.include('✗ states/listen on exec is a known failure (ours#1) and did not fail');
  });
});
