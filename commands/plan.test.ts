import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCode } from '../core/exit.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function plan(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['commands/plan.ts', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('a valid plan is shown with its phases and gates', () => {
  const { status, stdout } = plan('--file', 'rollouts/forecast.yaml');
  expect(status).toBe(exitCode.ok);
  expect(stdout).toMatch(
    /^shadow +week 3-4 +14d +0 %, 100 % copied +2 \+ 2 +\d+ +≥ \d+ +from 35 % +devops, ml-engineers$/m,
  );
  expect(stdout).toMatch(/^ramp-25 +week 6-7 +14d +25 % +2 \+ 2 /m);
  expect(stdout).toMatch(/^hold-1 waits for product: the earlier forecast may go$/m);
  expect(stdout).toMatch(/^retire-1 takes away seasonal-24h: approved by nobody yet$/m);
  expect(stdout).toMatch(/^retire-1 only notes seasonal-24h: whoever keeps/m);
  expect(stdout).toMatch(/^latency +100 ms +all +p99 more than 100 ms above/m);
  expect(stdout).toMatch(/^restarts +0 restarts +all +any restart$/m);
  expect(stdout).toMatch(/^prepare-1: dependencies pinned/m);
  expect(stdout).toMatch(/^training 3d before shadow: .* for engineers on call, 90 min$/m);
  expect(stdout).toMatch(/^notify +waiting: slack:forecast-releases, email:forecast-product@example.org$/m);
  expect(stdout).toMatch(/^retraining +sat, sun from 01:00 to 05:00 \(Europe\/Berlin\), all on the last 180d$/m);
});

test('what it is judged by is shown, what the plan sets and what it leaves to the defaults', () => {
  const file = join(folder, 'judged.yaml');
  const written = readFileSync('rollouts/forecast.yaml', 'utf8');
  const judge = 'judge: { truth_delay: 30h, accepted_loss: half the memory, drift: { cusum: { limit: 4 } } }';
  writeFileSync(file, `${written}\n${judge}\n`);
  const { stdout } = plan('--file', file);
  expect(stdout).toMatch(/^truth_delay +30h +an hour closes/m);
  expect(stdout).toMatch(/^accepted_loss +half the memory +why/m);
  expect(stdout).toMatch(/^drift.cusum +slack 1, limit 4 +daily mean/m);
  expect(stdout).toMatch(/^tariff +40 and 20 EUR +what a MWh/m);
  expect(stdout).toMatch(/^no backtest +13d +the shortest shadow/m);
  const { judge: told } = JSON.parse(plan('--file', file, '--json').stdout).plan;
  expect(told).toMatchObject({ truth_delay_hours: 30, database: 'sqlite', drift: { cusum: { slack: 1, limit: 4 } } });
});

test('with a first day every step has its days, and says what it waits for', () => {
  const { stdout } = plan('--file', 'rollouts/forecast.yaml', '--start', '2026-11-02');
  expect(stdout).toMatch(/^step +when \(UTC\) /m);
  expect(stdout).toMatch(/^shadow +2026-11-16 to 2026-11-29 +14d /m);
  // The holidays end at midnight in Berlin.
  expect(stdout).toMatch(/^ramp-25 +2026-12-07 to 2027-01-03 23:00 \* +14d /m);
  expect(stdout).toContain('* ramp-25 goes on through "holidays and winter peak"');
  expect(stdout).toMatch(/^training 2026-11-25 10:00: Reading the new charts/m);
  expect(stdout).toMatch(/^assess: 2026-09-01 to 2026-11-29 with 2027-02-07 23:00 to 2027-05-08 23:00$/m);
  const { calendar, steps } = JSON.parse(
    plan('--file', 'rollouts/forecast.yaml', '--start', '2026-11-02', '--json').stdout,
  );
  expect(calendar).toEqual({ start: '2026-11-02', zone: 'UTC' });
  expect(steps[3]).toMatchObject({ name: 'ramp-25', waits_for: ['holidays and winter peak'] });
});

test('a training before the first day of the plan is told', () => {
  const file = join(folder, 'early.yaml');
  const written = readFileSync('rollouts/forecast.yaml', 'utf8');
  writeFileSync(file, written.replace(/days_before: 3\b/, 'days_before: 15'));
  const { stdout } = plan('--file', file, '--start', '2026-11-02');
  expect(stdout.match(/^training .*, before the first day of the plan$/gm)).toEqual([
    expect.stringMatching(/^training 2026-11-01 /),
  ]);
});

test('a milestone without anybody on call is told, and the plan is valid all the same', () => {
  const file = join(folder, 'nobody.yaml');
  const written = readFileSync('rollouts/forecast.yaml', 'utf8');
  writeFileSync(file, written.replace('- ramp: 50%\n    for: 7d\n    on_call: [devops]', '- ramp: 50%\n    for: 7d'));
  const { status, stdout } = plan('--file', file);
  expect(status).toBe(exitCode.ok);
  expect(stdout.match(/^warning: .*$/gm)).toEqual([
    'warning: ramp-50: nobody is on call; add on_call with roles of team',
  ]);
  expect(plan('--file', 'rollouts/forecast.yaml').stdout).not.toContain('warning:');
});

test('a runbook that is not there is refused in this repository, and told of a plan from elsewhere', () => {
  const file = join(folder, 'elsewhere.yaml');
  const written = readFileSync('rollouts/forecast.yaml', 'utf8');
  writeFileSync(file, written.replace('docs/runbooks/forecast-release.md', 'docs/nowhere.md'));
  const { status, stdout } = plan('--file', file);
  expect(status).toBe(exitCode.ok);
  expect(stdout).toMatch(/^warning: no docs\/nowhere.md is here/m);
  const root = repository();
  rmSync(join(root, 'docs'), { recursive: true });
  expect(reviewed(root)).toMatchObject({ status: exitCode.usage, stdout: '' });
  expect(reviewed(root).stderr).toContain('rollouts/forecast.yaml:7:10 runbook: there is no docs/runbooks/');
});

test('GPUs are counted at the peak', () => {
  const file = join(folder, 'gpus.yaml');
  const written = readFileSync('rollouts/forecast.yaml', 'utf8');
  writeFileSync(file, written.replace('serving: { ', 'serving: { gpus: 2, node_pool: gpu, '));
  const { stdout } = plan('--file', file);
  expect(stdout).toContain('4 at the peak with 8 GPUs');
  expect(stdout).toMatch(/^ramp-10 .* 2 \+ 2 +8 /m);
});

test('--ics prints the calendar', () => {
  const { status, stdout } = plan('--file', 'rollouts/forecast.yaml', '--start', '2026-11-02', '--ics');
  expect(status).toBe(exitCode.ok);
  expect(stdout).toMatch(/^BEGIN:VCALENDAR\r\n/);
  // Ten steps, a freeze, two windows of the assessment, two trainings.
  expect(stdout.match(/^UID:/gm)).toHaveLength(15);
});

test('a limit of one phase stands beside the plan’s', () => {
  const file = join(folder, 'own-limit.yaml');
  const written = readFileSync('rollouts/forecast.yaml', 'utf8');
  writeFileSync(file, written.replace('- ramp: 10%', '- ramp: 10%\n    gates: { latency: { threshold: 150 } }'));
  expect(plan('--file', file).stdout).toMatch(/^latency +100 ms, ramp-10: 150 /m);
});

test('--markdown is a plan’s steps as a table, for a comment', () => {
  const { stdout } = plan(
    '--file',
    'rollouts/forecast.yaml',
    '--stations',
    '115',
    '--start',
    '2027-01-04',
    '--markdown',
  );
  expect(stdout).toMatch(/^### forecast \(forecasting\): 91d in all, 2 pods, 4 at the peak$/m);
  expect(stdout).toMatch(/^\| ramp-25 \| 2027-02-08 to 2027-02-21 \| 14d \| 25 %, about 29 \| 2 \+ 2 \| 16 \|/m);
  expect(stdout).toMatch(/^\| latency \| 100 ms \| shadow \| p98 more than/m);
  expect(stdout).toMatch(/^\| evidence \| kept for 730d after/m);
});

test('a number of stations becomes the number that each phase exposes', () => {
  const { stdout } = plan('--file', 'rollouts/forecast.yaml', '--stations', '115');
  expect(stdout).toMatch(/^ramp-25 .* 25 %, about 29 /m);
});

test('a plan is told what its gates and its groups can show', () => {
  const shown = (stations: string) => plan('--file', 'rollouts/forecast.yaml', '--stations', stations).stdout;
  expect(shown('710')).toMatch(/^ramp-10 .* from 25 % +from 7 % +devops/m);
  expect(shown('710')).toMatch(/^outcomes: .* by 15 %: ramp-10 10 %, /m);
  expect(shown('710')).toMatch(/^stations in the canary .*: ramp-10 71 or 158, ramp-25 /m);
  expect(shown('40')).toMatch(/^ramp-10 .* from \d+ % +devops/m);
  expect(shown('40')).not.toMatch(/^outcomes: .* ramp-10 /m);
  expect(shown('12')).toMatch(
    /^latency +100 ms +shadow +p86 .*\n +ramp-10 to ramp-25 +nothing, and waits: fewer than 10 answers/m,
  );
  expect(shown('12')).toMatch(
    /^accuracy by the end of shadow, .*: similar 47 % or \d+ %; dissimilar \d+ % or \d+ %; near-identical /m,
  );
});

test('an inventory says how many stations there are, and who is pinned counts at the first step', () => {
  const rows = Array.from({ length: 50 }, (_, i) => `S-${i},${i < 20 ? 'north' : 'south'},low`);
  writeFileSync(join(folder, 'stations.csv'), ['station_id,region,criticality', ...rows].join('\n'));
  const file = join(folder, 'pinned.yaml');
  const written = readFileSync('rollouts/forecast.yaml', 'utf8');
  const apart = 'stations: { inventory: stations.csv, pinned: [{ region: north }], kept_out: [{ id: S-49 }] }';
  const elsewhere = written.replace('docs/runbooks/forecast-release.md', 'https://wiki.example.org/runbook');
  writeFileSync(file, `${elsewhere}\n${apart}\n`);
  const inFolder = (...args: string[]) =>
    spawnSync(process.execPath, [join(process.cwd(), 'commands/plan.ts'), '--file', file, ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout;
  const stdout = inFolder();
  expect(stdout).toMatch(/^ramp-10 .* 10 %, about 23 /m);
  expect(stdout).toMatch(/^ramp-100 .* 100 %, about 49 /m);
  expect(stdout).toMatch(/^warning: stations: 20 pinned stations are 40 % of 50, .* Pin fewer\.$/m);
  const { fleet, phases } = JSON.parse(inFolder('--json'));
  expect(fleet).toEqual({ stations: 50, apart: { pinned: 20, kept_out: 1 } });
  expect(phases[0]).toMatchObject({
    accuracy: { models: 'similar', power: expect.any(Number), otherwise: { length: 6 } },
    gates_detect: expect.arrayContaining([{ gate: 'restarts', detects: 'any restart' }]),
  });
});

test('--json prints nothing but JSON', () => {
  const { stdout } = plan('--file', 'rollouts/forecast.yaml', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    plan: { service: 'forecast' },
    phases: [{ name: 'shadow' }, {}, {}, {}, {}, {}],
  });
});

test('an invalid plan ends with 2 and its faults on standard error', () => {
  const file = join(folder, 'p.yaml');
  writeFileSync(file, 'service: Forecast\n');
  const { status, stdout, stderr } = plan('--file', file);
  expect({ status, stdout }).toEqual({ status: exitCode.usage, stdout: '' });
  expect(stderr).toContain(`${file}:1:10 service: "Forecast" is not valid`);
  expect(stderr.trim().split('\n').length).toBeGreaterThan(4);
});

test.each([
  [['--file', 'no-such.yaml'], '--file: "no-such.yaml" cannot be read: there is no such file; '],
  [['--ics'], '--ics is of a plan alone: give --file, without --against'],
  [['--file', 'a.yaml', '--file', 'b.yaml'], '--file is given twice; give it once'],
  [
    ['--against', 'rollouts/forecast.yaml'],
    '--against: "rollouts/forecast.yaml" is a file, and git knows no such commit here; name the plan that it is compared with by --file',
  ],
  [
    ['--file', 'rollouts/forecast.yaml', '--stations', 'many'],
    '--stations: "many" is not a whole number from 1 to 9999999',
  ],
  [['--fil'], "Unknown option '--fil'"],
  [['--against', 'no-such-ref'], '--against: "no-such-ref" is no file, and git knows no such commit here'],
  [['--file', 'rollouts/forecast.yaml', '--markdown', '--ics'], '--ics is another form of the answer'],
  [['--against', 'HEAD', '--json', '--markdown'], 'give one'],
  [['--file', 'rollouts/forecast.yaml', '--json', '--ics'], 'give one'],
  [['--file', 'rollouts/forecast.yaml', '--start', '2027-02-29'], '--start: "2027-02-29" is no day like 2027-01-04'],
  [['--file', 'rollouts/forecast.yaml', '--start', '2027-01-04 10:00'], 'is no day like 2027-01-04'],
  [['--file', 'rollouts/forecast.yaml', '--ics'], '--ics needs days: give --start, or calendar.start in the plan'],
  [['--against', 'HEAD', '--ics'], '--ics is of a plan alone'],
])('wrong usage %j is said so', (args, message) => {
  const { status, stderr } = plan(...args);
  expect(status).toBe(exitCode.usage);
  expect(stderr).toContain(message);
});

/** A repository of two files, of which one commit has the shipped texts. */
function repository(): string {
  const root = mkdtempSync(join(folder, 'repository-'));
  for (const folder of ['rollouts', 'docs/runbooks']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['Pulumi.production.yaml', 'rollouts/forecast.yaml', 'docs/runbooks/forecast-release.md'])
    copyFileSync(file, join(root, file));
  const git = (...args: string[]) => {
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
    expect(spawnSync('git', [...author, ...args], { cwd: root, encoding: 'utf8' })).toMatchObject({ status: 0 });
  };
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'as shipped');
  return root;
}

function edit(root: string, file: string, from: string, to: string): void {
  const text = readFileSync(join(root, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(root, file), text.replace(from, to));
}

function reviewed(root: string, ...args: string[]) {
  return planIn(root, '--against', 'main', ...args);
}

function planIn(root: string, ...args: string[]) {
  const command = [join(process.cwd(), 'commands/plan.ts'), ...args];
  // CI counts as a terminal to some libraries; what is piped has no colours there either.
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', env: { ...process.env, CI: 'true' } });
}

test('--against says what the working tree changes, in the plan and in what is released', () => {
  const root = repository();
  expect(reviewed(root).stdout).toContain('[no-change]');
  edit(root, 'rollouts/forecast.yaml', '- ramp: 10%', '- ramp: 12%');
  const rules = (json: string) =>
    JSON.parse(json).reviews.map(({ subject, effects }: { subject: string; effects: { rule: string }[] }) => [
      subject,
      effects.map(({ rule }) => rule).sort(),
    ]);
  const moved = ['clears-abort', 'exposes-more', 'resets-release', 'waits-for-release'];
  expect(rules(reviewed(root, '--json').stdout)).toEqual([['production', moved]]);
  expect(rules(reviewed(root, '--file', 'rollouts/forecast.yaml', '--json').stdout)).toEqual([
    ['rollouts/forecast.yaml', moved],
  ]);
  edit(root, 'Pulumi.production.yaml', 'release: sha256:a4d451', 'release: sha256:b4d451');
  expect(rules(reviewed(root, '--json').stdout)).toEqual([['production', ['exposes-more', 'starts-release']]]);
  edit(root, 'Pulumi.production.yaml', 'scorerClaim: scorer-data', 'scorerClaim: other-data');
  edit(root, 'Pulumi.production.yaml', 'scorer@sha256:c528', 'scorer@sha256:d528');
  const scorer = ['moves-scorer-data', 'updates-scorer'];
  expect(rules(reviewed(root, '--json').stdout)).toEqual([
    ['production', ['exposes-more', ...scorer, 'starts-release'].sort()],
  ]);
});

test('without --against and --file it is compared with main, here or as the origin has it', () => {
  const root = repository();
  const git = (...args: string[]) => expect(spawnSync('git', args, { cwd: root })).toMatchObject({ status: 0 });
  edit(root, 'rollouts/forecast.yaml', '- ramp: 10%', '- ramp: 12%');
  const against_main = planIn(root);
  expect(against_main).toMatchObject({ status: exitCode.ok, stdout: reviewed(root).stdout });
  expect(against_main.stdout).toContain('[exposes-more]');
  git('update-ref', 'refs/remotes/origin/main', 'main');
  git('branch', '--move', 'main', 'work');
  expect(planIn(root).stdout).toMatch(/^production, compared with origin\/main.*\n(.*\n)*.*\[exposes-more\]/);
  git('update-ref', '-d', 'refs/remotes/origin/main');
  expect(planIn(root)).toMatchObject({ status: exitCode.usage, stdout: '' });
  expect(planIn(root).stderr).toMatch(/^--against: is not given, and git knows neither main nor origin\/main here; /);
});

test('a flag that changes alone is told, with a stack or without', () => {
  const root = repository();
  const flags = 'rollouts/forecast.flags.json';
  const charts = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
  writeFileSync(join(root, flags), JSON.stringify({ flags: { charts } }));
  for (const args of [[], ['--file', 'rollouts/forecast.yaml']]) {
    const { stdout } = reviewed(root, ...args);
    expect(stdout).toMatch(/^ {2}notice .* has a new flag "charts", enabled: "off" by default\. \[adds-flag\]$/m);
    expect(stdout).toMatch(/^ {2}warning Flags are part of the release, whose digest does not change here/m);
    expect(stdout).not.toContain('no-change');
  }
  edit(root, 'Pulumi.production.yaml', 'release: sha256:a4d451', 'release: sha256:b4d451');
  expect(reviewed(root).stdout).toContain('The new release has a new flag "charts"');
  writeFileSync(join(root, flags), '{');
  expect(reviewed(root)).toMatchObject({ status: exitCode.usage, stdout: '' });
  expect(reviewed(root).stderr).toContain(`${flags}: is not JSON`);
});

test('a plan is the same file whatever its path is written like; a folder is no plan, and git has only its own', () => {
  const root = repository();
  const file = join(root, 'rollouts/forecast.yaml');
  expect(reviewed(root, '--file', file).stdout).toContain('[no-change]');
  writeFileSync(join(root, 'rollouts/new.yaml'), readFileSync(file));
  expect(reviewed(root, '--file', 'rollouts/new.yaml').stdout).toContain('[adds-plan]');
  const outside = reviewed(root, '--file', join(process.cwd(), 'rollouts/forecast.yaml'));
  expect(outside).toMatchObject({ status: exitCode.usage, stdout: '' });
  expect(outside.stderr).toContain('is outside repository');
  const folder_ref = planIn(root, '--against', 'rollouts', '--file', file);
  expect(folder_ref).toMatchObject({ status: exitCode.usage, stdout: '' });
  expect(folder_ref.stderr).toContain('"rollouts" is no file');
});

test('a stack that comes and one that goes are told', () => {
  const root = repository();
  renameSync(join(root, 'Pulumi.production.yaml'), join(root, 'Pulumi.staging.yaml'));
  const { stdout } = reviewed(root);
  expect(stdout).toMatch(
    /^production, .*\n {2}danger .* \[removes-stack\]\n\nstaging, .*\n {2}warning .* \[adds-stack\]\n$/,
  );
});

test('--markdown is a table in which an author can write no markup', () => {
  const root = repository();
  const judge = 'judge:\n  accepted_loss: "<b>@team</b> | [half](x) the memory"';
  edit(root, 'rollouts/forecast.yaml', '\nrehearsal:', `\n${judge}\nrehearsal:`);
  const { stdout, status } = reviewed(root, '--markdown');
  expect(status).toBe(exitCode.ok);
  expect(stdout).toContain(
    String.raw`the reason given: "\<b\>\@team\</b\> \| \[half\](x) the memory". | ${'`accepts-loss`'} |`,
  );
});
