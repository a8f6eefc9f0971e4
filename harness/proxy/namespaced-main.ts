import { CloseWaitError, messageOf } from '#core';
import { embeddedControl } from './embedded.ts';
import { makeProxy } from './proxy.ts';
import { Refusal } from './refusal.ts';
import type { Question, Reply } from './rpc.ts';

// The process of namespacedControl(): proxies in its network namespace, asked over its channel. It ends with its parent.

const [seed, manner] = process.argv.slice(2);
const control = embeddedControl({ makeProxy, seed: Number(seed), strict: manner === 'strict' });

process.on('message', (question: Question) => void answer(question).then((reply) => process.send!(reply)));
process.on('disconnect', () => process.exit());

async function answer({ id, method, args }: Question): Promise<Reply> {
  try {
    return { id, value: await Reflect.apply(control[method], control, args) };
  } catch (error) {
    const code = error instanceof CloseWaitError ? error.code : null;
    const cause = error instanceof CloseWaitError ? error.cause : null;
    return { id, message: messageOf(error), code, status: cause instanceof Refusal ? cause.status : null };
  }
}
