import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { stagesFor } from './compose/engine.mjs';
import { STAND_INS } from './compose/stand-ins.mjs';
import { closing, skips, table, worst, type Run } from './compose/summary.mjs';

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly target?: string; readonly dockerfile?: string };
  readonly network_mode: string;
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
}

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { services } = load(read('docker-compose.yml'), { schema: YAML11_SCHEMA }) as {
  services: Readonly<Record<string, Service>>;
};
const tested = JSON.parse(read('scripts/compose/services.json')) as {
  name: string;
  port: number;
  as: string;
}[];
const dockerfile = read('Dockerfile');
/** Those that take part without a profile, and closewait is not one of. */
const around = Object.keys(services).filter((name) => name !== 'closewait' && name !== 'wire');

describe('docker-compose.yml', () => {
  it('has a service for each that is tested, and no other', () => {
    expect(around).to.have.members(['network', 'toxiproxy', ...tested.map(({ name }) => name)]);
  });

  for (const { name, port, as } of tested) {
    it(`${name} is healthy when its port ${port} listens, and asked as ${as}`, () => {
      const hex = port.toString(16).toUpperCase().padStart(4, '0');
      expect(services[name]!.healthcheck!.test).to.include(`:${hex} 00000000:0000 0A`);
      expect(existsSync(join(root, 'targets', as, 'index.ts'))).to.equal(true);
    });
  }

  it('is described as it is', () => {
    const rows = [...read('docs/docker.md').matchAll(/^\| `(\w+)` +\| (\d+) +\| `(\w+)` +\|$/gm)];
    expect(rows.map(([, name, port, as]) => ({ name, port: Number(port), as }))).to.deep.equal(tested);
  });

  it('has known failures of cases that exist', () => {
    const known = JSON.parse(read('scripts/compose/known.json')) as {
      how: string;
      case: string;
      service?: string;
    }[];
    for (const { how, case: id, service = 'nginx' } of known) {
      expect(['direct', 'toxiproxy', 'through']).to.include(how);
      expect(existsSync(join(root, 'suites', `${id}.case.ts`)), id).to.equal(true);
      expect(tested.map(({ name }) => name)).to.include(service);
    }
  });

  it('has closewait wait until all others are healthy', () => {
    expect(Object.keys(services['closewait']!.depends_on!)).to.have.members(around);
    for (const { depends_on = {} } of Object.values(services))
      for (const { condition } of Object.values(depends_on)) expect(condition).to.equal('service_healthy');
    for (const name of around) expect(services[name], name).to.have.property('healthcheck');
  });

  it('has all in one network that nothing leaves', () => {
    for (const [name, { network_mode }] of Object.entries(services))
      expect(network_mode, name).to.equal(name === 'network' || name === 'wire' ? 'none' : 'service:network');
  });

  it('names images by tag, without a registry, and builds those of ours from what is there', () => {
    for (const [name, { image, build }] of Object.entries(services)) {
      const [, unset] = /^\$\{\w+:-(.*)\}$/.exec(image) ?? [];
      expect(unset ?? image, name).to.match(build === undefined ? /^[a-z]+:[\w.-]+$/ : /^closewait/);
      if (build === undefined) continue;
      expect(existsSync(join(root, build.context, build.dockerfile ?? 'Dockerfile')), name).to.equal(true);
      if (build.target !== undefined) expect(dockerfile).to.include(` AS ${build.target}\n`);
    }
  });

  it('mounts files that are there', () => {
    const files = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.map((text) => text.split(':')[0]!),
    );
    for (const file of files.filter((name) => name !== './reports'))
      expect(existsSync(join(root, file)), file).to.equal(true);
  });

  it('has a stand-in for each image that is not ours', () => {
    const images = Object.values(services).flatMap(({ image, build }) =>
      build === undefined ? [image] : [],
    );
    expect(Object.keys(STAND_INS)).to.include.members(images);
  });
});

describe('a Dockerfile of one target', () => {
  const stages = (text: string): string[] =>
    [...text.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name!);

  it('ends with it, and has no other that is made of the same base', () => {
    expect(stages(stagesFor(dockerfile, 'wire'))).to.deep.equal(['build', 'base', 'wire']);
    expect(stages(stagesFor(dockerfile, 'closewait'))).to.deep.equal(['build', 'base', 'closewait']);
    expect(() => stagesFor(dockerfile, 'other')).to.throw(/no stage/);
  });
});

describe('the summary of runs in containers', () => {
  const run = (exitCode: number, summary: Run['summary'], result: Run['result'] = null): Run => ({
    service: 'nginx',
    how: 'direct',
    family: 'ipv4',
    report: 'nginx.direct.ipv4',
    exitCode,
    summary,
    result,
  });

  it('exits with the worst code', () => {
    const exit = (...codes: number[]): number => worst(codes.map((exitCode) => ({ exitCode })));
    expect(exit()).to.equal(0);
    expect(exit(0, 5, 1, 2)).to.equal(1);
    expect(exit(0, 5)).to.equal(5);
    expect(exit(1, 3)).to.equal(3);
    expect(exit(3, 70, 1)).to.equal(70);
  });

  it('counts a run without a result as a failure', () => {
    const done = run(0, { pass: 2, fail: 0, known: 1, skipped: 3, unsupported: 4 });
    expect(closing([done, run(70, null)])).to.equal('2 passed, 1 failed, 3 skipped, 1 known, 4 unsupported');
    expect(table([done, run(70, null)]).split('\n')[2]).to.match(/^nginx +direct +ipv4( +-){6} +70$/);
  });

  it('tells each reason for a skip once, the most frequent first', () => {
    const cases = ['b', 'a', 'b'].map((reason) => ({ verdict: 'skipped', reason }));
    const result = { cases: [...cases, { verdict: 'pass', reason: '' }], environment: { planeReason: '' } };
    expect(skips([run(0, null, result)])).to.equal('skipped    2  b\nskipped    1  a');
  });
});
