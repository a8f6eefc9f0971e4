import { expect } from 'chai';
import { isInContainer } from './container.ts';

describe('lab: a container', () => {
  const nothing = (): boolean => false;

  it('is known by the mark that its engine leaves', () => {
    expect(isInContainer({}, nothing)).to.equal(false);
    expect(isInContainer({}, (path) => path === '/.dockerenv')).to.equal(true);
    expect(isInContainer({}, (path) => path === '/run/.containerenv')).to.equal(true);
  });

  it('is known by its environment', () => {
    expect(isInContainer({ container: 'podman' }, nothing)).to.equal(true);
    expect(isInContainer({ KUBERNETES_SERVICE_HOST: '198.18.0.1' }, nothing)).to.equal(true);
    expect(isInContainer({ container: '' }, nothing)).to.equal(false);
  });
});
