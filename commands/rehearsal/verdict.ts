import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { allGates } from '../../analysis/gates.ts';
import { freezeGate } from '../../core/compile/waits.ts';
import type { GateInPlan } from '../../core/evidence.ts';
import type { Gate } from '../../core/gate.ts';
import { backtestInVerdict, decidingArms, measuredVerdict, worstArm } from '../../core/measured-verdict.ts';
import { loosestThreshold, type Plan, thresholdIn } from '../../core/plan.ts';
import type { Verdict } from '../../core/verdict.ts';
import { type ReportExtras, renderReport } from '../../lab/report/report.ts';
import { readNotice } from '../../telemetry/description.ts';
import { dailyLossRatio } from './judged-days.ts';
import type { Script, Seen } from './rehearsal.ts';

/** What a rehearsal says in the end, from what was seen of it. */
export function verdictOf({ plan, options }: Script, seen: Seen): Verdict {
  const { timeline, releases, breach } = seen;
  const backtest = backtestInVerdict(seen.backtest.arms, plan.arms?.default ?? null);
  return {
    ...measuredVerdict({ backtest, gates: gatesInPlan(plan), timeline }),
    scenario: options.scenario.name,
    release: { stable: releases.stable.digest, candidate: releases.candidate.digest },
    timings_s: {
      lab_ready: seen.lab_ready_s,
      total: seen.total_s,
      breach_to_zero_weight: breach?.ended === 'weight' ? breach.seconds : null,
    },
    versions: seen.versions,
  };
}

/** The gates with the plan's thresholds. */
export function gatesInPlan(plan: Plan): GateInPlan[] {
  const gates = allGates.map((gate) => {
    const own = plan.phases.flatMap((phase) =>
      phase.gates[gate.name] === undefined ? [] : [[phase.name, thresholdIn(plan, gate, phase)] as const],
    );
    const thresholds =
      own.length > 0 ? { thresholds: Object.fromEntries(own), loosest: loosestThreshold(plan, gate) } : {};
    return inPlan(gate, { threshold: thresholdIn(plan, gate), ...thresholds });
  });
  return plan.freezes.length > 0 ? [...gates, inPlan(freezeGate, { threshold: freezeGate.threshold })] : gates;
}

type Worded = Pick<Gate, 'name' | 'reason' | 'unit' | 'kind' | 'title'>;
type Limits = Pick<GateInPlan, 'threshold' | 'thresholds' | 'loosest'>;

function inPlan({ name, reason, unit, kind, title }: Worded, limits: Limits): GateInPlan {
  const { threshold, thresholds = {}, loosest = threshold } = limits;
  const all = [threshold, loosest, ...Object.values(thresholds)];
  return { name, reason, unit, kind, titles: Object.fromEntries(all.map((limit) => [limit, title(limit)])), ...limits };
}

/** Writes verdict.json and report.html; returns the report's path. */
export async function writeVerdict(script: Script, seen: Seen, verdict: Verdict): Promise<string> {
  const { out } = script.options;
  await mkdir(out, { recursive: true });
  await writeFile(path.join(out, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  const report = path.join(out, 'report.html');
  await writeFile(report, await renderReport(verdict, seen.timeline, await extrasOf(script, seen)));
  return report;
}

async function extrasOf(
  { plan, plan_text, telemetry, telemetry_dir, options }: Script,
  seen: Seen,
): Promise<ReportExtras> {
  const { replay, breach } = seen;
  return {
    generated_at: new Date().toISOString(),
    gates: gatesInPlan(plan),
    accepted_loss: plan.judge.accepted_loss !== null,
    daily_loss_ratio: dailyLossRatio(worstArm(decidingArms(seen.backtest.arms, plan.arms?.default ?? null)).days),
    plan_text,
    telemetry: { name: telemetry.name, stations: telemetry.stations.length, notice: await readNotice(telemetry_dir) },
    replay: replay && {
      hours_per_s: options.hours_per_s,
      achieved_hours_per_s: replay.achieved_hours_per_s,
      held_s: replay.held_s,
      behind_s: replay.behind_s,
      sent: replay.traffic.sent,
      failed: [...replay.traffic.errors.values()].reduce((sum, n) => sum + n, 0),
    },
    breach,
    machine: `${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
  };
}
