import { Ajv } from 'ajv';
import { request } from 'undici';
import { boundedJson } from '../../core/bounded-body.ts';
import type { ArmStanding } from '../../core/judge/winner.ts';

/** Eight arms with their looks, beside what else a status holds of a fleet's stations. */
const STATUS_LIMIT_BYTES = 64 * 2 ** 20;

const look = {
  type: 'object',
  nullable: true,
  required: ['mean', 'margin', 'lower', 'upper'],
  properties: Object.fromEntries(['mean', 'margin', 'lower', 'upper'].map((name) => [name, { type: 'number' }])),
};
const standing = {
  type: 'object',
  required: ['arm', 'off', 'harm', 'hours', 'looks'],
  properties: {
    arm: { type: 'string' },
    off: { type: 'boolean' },
    harm: { type: 'string', nullable: true },
    hours: { type: 'number' },
    looks: {
      type: 'object',
      required: ['abort', 'safe', 'win'],
      properties: { abort: look, safe: look, win: look },
    },
  },
};
const isStatus = new Ajv().compile<{ arms: { standings: ArmStanding[] } | null }>({
  type: 'object',
  required: ['arms'],
  properties: {
    arms: {
      type: 'object',
      nullable: true,
      required: ['standings'],
      properties: { standings: { type: 'array', items: standing } },
    },
  },
});

/** How the arms of the candidate under judgement stand, as the scorer says; null where it has one. */
export async function armStandings(scorer_url: string, signal: AbortSignal): Promise<ArmStanding[] | null> {
  const { statusCode, body } = await request(`${scorer_url}/v1/status`, { signal });
  const status = await boundedJson(body, STATUS_LIMIT_BYTES);
  if (statusCode !== 200 || !isStatus(status))
    throw new TypeError(`the scorer's status (${statusCode}) does not say how the arms stand`);
  return status.arms?.standings ?? null;
}
