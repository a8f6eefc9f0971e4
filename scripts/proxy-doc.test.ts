import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { TOXIC_TYPES } from '#proxy';
import { PROXY_PAGE, proxyPage } from './proxy-doc.ts';
import { WHAT_TOXICS_DO } from './proxy-doc/toxics.ts';

describe('docs/proxy.md', () => {
  it('is what the tables of toxics and differences say (npm run docs:proxy)', async () => {
    expect(readFileSync(PROXY_PAGE, 'utf8')).to.equal(await proxyPage());
  });

  it('says what every toxic does, and names its attributes', () => {
    expect(WHAT_TOXICS_DO).to.have.all.keys(Object.keys(TOXIC_TYPES));
    for (const [name, { attributes }] of Object.entries(TOXIC_TYPES)) {
      for (const attribute of Object.keys(attributes)) {
        // What it waits for is told in words.
        if (attribute !== 'at') expect(WHAT_TOXICS_DO[name], name).to.include(`\`${attribute}\``);
      }
    }
  });
});
