import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';

/** Roles that phases name and the team lacks, or whose engineer on duty nobody could reach. */
export function teamFaults(source: PlanDocument, { phases, team = {} }: Pick<WrittenPlan, 'phases' | 'team'>): Fault[] {
  return phases.flatMap(({ by, on_call = [] }, index) => [
    ...(by === undefined || team[by] !== undefined ? [] : [absent(source, ['phases', index, 'by'], by)]),
    ...on_call.flatMap((role, position) => {
      const path = ['phases', index, 'on_call', position];
      if (team[role] === undefined) return [absent(source, path, role)];
      return team[role].on_call === undefined ? [unreachable(source, path, role)] : [];
    }),
  ]);
}

function absent(source: PlanDocument, path: (string | number)[], role: string): Fault {
  return faultAt(source, path, {
    message: `"${role}" is not in team`,
    fix: `add "${role}: { contact: WHERE }" to team, or name a role that is there`,
  });
}

function unreachable(source: PlanDocument, path: (string | number)[], role: string): Fault {
  return faultAt(source, path, {
    message: `"${role}" is on call, and team.${role} has no on_call`,
    fix: `add "on_call: WHERE" to team.${role}`,
  });
}
