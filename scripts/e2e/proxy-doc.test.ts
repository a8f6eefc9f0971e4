import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { Call } from './testing/command.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/proxy.md'), 'utf8');
const CLI_FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'closewait/toxiproxy');

/** The block of code with this in it. */
function blockWith(language: string, text: string): string {
  const blocks = [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  const found = blocks.find(([, name, code]) => name === language && code!.includes(text));
  expect(found, `a block with ${text}`).to.not.equal(undefined);
  return found![2]!;
}

describe('the examples of docs/proxy.md', function () {
  this.timeout(60_000);
  let folder = '';
  let call: Call | undefined;
  let url = '';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'closewait-proxy-doc-'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const config = join(folder, 'proxies.json');
    writeFileSync(config, blockWith('json', '"upstream"').replace('127.0.0.1:26379', '127.0.0.1:0'));
    call = new Call(['proxy', '--listen', '127.0.0.1:0', '--config', config]);
    expect(await call.said(/^redis: .*\n/m)).to.equal(true);
    url = /http:\S+(?=,)/.exec(call.stdout)![0];
  });
  after(async () => {
    call?.signal('SIGTERM');
    await call?.ended;
    rmSync(folder, { recursive: true });
  });

  const run = (command: string, args: string[]): string => {
    const env = { ...process.env, TOXIPROXY_URL: url, PATH: CLI_FOLDER + delimiter + process.env['PATH'] };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
    expect(status, stdout + stderr).to.equal(0);
    return stdout;
  };
  const empty = () => fetch(`${url}/proxies/redis`, { method: 'DELETE' });

  it('proxies.json', async () => {
    const { toxics } = (await (await fetch(`${url}/proxies/redis`)).json()) as { toxics: { type: string }[] };
    expect(toxics.map(({ type }) => type)).to.deep.equal(['latency']);
    expect(await (await fetch(`${url}/proxies/redis/connections`)).json()).to.deep.equal([]);
  });

  it('toxiproxy-node-client', async () => {
    await empty();
    const code = blockWith('js', "from 'toxiproxy-node-client'").replace('http://127.0.0.1:8474', url);
    writeFileSync(join(folder, 'example.mjs'), code);
    expect(run(process.execPath, ['example.mjs'])).to.match(/^connect to 127\.0\.0\.1:\d+\n$/);
    expect(await (await fetch(`${url}/proxies`)).json()).to.deep.equal({});
  });

  // CI without Go.
  if (process.env['CLOSEWAIT_WITHOUT_TOXIPROXY'] === '1') return;
  it('toxiproxy-cli', async function () {
    if (!existsSync(join(CLI_FOLDER, 'toxiproxy-cli'))) this.skip();
    await empty();
    const script = blockWith('shell', 'toxiproxy-cli create').replace('127.0.0.1:26379', '127.0.0.1:0');
    expect(run('sh', ['-ec', script])).to.include('half_close_downstream');
    expect(await (await fetch(`${url}/proxies`)).json()).to.deep.equal({});
  });
});
