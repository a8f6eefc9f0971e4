import type { Socket } from 'node:net';
import { answerTo } from './answers.ts';
import { parseHead, type Request } from './request.ts';
import type { Server } from './server.ts';

const HEAD_LIMIT = 8192;

/**
 * working: a whole request has no answer yet. lingering: it has sent its FIN, and reads on for the client's.
 */
export type Phase = 'idle' | 'head' | 'body' | 'working' | 'answering' | 'lingering' | 'closed';

/** One client: requests of HTTP/1 read, answered one after the other, and the connection closed as RFC 9112 section 9 has it. */
export class Connection {
  readonly server: Server;
  readonly socket: Socket;
  idleMs = 1500;
  headMs: number | undefined = 2000;
  bodyMs: number | undefined = 2000;
  lingerMs = 250;
  /** The same for a client that is known to send on. */
  lingerUnreadMs = 1000;
  drainMs = 200;

  phase: Phase = 'idle';
  input: Buffer = Buffer.alloc(0);
  request: Request | null = null;
  bodyLeft = 0;
  /** It closes after this answer. */
  last = false;
  /** The client has sent its FIN. */
  eof = false;
  #timer: NodeJS.Timeout | undefined;
  #listeners = {
    data: (data: Buffer) => this.onData(data),
    end: () => this.onEnd(),
    error: (error: Error) => this.onError(error),
    close: () => this.onClose(),
  };

  constructor(server: Server, socket: Socket) {
    this.server = server;
    this.socket = socket;
  }

  start(): void {
    for (const [event, listener] of Object.entries(this.#listeners)) this.socket.on(event, listener);
    this.enter('idle', this.idleMs, () => this.onIdleTimeout());
  }

  // Events

  onData(data: Buffer): void {
    if (this.phase === 'lingering') return;
    this.input = this.input.length === 0 ? data : Buffer.concat([this.input, data]);
    this.advance();
  }

  onEnd(): void {
    this.eof = true;
    this.advance();
    if (this.phase === 'idle' && this.input.length === 0) this.finish();
  }

  /** Reset by the client, or given up by the kernel: Node closes the socket. */
  onError(_error: Error): void {}

  onClose(): void {
    this.enter('closed');
    this.server.forget(this);
  }

  onIdleTimeout(): void {
    // A request may have come just now: timers go before what has come.
    setImmediate(() => {
      if (this.phase === 'idle') this.finish();
    });
  }

  onDrain(): void {
    if (this.phase === 'idle') this.arm(this.drainMs, () => this.onIdleTimeout());
  }

  // Requests

  /** Reads requests and answers them as far as what has come allows. */
  advance(): void {
    while (['idle', 'head', 'body'].includes(this.phase))
      if (!(this.phase === 'body' ? this.readBody() : this.readHead())) break;
    // What a client sends ahead is left to TCP's flow control.
    if (this.phase === 'working' || this.phase === 'answering') this.socket.pause();
  }

  readHead(): boolean {
    if (this.input.length === 0) return false;
    const end = this.input.indexOf('\r\n\r\n');
    if (end === -1) {
      if (this.eof || this.input.length > HEAD_LIMIT) this.onPartial();
      else if (this.phase === 'idle') this.enter('head', this.headMs, () => this.refuse(408));
      return false;
    }
    this.request = parseHead(this.input.toString('latin1', 0, end));
    this.input = this.input.subarray(end + 4);
    if (this.request === null) {
      this.refuse(400);
      return false;
    }
    this.bodyLeft = this.request.length;
    this.last = this.request.closes;
    this.enter('body', this.bodyMs, () => this.refuse(408));
    return true;
  }

  readBody(): boolean {
    if (this.request!.path === '/refuse') {
      this.refuse(413);
      return false;
    }
    const taken = Math.min(this.bodyLeft, this.input.length);
    this.input = this.input.subarray(taken);
    this.bodyLeft -= taken;
    if (this.bodyLeft === 0) this.execute();
    else if (this.eof) this.onPartial();
    return this.bodyLeft === 0;
  }

  /** No more will come of a request that is not whole. */
  onPartial(): void {
    this.refuse(400);
  }

  execute(): void {
    this.enter('working');
    answerTo(this, this.request!);
  }

  // Answers

  answer(status: number, ...body: (string | Buffer)[]): void {
    const length = body.reduce((sum, piece) => sum + piece.length, 0);
    const close = this.last ? 'Connection: close\r\n' : '';
    this.send(`HTTP/1.1 ${status} \r\nContent-Length: ${length}\r\n${close}\r\n`, ...body);
  }

  answerLater(ms: number, body: string): void {
    this.arm(ms, () => this.answer(200, body));
  }

  /** Answers an error and closes, whatever else has come and will come. */
  refuse(status: number): void {
    this.last = true;
    this.answer(status, 'refused\n');
  }

  /** @param pieces not copied */
  send(...pieces: (string | Buffer)[]): void {
    this.enter('answering');
    this.socket.cork();
    for (const piece of pieces.slice(0, -1)) this.socket.write(piece);
    this.socket.write(pieces.at(-1)!, (error) => error ?? this.onAnswered());
    this.socket.uncork();
  }

  /** The kernel has all of it. */
  onAnswered(): void {
    const ends = this.server.draining || this.eof;
    if (this.last || (ends && this.input.length === 0)) return this.finish();
    this.enter('idle', this.idleMs, () => this.onIdleTimeout());
    this.socket.resume();
    this.advance();
  }

  // The end

  /** Closes in order: its own FIN, and no close() while the client may still send, which would reset (RFC 9112 section 9.6). */
  finish(): void {
    const ms = this.bodyLeft > 0 || this.input.length > 0 ? this.lingerUnreadMs : this.lingerMs;
    this.enter('lingering', ms, () => this.socket.destroy());
    this.socket.end();
    this.socket.resume();
  }

  /** Leaves the socket to whoever takes it over. */
  release(): void {
    this.enter('closed');
    for (const [event, listener] of Object.entries(this.#listeners)) this.socket.off(event, listener);
    this.server.forget(this);
  }

  enter(phase: Phase, ms?: number, then?: () => void): void {
    this.phase = phase;
    this.arm(ms, then);
  }

  /** Its one timer: what it was set for before is off. */
  arm(ms?: number, then?: () => void): void {
    clearTimeout(this.#timer);
    if (ms !== undefined) this.#timer = setTimeout(then!, ms);
  }
}
