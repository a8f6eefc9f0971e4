export { fakeProxy as makeProxy } from './fake-proxy.ts';
