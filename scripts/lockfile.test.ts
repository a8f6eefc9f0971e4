import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = join(import.meta.dirname, '../package-lock.json');
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };

describe('package-lock.json', () => {
  it('holds the optional packages of every platform: npm ci refuses it otherwise', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).filter(
        (name) =>
          !packages[`node_modules/${name}`]?.version && !packages[`${path}/node_modules/${name}`]?.version,
      ),
    );
    expect(missing).to.deep.equal([]);
  });

  it('names no registry: users have their own', () => {
    expect(Object.values(packages).flatMap(({ resolved }) => resolved ?? [])).to.deep.equal([]);
  });
});
