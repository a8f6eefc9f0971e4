import type { TargetDefinition } from '#target';
import { echo } from './echo/index.ts';
import { http } from './http/index.ts';
import { nginx } from './nginx/index.ts';
import { redis } from './redis/index.ts';

/** The servers that closewait knows, in the order in which they are run and listed. */
export const targets: readonly TargetDefinition[] = [echo, http, nginx, redis];
