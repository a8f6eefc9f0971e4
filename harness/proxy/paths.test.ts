import { expect } from 'chai';
import { canonicalPath, matchPath, pathOf } from './paths.ts';

describe('paths of requests', () => {
  it('are decoded, without query and host', () => {
    expect(pathOf('/a%20b?x=/c#d')).to.equal('/a b');
    expect(pathOf('http://127.0.0.1:8474/proxies')).to.equal('/proxies');
    expect(pathOf('/%C3%BC%2f')).to.equal('/ü/');
    expect(pathOf('/%25')).to.equal('/%');
    for (const wrong of ['/%', '/%a', '/%zz', '/x%2']) expect(pathOf(wrong), wrong).to.equal(null);
  });

  it('have one form', () => {
    for (const [path, canonical] of [
      ['/', '/'],
      ['//', '/'],
      ['/a/../..', '/'],
      ['/a//b/', '/a/b/'],
      ['', '/'],
      ['*', '/*'],
    ] as const)
      expect(canonicalPath(path), path).to.equal(canonical);
  });

  it('match with what is in the braces', () => {
    expect(matchPath('/proxies/{p}/toxics/{t}', '/proxies/a/toxics/b c')).to.deep.equal(['a', 'b c']);
    for (const path of [
      '/proxies//toxics/b',
      '/proxies/a/toxics',
      '/proxies/a/toxics/b/',
      '/Proxies/a/toxics/b',
    ])
      expect(matchPath('/proxies/{p}/toxics/{t}', path), path).to.equal(null);
  });
});
