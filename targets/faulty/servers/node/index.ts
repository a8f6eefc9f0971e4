// A sound server of HTTP/1 on node:net, in parts that a faulty one replaces: see each class.

export { Connection, type Phase } from './connection.ts';
export { run, Server } from './server.ts';
export { Tunnel } from './tunnel.ts';
