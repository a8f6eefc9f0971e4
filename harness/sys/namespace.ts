import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { stat, statSync } from 'node:fs';
import { CloseWaitError } from '#core';
import { libc, sysCall } from './libc.ts';

const CLONE_NEWNET = 0x4000_0000;
const O_RDONLY_CLOEXEC = 0o2000000;
const HERE = '/proc/thread-self/ns/net';

/**
 * A network namespace, held by its file descriptor: there is no name under /run to leave behind, and the kernel ends
 * it when the last descriptor, process and socket in it are gone.
 *
 * Only synchronous work can be done inside, since the main thread itself moves in and out: whatever Node defers to a
 * later tick (`net.connect`, `listen` with a host) would run at home, on the real network. Sockets for a namespace
 * come from {@link tcpSocket}.
 */
export class Namespace {
  /** The namespace's identity: two of them are the same exactly when these are equal. */
  readonly inode: number;
  readonly #fd: number | null;
  #open = true;

  private constructor(fd: number | null, inode: number) {
    this.#fd = fd;
    this.inode = inode;
  }

  /** The namespace that this process runs in. Elsewhere than on Linux, the machine's only network. */
  static home(): Namespace {
    return (home ??= new Namespace(null, process.platform === 'linux' ? openHome().inode : 0));
  }

  /** A new namespace with nothing but a loopback device that is down. @throws SystemCallError EPERM without CAP_SYS_ADMIN */
  static create(): Namespace {
    const before = here();
    // In a user namespace that kept another's network there would be no way back: find out before leaving.
    before.#enter();
    sysCall('unshare(CLONE_NEWNET)', libc().unshare(CLONE_NEWNET));
    try {
      const fd = sysCall(`open ${HERE}`, libc().open(HERE, O_RDONLY_CLOEXEC, 0));
      return new Namespace(fd, statSync(HERE).ino);
    } finally {
      before.#enter();
    }
  }

  /** Its descriptor, for system calls that take one; null at home. */
  get fd(): number | null {
    return this.#fd;
  }

  /**
   * Runs `work` inside. That the thread is where it should be is checked by inode before, and that it is back where it
   * was after: a packet in the wrong namespace is the one fault that must not happen.
   * @throws CW_NAMESPACE when it is not so, when `work` is asynchronous, or after {@link close}
   */
  run<T>(work: () => T): T {
    const before = here();
    if (before === this) return work();
    try {
      this.#enter();
      const result = work();
      if (result instanceof Promise) {
        throw new CloseWaitError('CW_NAMESPACE', 'asynchronous work was started inside a namespace');
      }
      return result;
    } finally {
      before.#enter();
    }
  }

  /** Starts a process inside: a child is where its parent's thread was at the fork. */
  spawn(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    return this.run(() => spawn(program, args, options));
  }

  /** Lets go of it. What still runs inside keeps it alive. */
  close(): void {
    if (this.#fd === null || !this.#open) return;
    this.#open = false;
    libc().close(this.#fd);
  }

  #enter(): void {
    if (!this.#open) {
      throw new CloseWaitError('CW_NAMESPACE', `network namespace ${this.inode} has been closed`);
    }
    sysCall('setns', libc().setns(this.#fd ?? openHome().fd, CLONE_NEWNET));
    const found = statSync(HERE).ino;
    if (found !== this.inode) {
      throw new CloseWaitError(
        'CW_NAMESPACE',
        `the thread is in network namespace ${found}, not in ${this.inode}`,
      );
    }
    arriveIn(this);
  }
}

let home: Namespace | undefined;
let current: Namespace | undefined;

function arriveIn(namespace: Namespace): void {
  current = namespace;
}

/** Where the thread is. */
function here(): Namespace {
  return current ?? Namespace.home();
}

let homeHandle: { fd: number; inode: number } | undefined;

/** The way back, opened before the first way out. */
function openHome(): { fd: number; inode: number } {
  if (homeHandle === undefined) {
    // libuv's pool threads inherit the namespace of the thread that used the pool first: that has to be at home.
    stat('/', () => undefined);
    homeHandle = {
      fd: sysCall(`open ${HERE}`, libc().open(HERE, O_RDONLY_CLOEXEC, 0)),
      inode: statSync(HERE).ino,
    };
  }
  return homeHandle;
}
