import { execFile } from 'node:child_process';
import { expect } from 'chai';
import { Toxiproxy, type ToxiproxyError } from 'toxiproxy-node-client';
import { contract } from './testing/contract.ts';
import { TOXIPROXY_CLI, toxiproxyMissing, withoutToxiproxy } from './testing/toxiproxy.ts';

interface Run {
  readonly code: number;
  readonly text: string;
}

contract('clients as they are', (server) => {
  describe('toxiproxy-node-client', () => {
    const client = (): Toxiproxy => new Toxiproxy(server.url);
    const body = { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' };

    it('makes proxies and toxics, changes and removes them', async () => {
      const proxy = await client().createProxy(body);
      expect(proxy.listen).to.match(/^127\.0\.0\.1:[1-9]/);
      const toxic = await proxy.addToxic({
        name: 'slow',
        type: 'latency',
        stream: 'upstream',
        toxicity: 1,
        attributes: { latency: 5, jitter: 1 },
      });
      const changed = await toxic.update({ ...toxic.toJson(), attributes: { latency: 9, jitter: 1 } });
      expect(changed.attributes).to.deep.equal({ latency: 9, jitter: 1 });
      expect((await proxy.getToxic('slow')).toJson()).to.deep.equal(changed.toJson());
      await changed.remove();
      const { listen, upstream } = proxy;
      expect((await proxy.update({ listen, upstream, enabled: false })).enabled).to.equal(false);
      expect((await client().get('a')).toJson()).to.deep.equal({ ...body, listen, enabled: false });
      await proxy.remove();
      expect(await client().getAll()).to.deep.equal({});
    });

    it('populates and resets', async () => {
      const proxies = await client().populate([body, { ...body, name: 'b', enabled: false }]);
      expect(Object.keys(proxies)).to.deep.equal(['a', 'b']);
      await client().reset();
      expect((await client().get('b')).enabled).to.equal(true);
    });

    it('is told of errors by their status', async () => {
      const error = await client()
        .get('none')
        .catch((thrown: unknown) => thrown as ToxiproxyError);
      expect(error).to.include({ message: 'Request failed with status code 404' });
      expect(JSON.parse(await client().getVersion())).to.deep.equal({ version: '2.12.0' });
    });
  });

  if (withoutToxiproxy) return;
  const missing = toxiproxyMissing(TOXIPROXY_CLI);
  describe(`toxiproxy-cli${missing === '' ? '' : ` (${missing})`}`, () => {
    before(function () {
      if (missing !== '') this.skip();
    });

    const cli = (...args: string[]): Promise<Run> =>
      new Promise((resolve) => {
        execFile(TOXIPROXY_CLI, ['--host', server.url, ...args], (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr });
        });
      });
    const works = async (...args: string[]): Promise<string> => {
      const { code, text } = await cli(...args);
      expect(code, text).to.equal(0);
      return text;
    };

    it('makes proxies and toxics, shows, changes and removes them', async () => {
      await works('create', '--listen', '127.0.0.1:0', '--upstream', '127.0.0.1:1', 'sp ace');
      expect(await works('list')).to.match(/sp ace\s+127\.0\.0\.1:\d+\s+127\.0\.0\.1:1\s+enabled/);
      await works(
        'toxic',
        'add',
        '--type',
        'latency',
        '--attribute',
        'latency=5',
        '--toxicity',
        '0.5',
        'sp ace',
      );
      expect(await works('inspect', 'sp ace')).to.match(/latency_downstream.*latency=5/);
      await works(
        'toxic',
        'update',
        '--toxicName',
        'latency_downstream',
        '--attribute',
        'jitter=2',
        'sp ace',
      );
      expect((await server.ask('GET', '/proxies/sp%20ace/toxics')).json).to.deep.equal([
        {
          name: 'latency_downstream',
          type: 'latency',
          stream: 'downstream',
          toxicity: 1,
          attributes: { latency: 5, jitter: 2 },
        },
      ]);
      await works('toxic', 'remove', '--toxicName', 'latency_downstream', 'sp ace');
      expect(await works('toggle', 'sp ace')).to.include('disabled');
      expect(await works('toggle', 'sp ace')).to.include('enabled');
      await works('delete', 'sp ace');
      expect((await server.ask('GET', '/proxies')).text).to.equal('{}');
    });

    it('prints the server’s words, and fails', async () => {
      const { code, text } = await cli('inspect', 'none');
      expect(code).to.equal(1);
      expect(text).to.include('HTTP 404: proxy not found');
      await works('create', '--listen', '127.0.0.1:0', '--upstream', '127.0.0.1:1', 'a');
      expect((await cli('toxic', 'add', '--type', 'none', 'a')).text).to.include(
        'HTTP 400: invalid toxic type',
      );
    });
  });
});
