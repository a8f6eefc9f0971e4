export { Client, type ClientOptions } from './client.ts';
export { FullBacklog } from './full-backlog.ts';
export { Peer } from './peer.ts';
export { type Outcome } from './reader.ts';
export { type Override, type PeerOptions, type Sent } from './peer-options.ts';
export { type Pattern, type Received } from './mailbox.ts';
export { findSocket, isListening, readState } from './lookup.ts';
export { Wire, type Inhabitant } from './wire.ts';
export { ServerSocket } from './server-socket.ts';
