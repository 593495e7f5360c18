// @ts-nocheck
// Generated from core/plan.schema.json by `npm run plan:fields`; do not edit.
"use strict";
export const isPlan = validate20;
const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"plan.schema.json","title":"Rollout plan","description":"How a new version of one service reaches the stations: its phases, their durations, and the limits it is judged by.","type":"object","additionalProperties":false,"required":["service","owner","runbook","replicas","phases","rehearsal"],"properties":{"service":{"description":"Name of the service; its Kubernetes objects are named after it.","type":"string","pattern":"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$","examples":["forecast"]},"owner":{"description":"Team that answers for the service; a label on every object.","type":"string","pattern":"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$","examples":["forecasting"]},"runbook":{"description":"What to read when a release is paused or aborted: a path in this repository or an https address.","type":"string","pattern":"^(https://\\S+|[A-Za-z0-9][-A-Za-z0-9_./]*\\.md)$","examples":["docs/runbook.md","https://wiki.example.org/runbook"]},"replicas":{"description":"Pods that carry all traffic. At least 2: with one, a single crash ends the shadow.","type":"integer","minimum":2,"maximum":1000},"calendar":{"description":"When the plan begins, for its dates; npm run plan -- --start DATE says another day. Without either, weeks are counted.","type":"object","additionalProperties":false,"required":["start"],"properties":{"start":{"description":"First day of the first phase, as 2027-01-04.","type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$","examples":["2027-01-04"]},"zone":{"description":"IANA time zone of the dates.","$ref":"#/$defs/time_zone","default":"UTC"}}},"phases":{"description":"In order: prepare, one shadow, ramps with rising shares that end at 100%, retire, assess. Holds stand between shadow and ramps, and before retire. The release is promoted when the last ramp ends: what comes after it holds no release up.","type":"array","minItems":2,"maxItems":40,"items":{"$ref":"#/$defs/phase"}},"freezes":{"description":"Windows in which nothing advances: holidays, peak seasons. A phase that would end in one goes on until the window's end; an abort still acts at once.","type":"array","maxItems":50,"items":{"$ref":"#/$defs/freeze"}},"team":{"description":"Who answers for what, by the roles of the deployment strategy.","type":"object","additionalProperties":false,"properties":{"ml-engineers":{"description":"Model development, testing, optimisation.","$ref":"#/$defs/team_role"},"devops":{"description":"Infrastructure, monitoring, deployment.","$ref":"#/$defs/team_role"},"qa":{"description":"Comprehensive testing, edge cases.","$ref":"#/$defs/team_role"},"ux":{"description":"Dashboards, user feedback.","$ref":"#/$defs/team_role"},"product":{"description":"Priorities, user communication.","$ref":"#/$defs/team_role"},"data-engineers":{"description":"Data pipeline, real-time data.","$ref":"#/$defs/team_role"}}},"notify":{"description":"Who is told when: at most 50 receivers of one event, as the controller remembers a hundred messages that it sent.","type":"array","maxItems":10,"items":{"type":"object","additionalProperties":false,"required":["when","to"],"properties":{"when":{"description":"Events of a release.","type":"array","minItems":1,"uniqueItems":true,"items":{"enum":["started","advanced","waiting","held","aborted","promoted"]}},"to":{"description":"Receivers: slack:CHANNEL, email:ADDRESS or webhook:NAME; a name has at most 24 characters.","type":"array","minItems":1,"maxItems":5,"uniqueItems":true,"items":{"type":"string","pattern":"^(slack:[-a-z0-9_]{1,80}|email:[^@\\s:]+@[^@\\s:]+|webhook:(?!(slack|email)$)[a-z0-9]([-a-z0-9]{0,22}[a-z0-9])?)$","examples":["slack:releases","email:grid@example.org","webhook:pager"]}}}}},"trainings":{"description":"Sessions for internal users, on the calendar.","type":"array","maxItems":50,"items":{"type":"object","additionalProperties":false,"required":["title","before","days_before"],"properties":{"title":{"description":"What is taught.","$ref":"#/$defs/sentence"},"before":{"description":"The phase that it prepares: its name, as ramp-10, or its kind, as ramp, for the first of that kind.","$ref":"#/$defs/name"},"days_before":{"description":"Days before that phase begins.","type":"integer","minimum":0,"maximum":90},"for":{"description":"Who is invited.","$ref":"#/$defs/sentence"},"at":{"description":"When it begins, by the clock of the calendar's zone.","$ref":"#/$defs/clock","default":"10:00"},"minutes":{"description":"Length.","type":"integer","minimum":15,"maximum":480,"default":60}}}},"stations":{"description":"Stations that do not go with the shares.","type":"object","additionalProperties":false,"properties":{"inventory":{"description":"CSV file with station_id, region, criticality: what region and criticality below refer to.","type":"string","pattern":"^[A-Za-z0-9][-A-Za-z0-9_./]*\\.csv$","examples":["rollouts/stations.csv"]},"pinned":{"description":"Answered by the candidate from the first ramp on.","$ref":"#/$defs/selectors"},"kept_out":{"description":"Answered by the stable version until the release is promoted.","$ref":"#/$defs/selectors"}}},"success":{"description":"What the assessment calls a success.","type":"object","additionalProperties":false,"properties":{"accuracy":{"description":"Least gain in forecast accuracy.","$ref":"#/$defs/percent","default":"15%"},"outcome":{"description":"Least gain in an outcome that users see, like energy costs.","$ref":"#/$defs/percent","default":"10%"},"latency":{"description":"Most p99 latency above the stable's, in ms, that is no significant increase; by default a tenth of what takes a release back.","type":"number","minimum":0,"default":10},"feedback":{"description":"Users' opinion. Missing answers never pass.","type":"object","additionalProperties":false,"required":["score","answers"],"properties":{"score":{"description":"Least mean score, of 1 to 5.","type":"number","minimum":1,"maximum":5},"answers":{"description":"Least number of answers.","type":"integer","minimum":1,"maximum":1000000}}}}},"rollback":{"description":"What takes a release back, in the strategy's words. The gates enforce it.","type":"object","additionalProperties":false,"properties":{"accuracy":{"description":"Most loss of forecast accuracy. The judge's guard is built for 5%, and no other value can be written.","$ref":"#/$defs/percent","default":"5%"},"latency":{"description":"Most p99 latency above the stable's, in ms: the limit of the gate latency.","type":"number","exclusiveMinimum":0,"default":100,"maximum":60000}}},"arms":{"description":"Variants of one release, side by side. Which arm answers a station is told by the feature flag \"arm\" in the flags file beside the plan. Without arms a release has one model.","type":"object","additionalProperties":false,"required":["default","expected","shares"],"properties":{"default":{"description":"The arm of the release's own model: it answers the stations of an arm that is switched off.","$ref":"#/$defs/arm"},"expected":{"description":"The arm that is meant to win.","$ref":"#/$defs/arm"},"shares":{"description":"Share of the candidate's stations, by arm; together 100%.","type":"object","minProperties":2,"maxProperties":8,"propertyNames":{"$ref":"#/$defs/arm"},"additionalProperties":{"$ref":"#/$defs/percent"}}}},"gates":{"description":"Limits that differ from the gates' own. Every gate judges every phase, listed here or not; the limits of accuracy, accuracy-safe, backtest, consistency, latency-exceedance, parity, sample-ratio and valid are fixed. A phase may have limits of its own.","$ref":"#/$defs/gates"},"judge":{"description":"How forecasts are judged. Everything has a default; the statistics' own constants are fixed.","type":"object","additionalProperties":false,"properties":{"truth_delay":{"description":"Domain hours after its end at which a target hour is closed, from 1h to 7d: readings that come later do not reach the live sums.","$ref":"#/$defs/duration","default":"6h"},"accepted_loss":{"description":"Why a proven small loss is taken (less memory, one model instead of many); a loss of 5 % or more still aborts. Without it any proven loss does.","type":"string","minLength":10,"maxLength":300},"database":{"description":"Where the scorer keeps its log and its sums. postgresql reads its address from the key url of the Secret scorer-database.","enum":["sqlite","postgresql"],"default":"sqlite"},"drift":{"$ref":"#/$defs/drift"},"tariff":{"$ref":"#/$defs/tariff"}}},"resources":{"description":"What pods ask for, and where they run.","type":"object","additionalProperties":false,"properties":{"serving":{"description":"Each pod of the service.","$ref":"#/$defs/pod_resources"},"training":{"description":"The retraining job.","$ref":"#/$defs/pod_resources"}}},"retraining":{"description":"When a model is trained again, on what, and of which kind. It is published unless it is worse, and released like any other: by a pull request.","type":"object","additionalProperties":false,"required":["days","from","to"],"properties":{"days":{"description":"Days of the week.","type":"array","minItems":1,"maxItems":7,"uniqueItems":true,"items":{"enum":["mon","tue","wed","thu","fri","sat","sun"]}},"from":{"description":"Begin of the off-peak hours, as 01:00.","$ref":"#/$defs/clock"},"to":{"description":"End of the off-peak hours: a training that has not ended by then is stopped.","$ref":"#/$defs/clock"},"zone":{"description":"IANA time zone.","$ref":"#/$defs/time_zone","default":"UTC"},"model":{"description":"Kind of the model, and the name that it is published under.","enum":["dense","ridge","online","ensemble","all"],"default":"all"},"history":{"description":"Readings of the last so many days are trained on and compared by, from 70d to 400d; the scorer keeps its log for as long.","$ref":"#/$defs/duration","default":"180d"}}},"evidence":{"description":"How long what was measured is kept.","type":"object","additionalProperties":false,"required":["retain"],"properties":{"retain":{"description":"Evidence bundles are kept for so long after a release's end, from 90d on, by whoever stores them: an annotation of the Rollout says it.","$ref":"#/$defs/duration","default":"730d"}}},"acknowledge":{"description":"Releases that were aborted and are tried again on purpose, each with the reason. Without it an aborted release is refused until its digest changes.","type":"object","maxProperties":20,"propertyNames":{"$ref":"#/$defs/digest"},"additionalProperties":{"type":"string","minLength":10,"maxLength":300}},"rehearsal":{"description":"Length of the phases, in hours of telemetry, when the release is rehearsed before the merge.","type":"object","additionalProperties":false,"required":["shadow","ramp"],"properties":{"shadow":{"description":"Length of the shadow.","$ref":"#/$defs/duration"},"ramp":{"description":"Length of each ramp.","$ref":"#/$defs/duration"}}}},"$defs":{"phase":{"type":"object","additionalProperties":false,"required":["for"],"oneOf":[{"required":["prepare"]},{"required":["shadow"]},{"required":["ramp"]},{"required":["hold"]},{"required":["retire"]},{"required":["assess"]}],"properties":{"prepare":{"description":"What has to stand before the shadow, for the calendar: nothing is released in it.","type":"array","minItems":1,"maxItems":20,"items":{"$ref":"#/$defs/sentence"}},"shadow":{"description":"Share of requests copied to the candidate, which answers nobody.","$ref":"#/$defs/percent"},"ramp":{"description":"Share of stations that the candidate answers.","$ref":"#/$defs/percent"},"hold":{"description":"What a person decides before the release goes on. It waits for their promotion, without end. After the last ramp the release is promoted already, and a hold there waits for the approval of retire.","$ref":"#/$defs/sentence"},"retire":{"description":"What the release makes superfluous, and goes after an approved hold.","$ref":"#/$defs/retire"},"assess":{"description":"Length of the two windows, before the release and after it, that the assessment compares.","$ref":"#/$defs/duration"},"for":{"description":"How long the phase lasts while every gate is good; of a hold, how long the calendar expects it to last.","$ref":"#/$defs/duration"},"gates":{"description":"Limits of this shadow or ramp alone, in place of the plan's.","$ref":"#/$defs/gates"},"on_call":{"description":"Roles of team: whose engineers are available while it begins. A shadow, ramp, hold or retire without one is reported.","type":"array","minItems":1,"maxItems":6,"uniqueItems":true,"items":{"$ref":"#/$defs/role"}},"by":{"description":"The role of team that approves a hold.","$ref":"#/$defs/role"}}},"drift":{"description":"Thresholds of the drift detectors, which warn and never decide.","type":"object","additionalProperties":false,"properties":{"page_hinkley":{"description":"Page-Hinkley test on hourly losses in units of the station's mean error.","type":"object","additionalProperties":false,"properties":{"delta":{"description":"How far the loss may lie above or below its mean.","type":"number","minimum":0,"default":0.5},"threshold":{"description":"Cumulated excess that alarms, in usual hours.","type":"number","exclusiveMinimum":0,"default":72},"alpha":{"description":"Forgetting factor of the cumulated excess; 1 forgets nothing.","type":"number","exclusiveMinimum":0,"maximum":1,"default":0.9999},"min_hours":{"description":"Hours before the first alarm.","type":"integer","minimum":1,"maximum":10000,"default":168}}},"adwin":{"description":"Adaptive windowing on daily means of the same losses.","type":"object","additionalProperties":false,"properties":{"delta":{"description":"Probability of a false cut, between 0 and 1.","type":"number","exclusiveMinimum":0,"exclusiveMaximum":1,"default":0.002}}},"cusum":{"description":"Cumulative sums of standardised daily losses, in standard deviations.","type":"object","additionalProperties":false,"properties":{"slack":{"description":"k: half the shift that is to be found.","type":"number","minimum":0,"default":1},"limit":{"description":"h: sum that alarms.","type":"number","exclusiveMinimum":0,"default":5}}},"psi":{"description":"Population stability index of a station's last week of readings against the two weeks before.","type":"object","additionalProperties":false,"properties":{"threshold":{"description":"Index that alarms. The .25 of scorecards supposes thousands of independent values; a week of hours has about seven.","type":"number","exclusiveMinimum":0,"default":4}}},"ks":{"description":"Kolmogorov-Smirnov test of the same comparison.","type":"object","additionalProperties":false,"properties":{"p_value":{"description":"Alarms below it, between 0 and 1.","type":"number","exclusiveMinimum":0,"exclusiveMaximum":1,"default":0.005}}},"inputs":{"description":"When the inputs of all stations together have drifted.","type":"object","additionalProperties":false,"properties":{"share":{"description":"Share of the stations that have, by psi or by ks.","type":"number","exclusiveMinimum":0,"maximum":1,"default":0.2}}}}},"tariff":{"description":"What a forecast error costs: each hour's energy is bought a day ahead as forecast, the rest at imbalance prices.","type":"object","additionalProperties":false,"properties":{"currency":{"description":"ISO 4217 code of the prices.","type":"string","pattern":"^[A-Z]{3}$","examples":["EUR"],"default":"EUR"},"shortfall_per_mwh":{"description":"Extra cost of a MWh that was bought too late.","type":"number","minimum":0,"default":40},"surplus_per_mwh":{"description":"Loss on a MWh that was bought in vain.","type":"number","minimum":0,"default":20}}},"arm":{"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}$","examples":["ensemble"]},"percent":{"type":"string","examples":["10%"],"pattern":"^(100|[1-9][0-9]?)%$"},"duration":{"type":"string","examples":["14d","24h"],"pattern":"^[1-9][0-9]{0,4}[dh]$"},"gate":{"type":"object","additionalProperties":false,"required":["threshold"],"properties":{"threshold":{"description":"Replaces the gate's own limit, in its unit.","type":"number","minimum":0,"maximum":1000000}}},"share_gate":{"type":"object","additionalProperties":false,"required":["threshold"],"properties":{"threshold":{"description":"Replaces the gate's own limit: a share from 0 to 1.","type":"number","minimum":0,"maximum":1}}},"sentence":{"type":"string","minLength":3,"maxLength":300,"pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f]+$","examples":["one line of text"]},"role":{"enum":["ml-engineers","devops","qa","ux","product","data-engineers"]},"name":{"type":"string","pattern":"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$","examples":["ramp-10","old-charts"]},"retire":{"type":"object","additionalProperties":false,"minProperties":1,"properties":{"predictors":{"description":"Predictors that go, by any name: each with the digest of its artefact, by which it can be restored.","type":"object","minProperties":1,"maxProperties":50,"propertyNames":{"$ref":"#/$defs/name"},"additionalProperties":{"$ref":"#/$defs/digest"}},"flags":{"description":"Feature flags that go: of the flags file beside the plan, where they are disabled; the flag arm carries the release and stays.","type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"$ref":"#/$defs/name"}},"dashboards":{"description":"Dashboards that go, by any name: they are noted, and whoever keeps them takes them away.","type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"$ref":"#/$defs/name"}},"alerts":{"description":"Alerts that go, of those that a plan compiles to.","type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"$ref":"#/$defs/name"}},"approved_by":{"description":"Who approved the hold before it. Until somebody is named here nothing goes.","$ref":"#/$defs/person"}}},"digest":{"type":"string","examples":["sha256:<64 hex digits>"],"pattern":"^sha256:[0-9a-f]{64}$"},"person":{"type":"string","minLength":2,"maxLength":100,"pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f]+$","examples":["A. Person"]},"time_zone":{"type":"string","pattern":"^[A-Za-z][-A-Za-z0-9_+/]{1,59}$","examples":["Europe/Berlin"]},"local_time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$","examples":["2026-12-21","2026-12-21 18:00"]},"freeze":{"type":"object","additionalProperties":false,"required":["name","from","to"],"properties":{"name":{"description":"Why: a name for people.","$ref":"#/$defs/sentence"},"from":{"description":"First moment, as 2026-12-21 or 2026-12-21 18:00, by the clock of zone.","$ref":"#/$defs/local_time"},"to":{"description":"First moment after it, by the clock of zone.","$ref":"#/$defs/local_time"},"zone":{"description":"IANA time zone, as Europe/Berlin.","$ref":"#/$defs/time_zone","default":"UTC"}}},"team_role":{"type":"object","additionalProperties":false,"required":["contact"],"properties":{"contact":{"description":"Where the role is reached: a channel, a mail address or an https address.","type":"string","minLength":2,"maxLength":200},"on_call":{"description":"Where its engineer on duty is reached: a rota's https address, a mail address or a number.","type":"string","minLength":2,"maxLength":200}}},"selectors":{"type":"array","minItems":1,"maxItems":200,"items":{"type":"object","additionalProperties":false,"oneOf":[{"required":["id"]},{"required":["region"]},{"required":["criticality"]}],"properties":{"id":{"description":"A station.","type":"string","minLength":1,"maxLength":200},"region":{"description":"Every station of a region of the inventory.","type":"string","minLength":1,"maxLength":100},"criticality":{"description":"Every station of a criticality of the inventory.","type":"string","minLength":1,"maxLength":100}}}},"pod_resources":{"type":"object","additionalProperties":false,"properties":{"cpu":{"description":"Cores requested, in the form that Kubernetes keeps: 1 and 1500m, not 1000m; the limit is twice as much.","type":"string","pattern":"^([1-9][0-9]{0,2}|[1-9][0-9]{0,5}m)$","examples":["2","500m"],"default":"1"},"memory":{"description":"Memory requested, in the form that Kubernetes keeps: 1Gi, not 1024Mi; the limit is twice as much.","type":"string","pattern":"^([1-9][0-9]{0,6}Mi|[1-9][0-9]{0,4}Gi|[1-9][0-9]?Ti)$","examples":["1Gi","512Mi"],"default":"1Gi"},"gpus":{"description":"GPUs, each pod its own.","type":"integer","minimum":0,"maximum":16,"default":0},"node_pool":{"description":"Pool of nodes, by its label gridramp.io/pool.","$ref":"#/$defs/name"}}},"clock":{"type":"string","pattern":"^([01][0-9]|2[0-3]):[0-5][0-9]$","examples":["01:00"]},"gates":{"type":"object","additionalProperties":false,"properties":{"pair-coverage":{"description":"Least share of station-hours that both versions forecast.","$ref":"#/$defs/share_gate"},"label-coverage":{"description":"Least share of station-hours whose truth has arrived.","$ref":"#/$defs/share_gate"},"fresh":{"description":"Share of forecasts that repeat the previous one although their input changed.","$ref":"#/$defs/share_gate"},"latency":{"description":"p99 latency above the stable's, in ms.","$ref":"#/$defs/gate"},"errors":{"description":"Share of failed requests above the stable's.","$ref":"#/$defs/share_gate"},"fallback":{"description":"Share of forecasts that another predictor answered.","$ref":"#/$defs/share_gate"},"restarts":{"description":"Restarts of canary containers above the stable's.","$ref":"#/$defs/gate"},"memory":{"description":"Growth of a pod's memory above the stable's, in MB per rate window.","$ref":"#/$defs/gate"},"cpu":{"description":"CPU time per forecast as a multiple of the stable's.","$ref":"#/$defs/gate"}}}}};
const schema32 = {"type":"string","pattern":"^[A-Za-z][-A-Za-z0-9_+/]{1,59}$","examples":["Europe/Berlin"]};
const schema64 = {"type":"object","additionalProperties":false,"required":["contact"],"properties":{"contact":{"description":"Where the role is reached: a channel, a mail address or an https address.","type":"string","minLength":2,"maxLength":200},"on_call":{"description":"Where its engineer on duty is reached: a rota's https address, a mail address or a number.","type":"string","minLength":2,"maxLength":200}}};
const schema34 = {"type":"string","minLength":3,"maxLength":300,"pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f]+$","examples":["one line of text"]};
const schema39 = {"type":"string","pattern":"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$","examples":["ramp-10","old-charts"]};
const schema73 = {"type":"string","pattern":"^([01][0-9]|2[0-3]):[0-5][0-9]$","examples":["01:00"]};
const schema74 = {"type":"array","minItems":1,"maxItems":200,"items":{"type":"object","additionalProperties":false,"oneOf":[{"required":["id"]},{"required":["region"]},{"required":["criticality"]}],"properties":{"id":{"description":"A station.","type":"string","minLength":1,"maxLength":200},"region":{"description":"Every station of a region of the inventory.","type":"string","minLength":1,"maxLength":100},"criticality":{"description":"Every station of a criticality of the inventory.","type":"string","minLength":1,"maxLength":100}}}};
const schema35 = {"type":"string","examples":["10%"],"pattern":"^(100|[1-9][0-9]?)%$"};
const schema79 = {"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}$","examples":["ensemble"]};
const schema45 = {"type":"string","examples":["14d","24h"],"pattern":"^[1-9][0-9]{0,4}[dh]$"};
const schema84 = {"description":"Thresholds of the drift detectors, which warn and never decide.","type":"object","additionalProperties":false,"properties":{"page_hinkley":{"description":"Page-Hinkley test on hourly losses in units of the station's mean error.","type":"object","additionalProperties":false,"properties":{"delta":{"description":"How far the loss may lie above or below its mean.","type":"number","minimum":0,"default":0.5},"threshold":{"description":"Cumulated excess that alarms, in usual hours.","type":"number","exclusiveMinimum":0,"default":72},"alpha":{"description":"Forgetting factor of the cumulated excess; 1 forgets nothing.","type":"number","exclusiveMinimum":0,"maximum":1,"default":0.9999},"min_hours":{"description":"Hours before the first alarm.","type":"integer","minimum":1,"maximum":10000,"default":168}}},"adwin":{"description":"Adaptive windowing on daily means of the same losses.","type":"object","additionalProperties":false,"properties":{"delta":{"description":"Probability of a false cut, between 0 and 1.","type":"number","exclusiveMinimum":0,"exclusiveMaximum":1,"default":0.002}}},"cusum":{"description":"Cumulative sums of standardised daily losses, in standard deviations.","type":"object","additionalProperties":false,"properties":{"slack":{"description":"k: half the shift that is to be found.","type":"number","minimum":0,"default":1},"limit":{"description":"h: sum that alarms.","type":"number","exclusiveMinimum":0,"default":5}}},"psi":{"description":"Population stability index of a station's last week of readings against the two weeks before.","type":"object","additionalProperties":false,"properties":{"threshold":{"description":"Index that alarms. The .25 of scorecards supposes thousands of independent values; a week of hours has about seven.","type":"number","exclusiveMinimum":0,"default":4}}},"ks":{"description":"Kolmogorov-Smirnov test of the same comparison.","type":"object","additionalProperties":false,"properties":{"p_value":{"description":"Alarms below it, between 0 and 1.","type":"number","exclusiveMinimum":0,"exclusiveMaximum":1,"default":0.005}}},"inputs":{"description":"When the inputs of all stations together have drifted.","type":"object","additionalProperties":false,"properties":{"share":{"description":"Share of the stations that have, by psi or by ks.","type":"number","exclusiveMinimum":0,"maximum":1,"default":0.2}}}}};
const schema85 = {"description":"What a forecast error costs: each hour's energy is bought a day ahead as forecast, the rest at imbalance prices.","type":"object","additionalProperties":false,"properties":{"currency":{"description":"ISO 4217 code of the prices.","type":"string","pattern":"^[A-Z]{3}$","examples":["EUR"],"default":"EUR"},"shortfall_per_mwh":{"description":"Extra cost of a MWh that was bought too late.","type":"number","minimum":0,"default":40},"surplus_per_mwh":{"description":"Loss on a MWh that was bought in vain.","type":"number","minimum":0,"default":20}}};
const schema40 = {"type":"string","examples":["sha256:<64 hex digits>"],"pattern":"^sha256:[0-9a-f]{64}$"};
const func1 = Object.prototype.hasOwnProperty;
import func3_module from "ajv/dist/runtime/ucs2length.js"; const func3 = func3_module.default ?? func3_module;
import func0_module from "ajv/dist/runtime/equal.js"; const func0 = func0_module.default ?? func0_module;
const pattern4 = new RegExp("^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$", "u");
const pattern5 = new RegExp("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$", "u");
const pattern6 = new RegExp("^(https://\\S+|[A-Za-z0-9][-A-Za-z0-9_./]*\\.md)$", "u");
const pattern7 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "u");
const pattern8 = new RegExp("^[A-Za-z][-A-Za-z0-9_+/]{1,59}$", "u");
const pattern25 = new RegExp("^(slack:[-a-z0-9_]{1,80}|email:[^@\\s:]+@[^@\\s:]+|webhook:(?!(slack|email)$)[a-z0-9]([-a-z0-9]{0,22}[a-z0-9])?)$", "u");
const pattern9 = new RegExp("^[^\\u0000-\\u001f\\u007f-\\u009f]+$", "u");
const pattern13 = new RegExp("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$", "u");
const pattern29 = new RegExp("^([01][0-9]|2[0-3]):[0-5][0-9]$", "u");
const pattern30 = new RegExp("^[A-Za-z0-9][-A-Za-z0-9_./]*\\.csv$", "u");
const pattern10 = new RegExp("^(100|[1-9][0-9]?)%$", "u");
const pattern34 = new RegExp("^[a-z0-9][a-z0-9-]{0,62}$", "u");
const pattern19 = new RegExp("^[1-9][0-9]{0,4}[dh]$", "u");
const pattern39 = new RegExp("^[A-Z]{3}$", "u");
const pattern14 = new RegExp("^sha256:[0-9a-f]{64}$", "u");
const schema33 = {"type":"object","additionalProperties":false,"required":["for"],"oneOf":[{"required":["prepare"]},{"required":["shadow"]},{"required":["ramp"]},{"required":["hold"]},{"required":["retire"]},{"required":["assess"]}],"properties":{"prepare":{"description":"What has to stand before the shadow, for the calendar: nothing is released in it.","type":"array","minItems":1,"maxItems":20,"items":{"$ref":"#/$defs/sentence"}},"shadow":{"description":"Share of requests copied to the candidate, which answers nobody.","$ref":"#/$defs/percent"},"ramp":{"description":"Share of stations that the candidate answers.","$ref":"#/$defs/percent"},"hold":{"description":"What a person decides before the release goes on. It waits for their promotion, without end. After the last ramp the release is promoted already, and a hold there waits for the approval of retire.","$ref":"#/$defs/sentence"},"retire":{"description":"What the release makes superfluous, and goes after an approved hold.","$ref":"#/$defs/retire"},"assess":{"description":"Length of the two windows, before the release and after it, that the assessment compares.","$ref":"#/$defs/duration"},"for":{"description":"How long the phase lasts while every gate is good; of a hold, how long the calendar expects it to last.","$ref":"#/$defs/duration"},"gates":{"description":"Limits of this shadow or ramp alone, in place of the plan's.","$ref":"#/$defs/gates"},"on_call":{"description":"Roles of team: whose engineers are available while it begins. A shadow, ramp, hold or retire without one is reported.","type":"array","minItems":1,"maxItems":6,"uniqueItems":true,"items":{"$ref":"#/$defs/role"}},"by":{"description":"The role of team that approves a hold.","$ref":"#/$defs/role"}}};
const schema57 = {"enum":["ml-engineers","devops","qa","ux","product","data-engineers"]};
const schema38 = {"type":"object","additionalProperties":false,"minProperties":1,"properties":{"predictors":{"description":"Predictors that go, by any name: each with the digest of its artefact, by which it can be restored.","type":"object","minProperties":1,"maxProperties":50,"propertyNames":{"$ref":"#/$defs/name"},"additionalProperties":{"$ref":"#/$defs/digest"}},"flags":{"description":"Feature flags that go: of the flags file beside the plan, where they are disabled; the flag arm carries the release and stays.","type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"$ref":"#/$defs/name"}},"dashboards":{"description":"Dashboards that go, by any name: they are noted, and whoever keeps them takes them away.","type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"$ref":"#/$defs/name"}},"alerts":{"description":"Alerts that go, of those that a plan compiles to.","type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"$ref":"#/$defs/name"}},"approved_by":{"description":"Who approved the hold before it. Until somebody is named here nothing goes.","$ref":"#/$defs/person"}}};
const schema44 = {"type":"string","minLength":2,"maxLength":100,"pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f]+$","examples":["A. Person"]};

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate22.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length < 1){
const err0 = {instancePath,schemaPath:"#/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema38,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "predictors") || (key0 === "flags")) || (key0 === "dashboards")) || (key0 === "alerts")) || (key0 === "approved_by"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema38,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.predictors !== undefined){
let data0 = data.predictors;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(Object.keys(data0).length > 50){
const err2 = {instancePath:instancePath+"/predictors",schemaPath:"#/properties/predictors/maxProperties",keyword:"maxProperties",params:{limit: 50},message:"must NOT have more than 50 properties",schema:50,parentSchema:schema38.properties.predictors,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(Object.keys(data0).length < 1){
const err3 = {instancePath:instancePath+"/predictors",schemaPath:"#/properties/predictors/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema38.properties.predictors,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key1 in data0){
const _errs4 = errors;
if(typeof key1 === "string"){
if(!pattern13.test(key1)){
const err4 = {instancePath:instancePath+"/predictors",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"+"\"",schema:"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$",parentSchema:schema39,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/predictors",schemaPath:"#/$defs/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
var valid1 = _errs4 === errors;
if(!valid1){
const err6 = {instancePath:instancePath+"/predictors",schemaPath:"#/properties/predictors/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema38.properties.predictors.propertyNames,parentSchema:schema38.properties.predictors,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
for(const key2 in data0){
let data1 = data0[key2];
if(typeof data1 === "string"){
if(!pattern14.test(data1)){
const err7 = {instancePath:instancePath+"/predictors/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"},message:"must match pattern \""+"^sha256:[0-9a-f]{64}$"+"\"",schema:"^sha256:[0-9a-f]{64}$",parentSchema:schema40,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/predictors/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/digest/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema40.type,parentSchema:schema40,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath:instancePath+"/predictors",schemaPath:"#/properties/predictors/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema38.properties.predictors.type,parentSchema:schema38.properties.predictors,data:data0};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.flags !== undefined){
let data2 = data.flags;
if(Array.isArray(data2)){
if(data2.length > 50){
const err10 = {instancePath:instancePath+"/flags",schemaPath:"#/properties/flags/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items",schema:50,parentSchema:schema38.properties.flags,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data2.length < 1){
const err11 = {instancePath:instancePath+"/flags",schemaPath:"#/properties/flags/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema38.properties.flags,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(typeof data3 === "string"){
if(!pattern13.test(data3)){
const err12 = {instancePath:instancePath+"/flags/" + i0,schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"+"\"",schema:"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$",parentSchema:schema39,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/flags/" + i0,schemaPath:"#/$defs/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
let i1 = data2.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data2[i1], data2[j0])){
const err14 = {instancePath:instancePath+"/flags",schemaPath:"#/properties/flags/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema38.properties.flags,data:data2};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err15 = {instancePath:instancePath+"/flags",schemaPath:"#/properties/flags/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema38.properties.flags.type,parentSchema:schema38.properties.flags,data:data2};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.dashboards !== undefined){
let data4 = data.dashboards;
if(Array.isArray(data4)){
if(data4.length > 50){
const err16 = {instancePath:instancePath+"/dashboards",schemaPath:"#/properties/dashboards/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items",schema:50,parentSchema:schema38.properties.dashboards,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data4.length < 1){
const err17 = {instancePath:instancePath+"/dashboards",schemaPath:"#/properties/dashboards/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema38.properties.dashboards,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
const len1 = data4.length;
for(let i2=0; i2<len1; i2++){
let data5 = data4[i2];
if(typeof data5 === "string"){
if(!pattern13.test(data5)){
const err18 = {instancePath:instancePath+"/dashboards/" + i2,schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"+"\"",schema:"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$",parentSchema:schema39,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/dashboards/" + i2,schemaPath:"#/$defs/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
let i3 = data4.length;
let j1;
if(i3 > 1){
outer1:
for(;i3--;){
for(j1 = i3; j1--;){
if(func0(data4[i3], data4[j1])){
const err20 = {instancePath:instancePath+"/dashboards",schemaPath:"#/properties/dashboards/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i3+" are identical)",schema:true,parentSchema:schema38.properties.dashboards,data:data4};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
break outer1;
}
}
}
}
}
else {
const err21 = {instancePath:instancePath+"/dashboards",schemaPath:"#/properties/dashboards/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema38.properties.dashboards.type,parentSchema:schema38.properties.dashboards,data:data4};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.alerts !== undefined){
let data6 = data.alerts;
if(Array.isArray(data6)){
if(data6.length > 50){
const err22 = {instancePath:instancePath+"/alerts",schemaPath:"#/properties/alerts/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items",schema:50,parentSchema:schema38.properties.alerts,data:data6};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data6.length < 1){
const err23 = {instancePath:instancePath+"/alerts",schemaPath:"#/properties/alerts/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema38.properties.alerts,data:data6};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
const len2 = data6.length;
for(let i4=0; i4<len2; i4++){
let data7 = data6[i4];
if(typeof data7 === "string"){
if(!pattern13.test(data7)){
const err24 = {instancePath:instancePath+"/alerts/" + i4,schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"+"\"",schema:"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$",parentSchema:schema39,data:data7};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/alerts/" + i4,schemaPath:"#/$defs/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:data7};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
let i5 = data6.length;
let j2;
if(i5 > 1){
outer2:
for(;i5--;){
for(j2 = i5; j2--;){
if(func0(data6[i5], data6[j2])){
const err26 = {instancePath:instancePath+"/alerts",schemaPath:"#/properties/alerts/uniqueItems",keyword:"uniqueItems",params:{i: i5, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i5+" are identical)",schema:true,parentSchema:schema38.properties.alerts,data:data6};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
break outer2;
}
}
}
}
}
else {
const err27 = {instancePath:instancePath+"/alerts",schemaPath:"#/properties/alerts/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema38.properties.alerts.type,parentSchema:schema38.properties.alerts,data:data6};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.approved_by !== undefined){
let data8 = data.approved_by;
if(typeof data8 === "string"){
if(func3(data8) > 100){
const err28 = {instancePath:instancePath+"/approved_by",schemaPath:"#/$defs/person/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters",schema:100,parentSchema:schema44,data:data8};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(func3(data8) < 2){
const err29 = {instancePath:instancePath+"/approved_by",schemaPath:"#/$defs/person/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema44,data:data8};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(!pattern9.test(data8)){
const err30 = {instancePath:instancePath+"/approved_by",schemaPath:"#/$defs/person/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f]+$"+"\"",schema:"^[^\\u0000-\\u001f\\u007f-\\u009f]+$",parentSchema:schema44,data:data8};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/approved_by",schemaPath:"#/$defs/person/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema44.type,parentSchema:schema44,data:data8};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
else {
const err32 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema38.type,parentSchema:schema38,data};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}
validate22.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema47 = {"type":"object","additionalProperties":false,"properties":{"pair-coverage":{"description":"Least share of station-hours that both versions forecast.","$ref":"#/$defs/share_gate"},"label-coverage":{"description":"Least share of station-hours whose truth has arrived.","$ref":"#/$defs/share_gate"},"fresh":{"description":"Share of forecasts that repeat the previous one although their input changed.","$ref":"#/$defs/share_gate"},"latency":{"description":"p99 latency above the stable's, in ms.","$ref":"#/$defs/gate"},"errors":{"description":"Share of failed requests above the stable's.","$ref":"#/$defs/share_gate"},"fallback":{"description":"Share of forecasts that another predictor answered.","$ref":"#/$defs/share_gate"},"restarts":{"description":"Restarts of canary containers above the stable's.","$ref":"#/$defs/gate"},"memory":{"description":"Growth of a pod's memory above the stable's, in MB per rate window.","$ref":"#/$defs/gate"},"cpu":{"description":"CPU time per forecast as a multiple of the stable's.","$ref":"#/$defs/gate"}}};
const schema48 = {"type":"object","additionalProperties":false,"required":["threshold"],"properties":{"threshold":{"description":"Replaces the gate's own limit: a share from 0 to 1.","type":"number","minimum":0,"maximum":1}}};
const schema51 = {"type":"object","additionalProperties":false,"required":["threshold"],"properties":{"threshold":{"description":"Replaces the gate's own limit, in its unit.","type":"number","minimum":0,"maximum":1000000}}};

function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate24.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema47.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema47,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data["pair-coverage"] !== undefined){
let data0 = data["pair-coverage"];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.threshold === undefined){
const err1 = {instancePath:instancePath+"/pair-coverage",schemaPath:"#/$defs/share_gate/required",keyword:"required",params:{missingProperty: "threshold"},message:"must have required property '"+"threshold"+"'",schema:schema48.required,parentSchema:schema48,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key1 in data0){
if(!(key1 === "threshold")){
const err2 = {instancePath:instancePath+"/pair-coverage",schemaPath:"#/$defs/share_gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema48,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data0.threshold !== undefined){
let data1 = data0.threshold;
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 1 || isNaN(data1)){
const err3 = {instancePath:instancePath+"/pair-coverage/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1",schema:1,parentSchema:schema48.properties.threshold,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data1 < 0 || isNaN(data1)){
const err4 = {instancePath:instancePath+"/pair-coverage/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema48.properties.threshold,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/pair-coverage/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema48.properties.threshold.type,parentSchema:schema48.properties.threshold,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath:instancePath+"/pair-coverage",schemaPath:"#/$defs/share_gate/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.type,parentSchema:schema48,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data["label-coverage"] !== undefined){
let data2 = data["label-coverage"];
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.threshold === undefined){
const err7 = {instancePath:instancePath+"/label-coverage",schemaPath:"#/$defs/share_gate/required",keyword:"required",params:{missingProperty: "threshold"},message:"must have required property '"+"threshold"+"'",schema:schema48.required,parentSchema:schema48,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
for(const key2 in data2){
if(!(key2 === "threshold")){
const err8 = {instancePath:instancePath+"/label-coverage",schemaPath:"#/$defs/share_gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema48,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data2.threshold !== undefined){
let data3 = data2.threshold;
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 1 || isNaN(data3)){
const err9 = {instancePath:instancePath+"/label-coverage/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1",schema:1,parentSchema:schema48.properties.threshold,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data3 < 0 || isNaN(data3)){
const err10 = {instancePath:instancePath+"/label-coverage/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema48.properties.threshold,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/label-coverage/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema48.properties.threshold.type,parentSchema:schema48.properties.threshold,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/label-coverage",schemaPath:"#/$defs/share_gate/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.type,parentSchema:schema48,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.fresh !== undefined){
let data4 = data.fresh;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(data4.threshold === undefined){
const err13 = {instancePath:instancePath+"/fresh",schemaPath:"#/$defs/share_gate/required",keyword:"required",params:{missingProperty: "threshold"},message:"must have required property '"+"threshold"+"'",schema:schema48.required,parentSchema:schema48,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
for(const key3 in data4){
if(!(key3 === "threshold")){
const err14 = {instancePath:instancePath+"/fresh",schemaPath:"#/$defs/share_gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema48,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data4.threshold !== undefined){
let data5 = data4.threshold;
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 1 || isNaN(data5)){
const err15 = {instancePath:instancePath+"/fresh/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1",schema:1,parentSchema:schema48.properties.threshold,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data5 < 0 || isNaN(data5)){
const err16 = {instancePath:instancePath+"/fresh/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema48.properties.threshold,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/fresh/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema48.properties.threshold.type,parentSchema:schema48.properties.threshold,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/fresh",schemaPath:"#/$defs/share_gate/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.type,parentSchema:schema48,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.latency !== undefined){
let data6 = data.latency;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.threshold === undefined){
const err19 = {instancePath:instancePath+"/latency",schemaPath:"#/$defs/gate/required",keyword:"required",params:{missingProperty: "threshold"},message:"must have required property '"+"threshold"+"'",schema:schema51.required,parentSchema:schema51,data:data6};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
for(const key4 in data6){
if(!(key4 === "threshold")){
const err20 = {instancePath:instancePath+"/latency",schemaPath:"#/$defs/gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema51,data:data6};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data6.threshold !== undefined){
let data7 = data6.threshold;
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 1000000 || isNaN(data7)){
const err21 = {instancePath:instancePath+"/latency/threshold",schemaPath:"#/$defs/gate/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema51.properties.threshold,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data7 < 0 || isNaN(data7)){
const err22 = {instancePath:instancePath+"/latency/threshold",schemaPath:"#/$defs/gate/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema51.properties.threshold,data:data7};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/latency/threshold",schemaPath:"#/$defs/gate/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema51.properties.threshold.type,parentSchema:schema51.properties.threshold,data:data7};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
else {
const err24 = {instancePath:instancePath+"/latency",schemaPath:"#/$defs/gate/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema51.type,parentSchema:schema51,data:data6};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.errors !== undefined){
let data8 = data.errors;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(data8.threshold === undefined){
const err25 = {instancePath:instancePath+"/errors",schemaPath:"#/$defs/share_gate/required",keyword:"required",params:{missingProperty: "threshold"},message:"must have required property '"+"threshold"+"'",schema:schema48.required,parentSchema:schema48,data:data8};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
for(const key5 in data8){
if(!(key5 === "threshold")){
const err26 = {instancePath:instancePath+"/errors",schemaPath:"#/$defs/share_gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties",schema:false,parentSchema:schema48,data:data8};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data8.threshold !== undefined){
let data9 = data8.threshold;
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 > 1 || isNaN(data9)){
const err27 = {instancePath:instancePath+"/errors/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1",schema:1,parentSchema:schema48.properties.threshold,data:data9};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data9 < 0 || isNaN(data9)){
const err28 = {instancePath:instancePath+"/errors/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema48.properties.threshold,data:data9};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
else {
const err29 = {instancePath:instancePath+"/errors/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema48.properties.threshold.type,parentSchema:schema48.properties.threshold,data:data9};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath:instancePath+"/errors",schemaPath:"#/$defs/share_gate/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.type,parentSchema:schema48,data:data8};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data.fallback !== undefined){
let data10 = data.fallback;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.threshold === undefined){
const err31 = {instancePath:instancePath+"/fallback",schemaPath:"#/$defs/share_gate/required",keyword:"required",params:{missingProperty: "threshold"},message:"must have required property '"+"threshold"+"'",schema:schema48.required,parentSchema:schema48,data:data10};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
for(const key6 in data10){
if(!(key6 === "threshold")){
const err32 = {instancePath:instancePath+"/fallback",schemaPath:"#/$defs/share_gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties",schema:false,parentSchema:schema48,data:data10};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data10.threshold !== undefined){
let data11 = data10.threshold;
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 > 1 || isNaN(data11)){
const err33 = {instancePath:instancePath+"/fallback/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1",schema:1,parentSchema:schema48.properties.threshold,data:data11};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(data11 < 0 || isNaN(data11)){
const err34 = {instancePath:instancePath+"/fallback/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema48.properties.threshold,data:data11};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
else {
const err35 = {instancePath:instancePath+"/fallback/threshold",schemaPath:"#/$defs/share_gate/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema48.properties.threshold.type,parentSchema:schema48.properties.threshold,data:data11};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
}
else {
const err36 = {instancePath:instancePath+"/fallback",schemaPath:"#/$defs/share_gate/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.type,parentSchema:schema48,data:data10};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data.restarts !== undefined){
let data12 = data.restarts;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.threshold === undefined){
const err37 = {instancePath:instancePath+"/restarts",schemaPath:"#/$defs/gate/required",keyword:"required",params:{missingProperty: "threshold"},message:"must have required property '"+"threshold"+"'",schema:schema51.required,parentSchema:schema51,data:data12};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
for(const key7 in data12){
if(!(key7 === "threshold")){
const err38 = {instancePath:instancePath+"/restarts",schemaPath:"#/$defs/gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties",schema:false,parentSchema:schema51,data:data12};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data12.threshold !== undefined){
let data13 = data12.threshold;
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 1000000 || isNaN(data13)){
const err39 = {instancePath:instancePath+"/restarts/threshold",schemaPath:"#/$defs/gate/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema51.properties.threshold,data:data13};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data13 < 0 || isNaN(data13)){
const err40 = {instancePath:instancePath+"/restarts/threshold",schemaPath:"#/$defs/gate/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema51.properties.threshold,data:data13};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
else {
const err41 = {instancePath:instancePath+"/restarts/threshold",schemaPath:"#/$defs/gate/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema51.properties.threshold.type,parentSchema:schema51.properties.threshold,data:data13};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
}
else {
const err42 = {instancePath:instancePath+"/restarts",schemaPath:"#/$defs/gate/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema51.type,parentSchema:schema51,data:data12};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data.memory !== undefined){
let data14 = data.memory;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
if(data14.threshold === undefined){
const err43 = {instancePath:instancePath+"/memory",schemaPath:"#/$defs/gate/required",keyword:"required",params:{missingProperty: "threshold"},message:"must have required property '"+"threshold"+"'",schema:schema51.required,parentSchema:schema51,data:data14};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
for(const key8 in data14){
if(!(key8 === "threshold")){
const err44 = {instancePath:instancePath+"/memory",schemaPath:"#/$defs/gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties",schema:false,parentSchema:schema51,data:data14};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data14.threshold !== undefined){
let data15 = data14.threshold;
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 > 1000000 || isNaN(data15)){
const err45 = {instancePath:instancePath+"/memory/threshold",schemaPath:"#/$defs/gate/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema51.properties.threshold,data:data15};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if(data15 < 0 || isNaN(data15)){
const err46 = {instancePath:instancePath+"/memory/threshold",schemaPath:"#/$defs/gate/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema51.properties.threshold,data:data15};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
else {
const err47 = {instancePath:instancePath+"/memory/threshold",schemaPath:"#/$defs/gate/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema51.properties.threshold.type,parentSchema:schema51.properties.threshold,data:data15};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
}
else {
const err48 = {instancePath:instancePath+"/memory",schemaPath:"#/$defs/gate/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema51.type,parentSchema:schema51,data:data14};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data.cpu !== undefined){
let data16 = data.cpu;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
if(data16.threshold === undefined){
const err49 = {instancePath:instancePath+"/cpu",schemaPath:"#/$defs/gate/required",keyword:"required",params:{missingProperty: "threshold"},message:"must have required property '"+"threshold"+"'",schema:schema51.required,parentSchema:schema51,data:data16};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
for(const key9 in data16){
if(!(key9 === "threshold")){
const err50 = {instancePath:instancePath+"/cpu",schemaPath:"#/$defs/gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties",schema:false,parentSchema:schema51,data:data16};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data16.threshold !== undefined){
let data17 = data16.threshold;
if((typeof data17 == "number") && (isFinite(data17))){
if(data17 > 1000000 || isNaN(data17)){
const err51 = {instancePath:instancePath+"/cpu/threshold",schemaPath:"#/$defs/gate/properties/threshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema51.properties.threshold,data:data17};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data17 < 0 || isNaN(data17)){
const err52 = {instancePath:instancePath+"/cpu/threshold",schemaPath:"#/$defs/gate/properties/threshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema51.properties.threshold,data:data17};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
else {
const err53 = {instancePath:instancePath+"/cpu/threshold",schemaPath:"#/$defs/gate/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema51.properties.threshold.type,parentSchema:schema51.properties.threshold,data:data17};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath:instancePath+"/cpu",schemaPath:"#/$defs/gate/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema51.type,parentSchema:schema51,data:data16};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
}
else {
const err55 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema47.type,parentSchema:schema47,data};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
validate24.errors = vErrors;
return errors === 0;
}
validate24.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate21.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.prepare === undefined){
const err0 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "prepare"},message:"must have required property '"+"prepare"+"'",schema:schema33.oneOf[0].required,parentSchema:schema33.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.shadow === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "shadow"},message:"must have required property '"+"shadow"+"'",schema:schema33.oneOf[1].required,parentSchema:schema33.oneOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ramp === undefined){
const err2 = {instancePath,schemaPath:"#/oneOf/2/required",keyword:"required",params:{missingProperty: "ramp"},message:"must have required property '"+"ramp"+"'",schema:schema33.oneOf[2].required,parentSchema:schema33.oneOf[2],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
}
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.hold === undefined){
const err3 = {instancePath,schemaPath:"#/oneOf/3/required",keyword:"required",params:{missingProperty: "hold"},message:"must have required property '"+"hold"+"'",schema:schema33.oneOf[3].required,parentSchema:schema33.oneOf[3],data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
var _valid0 = _errs5 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 3];
}
else {
if(_valid0){
valid0 = true;
passing0 = 3;
}
const _errs6 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.retire === undefined){
const err4 = {instancePath,schemaPath:"#/oneOf/4/required",keyword:"required",params:{missingProperty: "retire"},message:"must have required property '"+"retire"+"'",schema:schema33.oneOf[4].required,parentSchema:schema33.oneOf[4],data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
var _valid0 = _errs6 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 4];
}
else {
if(_valid0){
valid0 = true;
passing0 = 4;
}
const _errs7 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.assess === undefined){
const err5 = {instancePath,schemaPath:"#/oneOf/5/required",keyword:"required",params:{missingProperty: "assess"},message:"must have required property '"+"assess"+"'",schema:schema33.oneOf[5].required,parentSchema:schema33.oneOf[5],data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
var _valid0 = _errs7 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 5];
}
else {
if(_valid0){
valid0 = true;
passing0 = 5;
}
}
}
}
}
}
if(!valid0){
const err6 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema33.oneOf,parentSchema:schema33,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.for === undefined){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "for"},message:"must have required property '"+"for"+"'",schema:schema33.required,parentSchema:schema33,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
for(const key0 in data){
if(!(func1.call(schema33.properties, key0))){
const err8 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema33,data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.prepare !== undefined){
let data0 = data.prepare;
if(Array.isArray(data0)){
if(data0.length > 20){
const err9 = {instancePath:instancePath+"/prepare",schemaPath:"#/properties/prepare/maxItems",keyword:"maxItems",params:{limit: 20},message:"must NOT have more than 20 items",schema:20,parentSchema:schema33.properties.prepare,data:data0};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data0.length < 1){
const err10 = {instancePath:instancePath+"/prepare",schemaPath:"#/properties/prepare/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema33.properties.prepare,data:data0};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 === "string"){
if(func3(data1) > 300){
const err11 = {instancePath:instancePath+"/prepare/" + i0,schemaPath:"#/$defs/sentence/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters",schema:300,parentSchema:schema34,data:data1};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(func3(data1) < 3){
const err12 = {instancePath:instancePath+"/prepare/" + i0,schemaPath:"#/$defs/sentence/minLength",keyword:"minLength",params:{limit: 3},message:"must NOT have fewer than 3 characters",schema:3,parentSchema:schema34,data:data1};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!pattern9.test(data1)){
const err13 = {instancePath:instancePath+"/prepare/" + i0,schemaPath:"#/$defs/sentence/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f]+$"+"\"",schema:"^[^\\u0000-\\u001f\\u007f-\\u009f]+$",parentSchema:schema34,data:data1};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/prepare/" + i0,schemaPath:"#/$defs/sentence/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data1};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath:instancePath+"/prepare",schemaPath:"#/properties/prepare/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema33.properties.prepare.type,parentSchema:schema33.properties.prepare,data:data0};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.shadow !== undefined){
let data2 = data.shadow;
if(typeof data2 === "string"){
if(!pattern10.test(data2)){
const err16 = {instancePath:instancePath+"/shadow",schemaPath:"#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^(100|[1-9][0-9]?)%$"},message:"must match pattern \""+"^(100|[1-9][0-9]?)%$"+"\"",schema:"^(100|[1-9][0-9]?)%$",parentSchema:schema35,data:data2};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/shadow",schemaPath:"#/$defs/percent/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.type,parentSchema:schema35,data:data2};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.ramp !== undefined){
let data3 = data.ramp;
if(typeof data3 === "string"){
if(!pattern10.test(data3)){
const err18 = {instancePath:instancePath+"/ramp",schemaPath:"#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^(100|[1-9][0-9]?)%$"},message:"must match pattern \""+"^(100|[1-9][0-9]?)%$"+"\"",schema:"^(100|[1-9][0-9]?)%$",parentSchema:schema35,data:data3};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/ramp",schemaPath:"#/$defs/percent/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.type,parentSchema:schema35,data:data3};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.hold !== undefined){
let data4 = data.hold;
if(typeof data4 === "string"){
if(func3(data4) > 300){
const err20 = {instancePath:instancePath+"/hold",schemaPath:"#/$defs/sentence/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters",schema:300,parentSchema:schema34,data:data4};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(func3(data4) < 3){
const err21 = {instancePath:instancePath+"/hold",schemaPath:"#/$defs/sentence/minLength",keyword:"minLength",params:{limit: 3},message:"must NOT have fewer than 3 characters",schema:3,parentSchema:schema34,data:data4};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(!pattern9.test(data4)){
const err22 = {instancePath:instancePath+"/hold",schemaPath:"#/$defs/sentence/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f]+$"+"\"",schema:"^[^\\u0000-\\u001f\\u007f-\\u009f]+$",parentSchema:schema34,data:data4};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/hold",schemaPath:"#/$defs/sentence/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data4};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.retire !== undefined){
if(!(validate22(data.retire, {instancePath:instancePath+"/retire",parentData:data,parentDataProperty:"retire",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data.assess !== undefined){
let data6 = data.assess;
if(typeof data6 === "string"){
if(!pattern19.test(data6)){
const err24 = {instancePath:instancePath+"/assess",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}[dh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}[dh]$"+"\"",schema:"^[1-9][0-9]{0,4}[dh]$",parentSchema:schema45,data:data6};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/assess",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema45.type,parentSchema:schema45,data:data6};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.for !== undefined){
let data7 = data.for;
if(typeof data7 === "string"){
if(!pattern19.test(data7)){
const err26 = {instancePath:instancePath+"/for",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}[dh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}[dh]$"+"\"",schema:"^[1-9][0-9]{0,4}[dh]$",parentSchema:schema45,data:data7};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/for",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema45.type,parentSchema:schema45,data:data7};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.gates !== undefined){
if(!(validate24(data.gates, {instancePath:instancePath+"/gates",parentData:data,parentDataProperty:"gates",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
errors = vErrors.length;
}
}
if(data.on_call !== undefined){
let data9 = data.on_call;
if(Array.isArray(data9)){
if(data9.length > 6){
const err28 = {instancePath:instancePath+"/on_call",schemaPath:"#/properties/on_call/maxItems",keyword:"maxItems",params:{limit: 6},message:"must NOT have more than 6 items",schema:6,parentSchema:schema33.properties.on_call,data:data9};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data9.length < 1){
const err29 = {instancePath:instancePath+"/on_call",schemaPath:"#/properties/on_call/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema33.properties.on_call,data:data9};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
let data10 = data9[i1];
if(!((((((data10 === "ml-engineers") || (data10 === "devops")) || (data10 === "qa")) || (data10 === "ux")) || (data10 === "product")) || (data10 === "data-engineers"))){
const err30 = {instancePath:instancePath+"/on_call/" + i1,schemaPath:"#/$defs/role/enum",keyword:"enum",params:{allowedValues: schema57.enum},message:"must be equal to one of the allowed values",schema:schema57.enum,parentSchema:schema57,data:data10};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
let i2 = data9.length;
let j0;
if(i2 > 1){
outer0:
for(;i2--;){
for(j0 = i2; j0--;){
if(func0(data9[i2], data9[j0])){
const err31 = {instancePath:instancePath+"/on_call",schemaPath:"#/properties/on_call/uniqueItems",keyword:"uniqueItems",params:{i: i2, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i2+" are identical)",schema:true,parentSchema:schema33.properties.on_call,data:data9};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err32 = {instancePath:instancePath+"/on_call",schemaPath:"#/properties/on_call/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema33.properties.on_call.type,parentSchema:schema33.properties.on_call,data:data9};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data.by !== undefined){
let data11 = data.by;
if(!((((((data11 === "ml-engineers") || (data11 === "devops")) || (data11 === "qa")) || (data11 === "ux")) || (data11 === "product")) || (data11 === "data-engineers"))){
const err33 = {instancePath:instancePath+"/by",schemaPath:"#/$defs/role/enum",keyword:"enum",params:{allowedValues: schema57.enum},message:"must be equal to one of the allowed values",schema:schema57.enum,parentSchema:schema57,data:data11};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
else {
const err34 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema33.type,parentSchema:schema33,data};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema59 = {"type":"object","additionalProperties":false,"required":["name","from","to"],"properties":{"name":{"description":"Why: a name for people.","$ref":"#/$defs/sentence"},"from":{"description":"First moment, as 2026-12-21 or 2026-12-21 18:00, by the clock of zone.","$ref":"#/$defs/local_time"},"to":{"description":"First moment after it, by the clock of zone.","$ref":"#/$defs/local_time"},"zone":{"description":"IANA time zone, as Europe/Berlin.","$ref":"#/$defs/time_zone","default":"UTC"}}};
const schema61 = {"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$","examples":["2026-12-21","2026-12-21 18:00"]};
const pattern22 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$", "u");

function validate27(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate27.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema59.required,parentSchema:schema59,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.from === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'",schema:schema59.required,parentSchema:schema59,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.to === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'",schema:schema59.required,parentSchema:schema59,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "from")) || (key0 === "to")) || (key0 === "zone"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema59,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(func3(data0) > 300){
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/$defs/sentence/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters",schema:300,parentSchema:schema34,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(func3(data0) < 3){
const err5 = {instancePath:instancePath+"/name",schemaPath:"#/$defs/sentence/minLength",keyword:"minLength",params:{limit: 3},message:"must NOT have fewer than 3 characters",schema:3,parentSchema:schema34,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!pattern9.test(data0)){
const err6 = {instancePath:instancePath+"/name",schemaPath:"#/$defs/sentence/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f]+$"+"\"",schema:"^[^\\u0000-\\u001f\\u007f-\\u009f]+$",parentSchema:schema34,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/name",schemaPath:"#/$defs/sentence/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data0};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.from !== undefined){
let data1 = data.from;
if(typeof data1 === "string"){
if(!pattern22.test(data1)){
const err8 = {instancePath:instancePath+"/from",schemaPath:"#/$defs/local_time/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$"},message:"must match pattern \""+"^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$"+"\"",schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$",parentSchema:schema61,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/from",schemaPath:"#/$defs/local_time/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema61.type,parentSchema:schema61,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.to !== undefined){
let data2 = data.to;
if(typeof data2 === "string"){
if(!pattern22.test(data2)){
const err10 = {instancePath:instancePath+"/to",schemaPath:"#/$defs/local_time/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$"},message:"must match pattern \""+"^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$"+"\"",schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$",parentSchema:schema61,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/to",schemaPath:"#/$defs/local_time/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema61.type,parentSchema:schema61,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.zone !== undefined){
let data3 = data.zone;
if(typeof data3 === "string"){
if(!pattern8.test(data3)){
const err12 = {instancePath:instancePath+"/zone",schemaPath:"#/$defs/time_zone/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][-A-Za-z0-9_+/]{1,59}$"},message:"must match pattern \""+"^[A-Za-z][-A-Za-z0-9_+/]{1,59}$"+"\"",schema:"^[A-Za-z][-A-Za-z0-9_+/]{1,59}$",parentSchema:schema32,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/zone",schemaPath:"#/$defs/time_zone/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema59.type,parentSchema:schema59,data};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
validate27.errors = vErrors;
return errors === 0;
}
validate27.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema86 = {"type":"object","additionalProperties":false,"properties":{"cpu":{"description":"Cores requested, in the form that Kubernetes keeps: 1 and 1500m, not 1000m; the limit is twice as much.","type":"string","pattern":"^([1-9][0-9]{0,2}|[1-9][0-9]{0,5}m)$","examples":["2","500m"],"default":"1"},"memory":{"description":"Memory requested, in the form that Kubernetes keeps: 1Gi, not 1024Mi; the limit is twice as much.","type":"string","pattern":"^([1-9][0-9]{0,6}Mi|[1-9][0-9]{0,4}Gi|[1-9][0-9]?Ti)$","examples":["1Gi","512Mi"],"default":"1Gi"},"gpus":{"description":"GPUs, each pod its own.","type":"integer","minimum":0,"maximum":16,"default":0},"node_pool":{"description":"Pool of nodes, by its label gridramp.io/pool.","$ref":"#/$defs/name"}}};
const pattern40 = new RegExp("^([1-9][0-9]{0,2}|[1-9][0-9]{0,5}m)$", "u");
const pattern41 = new RegExp("^([1-9][0-9]{0,6}Mi|[1-9][0-9]{0,4}Gi|[1-9][0-9]?Ti)$", "u");

function validate30(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate30.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "cpu") || (key0 === "memory")) || (key0 === "gpus")) || (key0 === "node_pool"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema86,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.cpu !== undefined){
let data0 = data.cpu;
if(typeof data0 === "string"){
if(!pattern40.test(data0)){
const err1 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/pattern",keyword:"pattern",params:{pattern: "^([1-9][0-9]{0,2}|[1-9][0-9]{0,5}m)$"},message:"must match pattern \""+"^([1-9][0-9]{0,2}|[1-9][0-9]{0,5}m)$"+"\"",schema:"^([1-9][0-9]{0,2}|[1-9][0-9]{0,5}m)$",parentSchema:schema86.properties.cpu,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema86.properties.cpu.type,parentSchema:schema86.properties.cpu,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.memory !== undefined){
let data1 = data.memory;
if(typeof data1 === "string"){
if(!pattern41.test(data1)){
const err3 = {instancePath:instancePath+"/memory",schemaPath:"#/properties/memory/pattern",keyword:"pattern",params:{pattern: "^([1-9][0-9]{0,6}Mi|[1-9][0-9]{0,4}Gi|[1-9][0-9]?Ti)$"},message:"must match pattern \""+"^([1-9][0-9]{0,6}Mi|[1-9][0-9]{0,4}Gi|[1-9][0-9]?Ti)$"+"\"",schema:"^([1-9][0-9]{0,6}Mi|[1-9][0-9]{0,4}Gi|[1-9][0-9]?Ti)$",parentSchema:schema86.properties.memory,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/memory",schemaPath:"#/properties/memory/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema86.properties.memory.type,parentSchema:schema86.properties.memory,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.gpus !== undefined){
let data2 = data.gpus;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err5 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema86.properties.gpus.type,parentSchema:schema86.properties.gpus,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 16 || isNaN(data2)){
const err6 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/maximum",keyword:"maximum",params:{comparison: "<=", limit: 16},message:"must be <= 16",schema:16,parentSchema:schema86.properties.gpus,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data2 < 0 || isNaN(data2)){
const err7 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema86.properties.gpus,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
if(data.node_pool !== undefined){
let data3 = data.node_pool;
if(typeof data3 === "string"){
if(!pattern13.test(data3)){
const err8 = {instancePath:instancePath+"/node_pool",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"+"\"",schema:"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$",parentSchema:schema39,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/node_pool",schemaPath:"#/$defs/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema86.type,parentSchema:schema86,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
validate30.errors = vErrors;
return errors === 0;
}
validate30.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="plan.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.service === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "service"},message:"must have required property '"+"service"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.owner === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "owner"},message:"must have required property '"+"owner"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.runbook === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "runbook"},message:"must have required property '"+"runbook"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.replicas === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "replicas"},message:"must have required property '"+"replicas"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.phases === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "phases"},message:"must have required property '"+"phases"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.rehearsal === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "rehearsal"},message:"must have required property '"+"rehearsal"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key0 in data){
if(!(func1.call(schema31.properties, key0))){
const err6 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.service !== undefined){
let data0 = data.service;
if(typeof data0 === "string"){
if(!pattern4.test(data0)){
const err7 = {instancePath:instancePath+"/service",schemaPath:"#/properties/service/pattern",keyword:"pattern",params:{pattern: "^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$"+"\"",schema:"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$",parentSchema:schema31.properties.service,data:data0};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/service",schemaPath:"#/properties/service/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.service.type,parentSchema:schema31.properties.service,data:data0};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.owner !== undefined){
let data1 = data.owner;
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
const err9 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"+"\"",schema:"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",parentSchema:schema31.properties.owner,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.owner.type,parentSchema:schema31.properties.owner,data:data1};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.runbook !== undefined){
let data2 = data.runbook;
if(typeof data2 === "string"){
if(!pattern6.test(data2)){
const err11 = {instancePath:instancePath+"/runbook",schemaPath:"#/properties/runbook/pattern",keyword:"pattern",params:{pattern: "^(https://\\S+|[A-Za-z0-9][-A-Za-z0-9_./]*\\.md)$"},message:"must match pattern \""+"^(https://\\S+|[A-Za-z0-9][-A-Za-z0-9_./]*\\.md)$"+"\"",schema:"^(https://\\S+|[A-Za-z0-9][-A-Za-z0-9_./]*\\.md)$",parentSchema:schema31.properties.runbook,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/runbook",schemaPath:"#/properties/runbook/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.runbook.type,parentSchema:schema31.properties.runbook,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.replicas !== undefined){
let data3 = data.replicas;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err13 = {instancePath:instancePath+"/replicas",schemaPath:"#/properties/replicas/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema31.properties.replicas.type,parentSchema:schema31.properties.replicas,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 1000 || isNaN(data3)){
const err14 = {instancePath:instancePath+"/replicas",schemaPath:"#/properties/replicas/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000",schema:1000,parentSchema:schema31.properties.replicas,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data3 < 2 || isNaN(data3)){
const err15 = {instancePath:instancePath+"/replicas",schemaPath:"#/properties/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 2},message:"must be >= 2",schema:2,parentSchema:schema31.properties.replicas,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
if(data.calendar !== undefined){
let data4 = data.calendar;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(data4.start === undefined){
const err16 = {instancePath:instancePath+"/calendar",schemaPath:"#/properties/calendar/required",keyword:"required",params:{missingProperty: "start"},message:"must have required property '"+"start"+"'",schema:schema31.properties.calendar.required,parentSchema:schema31.properties.calendar,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
for(const key1 in data4){
if(!((key1 === "start") || (key1 === "zone"))){
const err17 = {instancePath:instancePath+"/calendar",schemaPath:"#/properties/calendar/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.calendar,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data4.start !== undefined){
let data5 = data4.start;
if(typeof data5 === "string"){
if(!pattern7.test(data5)){
const err18 = {instancePath:instancePath+"/calendar/start",schemaPath:"#/properties/calendar/properties/start/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},message:"must match pattern \""+"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"+"\"",schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",parentSchema:schema31.properties.calendar.properties.start,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/calendar/start",schemaPath:"#/properties/calendar/properties/start/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.calendar.properties.start.type,parentSchema:schema31.properties.calendar.properties.start,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data4.zone !== undefined){
let data6 = data4.zone;
if(typeof data6 === "string"){
if(!pattern8.test(data6)){
const err20 = {instancePath:instancePath+"/calendar/zone",schemaPath:"#/$defs/time_zone/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][-A-Za-z0-9_+/]{1,59}$"},message:"must match pattern \""+"^[A-Za-z][-A-Za-z0-9_+/]{1,59}$"+"\"",schema:"^[A-Za-z][-A-Za-z0-9_+/]{1,59}$",parentSchema:schema32,data:data6};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/calendar/zone",schemaPath:"#/$defs/time_zone/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data6};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath:instancePath+"/calendar",schemaPath:"#/properties/calendar/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.calendar.type,parentSchema:schema31.properties.calendar,data:data4};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.phases !== undefined){
let data7 = data.phases;
if(Array.isArray(data7)){
if(data7.length > 40){
const err23 = {instancePath:instancePath+"/phases",schemaPath:"#/properties/phases/maxItems",keyword:"maxItems",params:{limit: 40},message:"must NOT have more than 40 items",schema:40,parentSchema:schema31.properties.phases,data:data7};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(data7.length < 2){
const err24 = {instancePath:instancePath+"/phases",schemaPath:"#/properties/phases/minItems",keyword:"minItems",params:{limit: 2},message:"must NOT have fewer than 2 items",schema:2,parentSchema:schema31.properties.phases,data:data7};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
if(!(validate21(data7[i0], {instancePath:instancePath+"/phases/" + i0,parentData:data7,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
}
}
else {
const err25 = {instancePath:instancePath+"/phases",schemaPath:"#/properties/phases/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.phases.type,parentSchema:schema31.properties.phases,data:data7};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.freezes !== undefined){
let data9 = data.freezes;
if(Array.isArray(data9)){
if(data9.length > 50){
const err26 = {instancePath:instancePath+"/freezes",schemaPath:"#/properties/freezes/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items",schema:50,parentSchema:schema31.properties.freezes,data:data9};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
if(!(validate27(data9[i1], {instancePath:instancePath+"/freezes/" + i1,parentData:data9,parentDataProperty:i1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
}
}
else {
const err27 = {instancePath:instancePath+"/freezes",schemaPath:"#/properties/freezes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.freezes.type,parentSchema:schema31.properties.freezes,data:data9};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.team !== undefined){
let data11 = data.team;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
for(const key2 in data11){
if(!((((((key2 === "ml-engineers") || (key2 === "devops")) || (key2 === "qa")) || (key2 === "ux")) || (key2 === "product")) || (key2 === "data-engineers"))){
const err28 = {instancePath:instancePath+"/team",schemaPath:"#/properties/team/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.team,data:data11};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data11["ml-engineers"] !== undefined){
let data12 = data11["ml-engineers"];
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.contact === undefined){
const err29 = {instancePath:instancePath+"/team/ml-engineers",schemaPath:"#/$defs/team_role/required",keyword:"required",params:{missingProperty: "contact"},message:"must have required property '"+"contact"+"'",schema:schema64.required,parentSchema:schema64,data:data12};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
for(const key3 in data12){
if(!((key3 === "contact") || (key3 === "on_call"))){
const err30 = {instancePath:instancePath+"/team/ml-engineers",schemaPath:"#/$defs/team_role/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema64,data:data12};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data12.contact !== undefined){
let data13 = data12.contact;
if(typeof data13 === "string"){
if(func3(data13) > 200){
const err31 = {instancePath:instancePath+"/team/ml-engineers/contact",schemaPath:"#/$defs/team_role/properties/contact/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.contact,data:data13};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(func3(data13) < 2){
const err32 = {instancePath:instancePath+"/team/ml-engineers/contact",schemaPath:"#/$defs/team_role/properties/contact/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.contact,data:data13};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/team/ml-engineers/contact",schemaPath:"#/$defs/team_role/properties/contact/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.contact.type,parentSchema:schema64.properties.contact,data:data13};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data12.on_call !== undefined){
let data14 = data12.on_call;
if(typeof data14 === "string"){
if(func3(data14) > 200){
const err34 = {instancePath:instancePath+"/team/ml-engineers/on_call",schemaPath:"#/$defs/team_role/properties/on_call/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.on_call,data:data14};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(func3(data14) < 2){
const err35 = {instancePath:instancePath+"/team/ml-engineers/on_call",schemaPath:"#/$defs/team_role/properties/on_call/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.on_call,data:data14};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/team/ml-engineers/on_call",schemaPath:"#/$defs/team_role/properties/on_call/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.on_call.type,parentSchema:schema64.properties.on_call,data:data14};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
}
else {
const err37 = {instancePath:instancePath+"/team/ml-engineers",schemaPath:"#/$defs/team_role/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema64.type,parentSchema:schema64,data:data12};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data11.devops !== undefined){
let data15 = data11.devops;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.contact === undefined){
const err38 = {instancePath:instancePath+"/team/devops",schemaPath:"#/$defs/team_role/required",keyword:"required",params:{missingProperty: "contact"},message:"must have required property '"+"contact"+"'",schema:schema64.required,parentSchema:schema64,data:data15};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
for(const key4 in data15){
if(!((key4 === "contact") || (key4 === "on_call"))){
const err39 = {instancePath:instancePath+"/team/devops",schemaPath:"#/$defs/team_role/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema64,data:data15};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data15.contact !== undefined){
let data16 = data15.contact;
if(typeof data16 === "string"){
if(func3(data16) > 200){
const err40 = {instancePath:instancePath+"/team/devops/contact",schemaPath:"#/$defs/team_role/properties/contact/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.contact,data:data16};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(func3(data16) < 2){
const err41 = {instancePath:instancePath+"/team/devops/contact",schemaPath:"#/$defs/team_role/properties/contact/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.contact,data:data16};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
else {
const err42 = {instancePath:instancePath+"/team/devops/contact",schemaPath:"#/$defs/team_role/properties/contact/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.contact.type,parentSchema:schema64.properties.contact,data:data16};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data15.on_call !== undefined){
let data17 = data15.on_call;
if(typeof data17 === "string"){
if(func3(data17) > 200){
const err43 = {instancePath:instancePath+"/team/devops/on_call",schemaPath:"#/$defs/team_role/properties/on_call/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.on_call,data:data17};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(func3(data17) < 2){
const err44 = {instancePath:instancePath+"/team/devops/on_call",schemaPath:"#/$defs/team_role/properties/on_call/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.on_call,data:data17};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/team/devops/on_call",schemaPath:"#/$defs/team_role/properties/on_call/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.on_call.type,parentSchema:schema64.properties.on_call,data:data17};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
else {
const err46 = {instancePath:instancePath+"/team/devops",schemaPath:"#/$defs/team_role/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema64.type,parentSchema:schema64,data:data15};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data11.qa !== undefined){
let data18 = data11.qa;
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
if(data18.contact === undefined){
const err47 = {instancePath:instancePath+"/team/qa",schemaPath:"#/$defs/team_role/required",keyword:"required",params:{missingProperty: "contact"},message:"must have required property '"+"contact"+"'",schema:schema64.required,parentSchema:schema64,data:data18};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
for(const key5 in data18){
if(!((key5 === "contact") || (key5 === "on_call"))){
const err48 = {instancePath:instancePath+"/team/qa",schemaPath:"#/$defs/team_role/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties",schema:false,parentSchema:schema64,data:data18};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data18.contact !== undefined){
let data19 = data18.contact;
if(typeof data19 === "string"){
if(func3(data19) > 200){
const err49 = {instancePath:instancePath+"/team/qa/contact",schemaPath:"#/$defs/team_role/properties/contact/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.contact,data:data19};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(func3(data19) < 2){
const err50 = {instancePath:instancePath+"/team/qa/contact",schemaPath:"#/$defs/team_role/properties/contact/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.contact,data:data19};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
else {
const err51 = {instancePath:instancePath+"/team/qa/contact",schemaPath:"#/$defs/team_role/properties/contact/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.contact.type,parentSchema:schema64.properties.contact,data:data19};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data18.on_call !== undefined){
let data20 = data18.on_call;
if(typeof data20 === "string"){
if(func3(data20) > 200){
const err52 = {instancePath:instancePath+"/team/qa/on_call",schemaPath:"#/$defs/team_role/properties/on_call/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.on_call,data:data20};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(func3(data20) < 2){
const err53 = {instancePath:instancePath+"/team/qa/on_call",schemaPath:"#/$defs/team_role/properties/on_call/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.on_call,data:data20};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
else {
const err54 = {instancePath:instancePath+"/team/qa/on_call",schemaPath:"#/$defs/team_role/properties/on_call/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.on_call.type,parentSchema:schema64.properties.on_call,data:data20};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
}
else {
const err55 = {instancePath:instancePath+"/team/qa",schemaPath:"#/$defs/team_role/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema64.type,parentSchema:schema64,data:data18};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data11.ux !== undefined){
let data21 = data11.ux;
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
if(data21.contact === undefined){
const err56 = {instancePath:instancePath+"/team/ux",schemaPath:"#/$defs/team_role/required",keyword:"required",params:{missingProperty: "contact"},message:"must have required property '"+"contact"+"'",schema:schema64.required,parentSchema:schema64,data:data21};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
for(const key6 in data21){
if(!((key6 === "contact") || (key6 === "on_call"))){
const err57 = {instancePath:instancePath+"/team/ux",schemaPath:"#/$defs/team_role/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties",schema:false,parentSchema:schema64,data:data21};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data21.contact !== undefined){
let data22 = data21.contact;
if(typeof data22 === "string"){
if(func3(data22) > 200){
const err58 = {instancePath:instancePath+"/team/ux/contact",schemaPath:"#/$defs/team_role/properties/contact/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.contact,data:data22};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(func3(data22) < 2){
const err59 = {instancePath:instancePath+"/team/ux/contact",schemaPath:"#/$defs/team_role/properties/contact/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.contact,data:data22};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/team/ux/contact",schemaPath:"#/$defs/team_role/properties/contact/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.contact.type,parentSchema:schema64.properties.contact,data:data22};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data21.on_call !== undefined){
let data23 = data21.on_call;
if(typeof data23 === "string"){
if(func3(data23) > 200){
const err61 = {instancePath:instancePath+"/team/ux/on_call",schemaPath:"#/$defs/team_role/properties/on_call/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.on_call,data:data23};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(func3(data23) < 2){
const err62 = {instancePath:instancePath+"/team/ux/on_call",schemaPath:"#/$defs/team_role/properties/on_call/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.on_call,data:data23};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
else {
const err63 = {instancePath:instancePath+"/team/ux/on_call",schemaPath:"#/$defs/team_role/properties/on_call/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.on_call.type,parentSchema:schema64.properties.on_call,data:data23};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
else {
const err64 = {instancePath:instancePath+"/team/ux",schemaPath:"#/$defs/team_role/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema64.type,parentSchema:schema64,data:data21};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(data11.product !== undefined){
let data24 = data11.product;
if(data24 && typeof data24 == "object" && !Array.isArray(data24)){
if(data24.contact === undefined){
const err65 = {instancePath:instancePath+"/team/product",schemaPath:"#/$defs/team_role/required",keyword:"required",params:{missingProperty: "contact"},message:"must have required property '"+"contact"+"'",schema:schema64.required,parentSchema:schema64,data:data24};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
for(const key7 in data24){
if(!((key7 === "contact") || (key7 === "on_call"))){
const err66 = {instancePath:instancePath+"/team/product",schemaPath:"#/$defs/team_role/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties",schema:false,parentSchema:schema64,data:data24};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data24.contact !== undefined){
let data25 = data24.contact;
if(typeof data25 === "string"){
if(func3(data25) > 200){
const err67 = {instancePath:instancePath+"/team/product/contact",schemaPath:"#/$defs/team_role/properties/contact/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.contact,data:data25};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(func3(data25) < 2){
const err68 = {instancePath:instancePath+"/team/product/contact",schemaPath:"#/$defs/team_role/properties/contact/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.contact,data:data25};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
else {
const err69 = {instancePath:instancePath+"/team/product/contact",schemaPath:"#/$defs/team_role/properties/contact/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.contact.type,parentSchema:schema64.properties.contact,data:data25};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data24.on_call !== undefined){
let data26 = data24.on_call;
if(typeof data26 === "string"){
if(func3(data26) > 200){
const err70 = {instancePath:instancePath+"/team/product/on_call",schemaPath:"#/$defs/team_role/properties/on_call/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.on_call,data:data26};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
if(func3(data26) < 2){
const err71 = {instancePath:instancePath+"/team/product/on_call",schemaPath:"#/$defs/team_role/properties/on_call/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.on_call,data:data26};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
else {
const err72 = {instancePath:instancePath+"/team/product/on_call",schemaPath:"#/$defs/team_role/properties/on_call/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.on_call.type,parentSchema:schema64.properties.on_call,data:data26};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
}
else {
const err73 = {instancePath:instancePath+"/team/product",schemaPath:"#/$defs/team_role/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema64.type,parentSchema:schema64,data:data24};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data11["data-engineers"] !== undefined){
let data27 = data11["data-engineers"];
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
if(data27.contact === undefined){
const err74 = {instancePath:instancePath+"/team/data-engineers",schemaPath:"#/$defs/team_role/required",keyword:"required",params:{missingProperty: "contact"},message:"must have required property '"+"contact"+"'",schema:schema64.required,parentSchema:schema64,data:data27};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
for(const key8 in data27){
if(!((key8 === "contact") || (key8 === "on_call"))){
const err75 = {instancePath:instancePath+"/team/data-engineers",schemaPath:"#/$defs/team_role/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties",schema:false,parentSchema:schema64,data:data27};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data27.contact !== undefined){
let data28 = data27.contact;
if(typeof data28 === "string"){
if(func3(data28) > 200){
const err76 = {instancePath:instancePath+"/team/data-engineers/contact",schemaPath:"#/$defs/team_role/properties/contact/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.contact,data:data28};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
if(func3(data28) < 2){
const err77 = {instancePath:instancePath+"/team/data-engineers/contact",schemaPath:"#/$defs/team_role/properties/contact/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.contact,data:data28};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
else {
const err78 = {instancePath:instancePath+"/team/data-engineers/contact",schemaPath:"#/$defs/team_role/properties/contact/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.contact.type,parentSchema:schema64.properties.contact,data:data28};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data27.on_call !== undefined){
let data29 = data27.on_call;
if(typeof data29 === "string"){
if(func3(data29) > 200){
const err79 = {instancePath:instancePath+"/team/data-engineers/on_call",schemaPath:"#/$defs/team_role/properties/on_call/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema64.properties.on_call,data:data29};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if(func3(data29) < 2){
const err80 = {instancePath:instancePath+"/team/data-engineers/on_call",schemaPath:"#/$defs/team_role/properties/on_call/minLength",keyword:"minLength",params:{limit: 2},message:"must NOT have fewer than 2 characters",schema:2,parentSchema:schema64.properties.on_call,data:data29};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
else {
const err81 = {instancePath:instancePath+"/team/data-engineers/on_call",schemaPath:"#/$defs/team_role/properties/on_call/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema64.properties.on_call.type,parentSchema:schema64.properties.on_call,data:data29};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
}
else {
const err82 = {instancePath:instancePath+"/team/data-engineers",schemaPath:"#/$defs/team_role/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema64.type,parentSchema:schema64,data:data27};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
}
else {
const err83 = {instancePath:instancePath+"/team",schemaPath:"#/properties/team/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.team.type,parentSchema:schema31.properties.team,data:data11};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data.notify !== undefined){
let data30 = data.notify;
if(Array.isArray(data30)){
if(data30.length > 10){
const err84 = {instancePath:instancePath+"/notify",schemaPath:"#/properties/notify/maxItems",keyword:"maxItems",params:{limit: 10},message:"must NOT have more than 10 items",schema:10,parentSchema:schema31.properties.notify,data:data30};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
const len2 = data30.length;
for(let i2=0; i2<len2; i2++){
let data31 = data30[i2];
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
if(data31.when === undefined){
const err85 = {instancePath:instancePath+"/notify/" + i2,schemaPath:"#/properties/notify/items/required",keyword:"required",params:{missingProperty: "when"},message:"must have required property '"+"when"+"'",schema:schema31.properties.notify.items.required,parentSchema:schema31.properties.notify.items,data:data31};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(data31.to === undefined){
const err86 = {instancePath:instancePath+"/notify/" + i2,schemaPath:"#/properties/notify/items/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'",schema:schema31.properties.notify.items.required,parentSchema:schema31.properties.notify.items,data:data31};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
for(const key9 in data31){
if(!((key9 === "when") || (key9 === "to"))){
const err87 = {instancePath:instancePath+"/notify/" + i2,schemaPath:"#/properties/notify/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.notify.items,data:data31};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data31.when !== undefined){
let data32 = data31.when;
if(Array.isArray(data32)){
if(data32.length < 1){
const err88 = {instancePath:instancePath+"/notify/" + i2+"/when",schemaPath:"#/properties/notify/items/properties/when/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.notify.items.properties.when,data:data32};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
const len3 = data32.length;
for(let i3=0; i3<len3; i3++){
let data33 = data32[i3];
if(!((((((data33 === "started") || (data33 === "advanced")) || (data33 === "waiting")) || (data33 === "held")) || (data33 === "aborted")) || (data33 === "promoted"))){
const err89 = {instancePath:instancePath+"/notify/" + i2+"/when/" + i3,schemaPath:"#/properties/notify/items/properties/when/items/enum",keyword:"enum",params:{allowedValues: schema31.properties.notify.items.properties.when.items.enum},message:"must be equal to one of the allowed values",schema:schema31.properties.notify.items.properties.when.items.enum,parentSchema:schema31.properties.notify.items.properties.when.items,data:data33};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
let i4 = data32.length;
let j0;
if(i4 > 1){
outer0:
for(;i4--;){
for(j0 = i4; j0--;){
if(func0(data32[i4], data32[j0])){
const err90 = {instancePath:instancePath+"/notify/" + i2+"/when",schemaPath:"#/properties/notify/items/properties/when/uniqueItems",keyword:"uniqueItems",params:{i: i4, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i4+" are identical)",schema:true,parentSchema:schema31.properties.notify.items.properties.when,data:data32};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err91 = {instancePath:instancePath+"/notify/" + i2+"/when",schemaPath:"#/properties/notify/items/properties/when/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.notify.items.properties.when.type,parentSchema:schema31.properties.notify.items.properties.when,data:data32};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data31.to !== undefined){
let data34 = data31.to;
if(Array.isArray(data34)){
if(data34.length > 5){
const err92 = {instancePath:instancePath+"/notify/" + i2+"/to",schemaPath:"#/properties/notify/items/properties/to/maxItems",keyword:"maxItems",params:{limit: 5},message:"must NOT have more than 5 items",schema:5,parentSchema:schema31.properties.notify.items.properties.to,data:data34};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
if(data34.length < 1){
const err93 = {instancePath:instancePath+"/notify/" + i2+"/to",schemaPath:"#/properties/notify/items/properties/to/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.notify.items.properties.to,data:data34};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
const len4 = data34.length;
for(let i5=0; i5<len4; i5++){
let data35 = data34[i5];
if(typeof data35 === "string"){
if(!pattern25.test(data35)){
const err94 = {instancePath:instancePath+"/notify/" + i2+"/to/" + i5,schemaPath:"#/properties/notify/items/properties/to/items/pattern",keyword:"pattern",params:{pattern: "^(slack:[-a-z0-9_]{1,80}|email:[^@\\s:]+@[^@\\s:]+|webhook:(?!(slack|email)$)[a-z0-9]([-a-z0-9]{0,22}[a-z0-9])?)$"},message:"must match pattern \""+"^(slack:[-a-z0-9_]{1,80}|email:[^@\\s:]+@[^@\\s:]+|webhook:(?!(slack|email)$)[a-z0-9]([-a-z0-9]{0,22}[a-z0-9])?)$"+"\"",schema:"^(slack:[-a-z0-9_]{1,80}|email:[^@\\s:]+@[^@\\s:]+|webhook:(?!(slack|email)$)[a-z0-9]([-a-z0-9]{0,22}[a-z0-9])?)$",parentSchema:schema31.properties.notify.items.properties.to.items,data:data35};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
else {
const err95 = {instancePath:instancePath+"/notify/" + i2+"/to/" + i5,schemaPath:"#/properties/notify/items/properties/to/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.notify.items.properties.to.items.type,parentSchema:schema31.properties.notify.items.properties.to.items,data:data35};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
let i6 = data34.length;
let j1;
if(i6 > 1){
const indices0 = {};
for(;i6--;){
let item0 = data34[i6];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j1 = indices0[item0];
const err96 = {instancePath:instancePath+"/notify/" + i2+"/to",schemaPath:"#/properties/notify/items/properties/to/uniqueItems",keyword:"uniqueItems",params:{i: i6, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i6+" are identical)",schema:true,parentSchema:schema31.properties.notify.items.properties.to,data:data34};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
break;
}
indices0[item0] = i6;
}
}
}
else {
const err97 = {instancePath:instancePath+"/notify/" + i2+"/to",schemaPath:"#/properties/notify/items/properties/to/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.notify.items.properties.to.type,parentSchema:schema31.properties.notify.items.properties.to,data:data34};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
}
else {
const err98 = {instancePath:instancePath+"/notify/" + i2,schemaPath:"#/properties/notify/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.notify.items.type,parentSchema:schema31.properties.notify.items,data:data31};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
}
else {
const err99 = {instancePath:instancePath+"/notify",schemaPath:"#/properties/notify/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.notify.type,parentSchema:schema31.properties.notify,data:data30};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data.trainings !== undefined){
let data36 = data.trainings;
if(Array.isArray(data36)){
if(data36.length > 50){
const err100 = {instancePath:instancePath+"/trainings",schemaPath:"#/properties/trainings/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items",schema:50,parentSchema:schema31.properties.trainings,data:data36};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
const len5 = data36.length;
for(let i7=0; i7<len5; i7++){
let data37 = data36[i7];
if(data37 && typeof data37 == "object" && !Array.isArray(data37)){
if(data37.title === undefined){
const err101 = {instancePath:instancePath+"/trainings/" + i7,schemaPath:"#/properties/trainings/items/required",keyword:"required",params:{missingProperty: "title"},message:"must have required property '"+"title"+"'",schema:schema31.properties.trainings.items.required,parentSchema:schema31.properties.trainings.items,data:data37};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if(data37.before === undefined){
const err102 = {instancePath:instancePath+"/trainings/" + i7,schemaPath:"#/properties/trainings/items/required",keyword:"required",params:{missingProperty: "before"},message:"must have required property '"+"before"+"'",schema:schema31.properties.trainings.items.required,parentSchema:schema31.properties.trainings.items,data:data37};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(data37.days_before === undefined){
const err103 = {instancePath:instancePath+"/trainings/" + i7,schemaPath:"#/properties/trainings/items/required",keyword:"required",params:{missingProperty: "days_before"},message:"must have required property '"+"days_before"+"'",schema:schema31.properties.trainings.items.required,parentSchema:schema31.properties.trainings.items,data:data37};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
for(const key10 in data37){
if(!((((((key10 === "title") || (key10 === "before")) || (key10 === "days_before")) || (key10 === "for")) || (key10 === "at")) || (key10 === "minutes"))){
const err104 = {instancePath:instancePath+"/trainings/" + i7,schemaPath:"#/properties/trainings/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.trainings.items,data:data37};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
if(data37.title !== undefined){
let data38 = data37.title;
if(typeof data38 === "string"){
if(func3(data38) > 300){
const err105 = {instancePath:instancePath+"/trainings/" + i7+"/title",schemaPath:"#/$defs/sentence/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters",schema:300,parentSchema:schema34,data:data38};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if(func3(data38) < 3){
const err106 = {instancePath:instancePath+"/trainings/" + i7+"/title",schemaPath:"#/$defs/sentence/minLength",keyword:"minLength",params:{limit: 3},message:"must NOT have fewer than 3 characters",schema:3,parentSchema:schema34,data:data38};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if(!pattern9.test(data38)){
const err107 = {instancePath:instancePath+"/trainings/" + i7+"/title",schemaPath:"#/$defs/sentence/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f]+$"+"\"",schema:"^[^\\u0000-\\u001f\\u007f-\\u009f]+$",parentSchema:schema34,data:data38};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
else {
const err108 = {instancePath:instancePath+"/trainings/" + i7+"/title",schemaPath:"#/$defs/sentence/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data38};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
if(data37.before !== undefined){
let data39 = data37.before;
if(typeof data39 === "string"){
if(!pattern13.test(data39)){
const err109 = {instancePath:instancePath+"/trainings/" + i7+"/before",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$"+"\"",schema:"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$",parentSchema:schema39,data:data39};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
else {
const err110 = {instancePath:instancePath+"/trainings/" + i7+"/before",schemaPath:"#/$defs/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:data39};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
if(data37.days_before !== undefined){
let data40 = data37.days_before;
if(!(((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40))) && (isFinite(data40)))){
const err111 = {instancePath:instancePath+"/trainings/" + i7+"/days_before",schemaPath:"#/properties/trainings/items/properties/days_before/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema31.properties.trainings.items.properties.days_before.type,parentSchema:schema31.properties.trainings.items.properties.days_before,data:data40};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
if((typeof data40 == "number") && (isFinite(data40))){
if(data40 > 90 || isNaN(data40)){
const err112 = {instancePath:instancePath+"/trainings/" + i7+"/days_before",schemaPath:"#/properties/trainings/items/properties/days_before/maximum",keyword:"maximum",params:{comparison: "<=", limit: 90},message:"must be <= 90",schema:90,parentSchema:schema31.properties.trainings.items.properties.days_before,data:data40};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
if(data40 < 0 || isNaN(data40)){
const err113 = {instancePath:instancePath+"/trainings/" + i7+"/days_before",schemaPath:"#/properties/trainings/items/properties/days_before/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema31.properties.trainings.items.properties.days_before,data:data40};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
}
if(data37.for !== undefined){
let data41 = data37.for;
if(typeof data41 === "string"){
if(func3(data41) > 300){
const err114 = {instancePath:instancePath+"/trainings/" + i7+"/for",schemaPath:"#/$defs/sentence/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters",schema:300,parentSchema:schema34,data:data41};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
if(func3(data41) < 3){
const err115 = {instancePath:instancePath+"/trainings/" + i7+"/for",schemaPath:"#/$defs/sentence/minLength",keyword:"minLength",params:{limit: 3},message:"must NOT have fewer than 3 characters",schema:3,parentSchema:schema34,data:data41};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(!pattern9.test(data41)){
const err116 = {instancePath:instancePath+"/trainings/" + i7+"/for",schemaPath:"#/$defs/sentence/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f]+$"+"\"",schema:"^[^\\u0000-\\u001f\\u007f-\\u009f]+$",parentSchema:schema34,data:data41};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
else {
const err117 = {instancePath:instancePath+"/trainings/" + i7+"/for",schemaPath:"#/$defs/sentence/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data41};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
if(data37.at !== undefined){
let data42 = data37.at;
if(typeof data42 === "string"){
if(!pattern29.test(data42)){
const err118 = {instancePath:instancePath+"/trainings/" + i7+"/at",schemaPath:"#/$defs/clock/pattern",keyword:"pattern",params:{pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$"},message:"must match pattern \""+"^([01][0-9]|2[0-3]):[0-5][0-9]$"+"\"",schema:"^([01][0-9]|2[0-3]):[0-5][0-9]$",parentSchema:schema73,data:data42};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
else {
const err119 = {instancePath:instancePath+"/trainings/" + i7+"/at",schemaPath:"#/$defs/clock/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema73.type,parentSchema:schema73,data:data42};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data37.minutes !== undefined){
let data43 = data37.minutes;
if(!(((typeof data43 == "number") && (!(data43 % 1) && !isNaN(data43))) && (isFinite(data43)))){
const err120 = {instancePath:instancePath+"/trainings/" + i7+"/minutes",schemaPath:"#/properties/trainings/items/properties/minutes/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema31.properties.trainings.items.properties.minutes.type,parentSchema:schema31.properties.trainings.items.properties.minutes,data:data43};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
if((typeof data43 == "number") && (isFinite(data43))){
if(data43 > 480 || isNaN(data43)){
const err121 = {instancePath:instancePath+"/trainings/" + i7+"/minutes",schemaPath:"#/properties/trainings/items/properties/minutes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 480},message:"must be <= 480",schema:480,parentSchema:schema31.properties.trainings.items.properties.minutes,data:data43};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
if(data43 < 15 || isNaN(data43)){
const err122 = {instancePath:instancePath+"/trainings/" + i7+"/minutes",schemaPath:"#/properties/trainings/items/properties/minutes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 15},message:"must be >= 15",schema:15,parentSchema:schema31.properties.trainings.items.properties.minutes,data:data43};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
}
}
else {
const err123 = {instancePath:instancePath+"/trainings/" + i7,schemaPath:"#/properties/trainings/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.trainings.items.type,parentSchema:schema31.properties.trainings.items,data:data37};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
}
else {
const err124 = {instancePath:instancePath+"/trainings",schemaPath:"#/properties/trainings/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.trainings.type,parentSchema:schema31.properties.trainings,data:data36};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
if(data.stations !== undefined){
let data44 = data.stations;
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
for(const key11 in data44){
if(!(((key11 === "inventory") || (key11 === "pinned")) || (key11 === "kept_out"))){
const err125 = {instancePath:instancePath+"/stations",schemaPath:"#/properties/stations/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.stations,data:data44};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
if(data44.inventory !== undefined){
let data45 = data44.inventory;
if(typeof data45 === "string"){
if(!pattern30.test(data45)){
const err126 = {instancePath:instancePath+"/stations/inventory",schemaPath:"#/properties/stations/properties/inventory/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][-A-Za-z0-9_./]*\\.csv$"},message:"must match pattern \""+"^[A-Za-z0-9][-A-Za-z0-9_./]*\\.csv$"+"\"",schema:"^[A-Za-z0-9][-A-Za-z0-9_./]*\\.csv$",parentSchema:schema31.properties.stations.properties.inventory,data:data45};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
else {
const err127 = {instancePath:instancePath+"/stations/inventory",schemaPath:"#/properties/stations/properties/inventory/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.stations.properties.inventory.type,parentSchema:schema31.properties.stations.properties.inventory,data:data45};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
if(data44.pinned !== undefined){
let data46 = data44.pinned;
if(Array.isArray(data46)){
if(data46.length > 200){
const err128 = {instancePath:instancePath+"/stations/pinned",schemaPath:"#/$defs/selectors/maxItems",keyword:"maxItems",params:{limit: 200},message:"must NOT have more than 200 items",schema:200,parentSchema:schema74,data:data46};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
if(data46.length < 1){
const err129 = {instancePath:instancePath+"/stations/pinned",schemaPath:"#/$defs/selectors/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema74,data:data46};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
const len6 = data46.length;
for(let i8=0; i8<len6; i8++){
let data47 = data46[i8];
const _errs118 = errors;
let valid40 = false;
let passing0 = null;
const _errs119 = errors;
if(data47 && typeof data47 == "object" && !Array.isArray(data47)){
if(data47.id === undefined){
const err130 = {instancePath:instancePath+"/stations/pinned/" + i8,schemaPath:"#/$defs/selectors/items/oneOf/0/required",keyword:"required",params:{missingProperty: "id"},message:"must have required property '"+"id"+"'",schema:schema74.items.oneOf[0].required,parentSchema:schema74.items.oneOf[0],data:data47};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
var _valid0 = _errs119 === errors;
if(_valid0){
valid40 = true;
passing0 = 0;
}
const _errs120 = errors;
if(data47 && typeof data47 == "object" && !Array.isArray(data47)){
if(data47.region === undefined){
const err131 = {instancePath:instancePath+"/stations/pinned/" + i8,schemaPath:"#/$defs/selectors/items/oneOf/1/required",keyword:"required",params:{missingProperty: "region"},message:"must have required property '"+"region"+"'",schema:schema74.items.oneOf[1].required,parentSchema:schema74.items.oneOf[1],data:data47};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
var _valid0 = _errs120 === errors;
if(_valid0 && valid40){
valid40 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid40 = true;
passing0 = 1;
}
const _errs121 = errors;
if(data47 && typeof data47 == "object" && !Array.isArray(data47)){
if(data47.criticality === undefined){
const err132 = {instancePath:instancePath+"/stations/pinned/" + i8,schemaPath:"#/$defs/selectors/items/oneOf/2/required",keyword:"required",params:{missingProperty: "criticality"},message:"must have required property '"+"criticality"+"'",schema:schema74.items.oneOf[2].required,parentSchema:schema74.items.oneOf[2],data:data47};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
var _valid0 = _errs121 === errors;
if(_valid0 && valid40){
valid40 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid40 = true;
passing0 = 2;
}
}
}
if(!valid40){
const err133 = {instancePath:instancePath+"/stations/pinned/" + i8,schemaPath:"#/$defs/selectors/items/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema74.items.oneOf,parentSchema:schema74.items,data:data47};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
else {
errors = _errs118;
if(vErrors !== null){
if(_errs118){
vErrors.length = _errs118;
}
else {
vErrors = null;
}
}
}
if(data47 && typeof data47 == "object" && !Array.isArray(data47)){
for(const key12 in data47){
if(!(((key12 === "id") || (key12 === "region")) || (key12 === "criticality"))){
const err134 = {instancePath:instancePath+"/stations/pinned/" + i8,schemaPath:"#/$defs/selectors/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties",schema:false,parentSchema:schema74.items,data:data47};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
if(data47.id !== undefined){
let data48 = data47.id;
if(typeof data48 === "string"){
if(func3(data48) > 200){
const err135 = {instancePath:instancePath+"/stations/pinned/" + i8+"/id",schemaPath:"#/$defs/selectors/items/properties/id/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema74.items.properties.id,data:data48};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
if(func3(data48) < 1){
const err136 = {instancePath:instancePath+"/stations/pinned/" + i8+"/id",schemaPath:"#/$defs/selectors/items/properties/id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema74.items.properties.id,data:data48};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
else {
const err137 = {instancePath:instancePath+"/stations/pinned/" + i8+"/id",schemaPath:"#/$defs/selectors/items/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema74.items.properties.id.type,parentSchema:schema74.items.properties.id,data:data48};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data47.region !== undefined){
let data49 = data47.region;
if(typeof data49 === "string"){
if(func3(data49) > 100){
const err138 = {instancePath:instancePath+"/stations/pinned/" + i8+"/region",schemaPath:"#/$defs/selectors/items/properties/region/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters",schema:100,parentSchema:schema74.items.properties.region,data:data49};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
if(func3(data49) < 1){
const err139 = {instancePath:instancePath+"/stations/pinned/" + i8+"/region",schemaPath:"#/$defs/selectors/items/properties/region/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema74.items.properties.region,data:data49};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
else {
const err140 = {instancePath:instancePath+"/stations/pinned/" + i8+"/region",schemaPath:"#/$defs/selectors/items/properties/region/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema74.items.properties.region.type,parentSchema:schema74.items.properties.region,data:data49};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
if(data47.criticality !== undefined){
let data50 = data47.criticality;
if(typeof data50 === "string"){
if(func3(data50) > 100){
const err141 = {instancePath:instancePath+"/stations/pinned/" + i8+"/criticality",schemaPath:"#/$defs/selectors/items/properties/criticality/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters",schema:100,parentSchema:schema74.items.properties.criticality,data:data50};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if(func3(data50) < 1){
const err142 = {instancePath:instancePath+"/stations/pinned/" + i8+"/criticality",schemaPath:"#/$defs/selectors/items/properties/criticality/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema74.items.properties.criticality,data:data50};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
else {
const err143 = {instancePath:instancePath+"/stations/pinned/" + i8+"/criticality",schemaPath:"#/$defs/selectors/items/properties/criticality/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema74.items.properties.criticality.type,parentSchema:schema74.items.properties.criticality,data:data50};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
}
else {
const err144 = {instancePath:instancePath+"/stations/pinned/" + i8,schemaPath:"#/$defs/selectors/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema74.items.type,parentSchema:schema74.items,data:data47};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
}
else {
const err145 = {instancePath:instancePath+"/stations/pinned",schemaPath:"#/$defs/selectors/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema74.type,parentSchema:schema74,data:data46};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
if(data44.kept_out !== undefined){
let data51 = data44.kept_out;
if(Array.isArray(data51)){
if(data51.length > 200){
const err146 = {instancePath:instancePath+"/stations/kept_out",schemaPath:"#/$defs/selectors/maxItems",keyword:"maxItems",params:{limit: 200},message:"must NOT have more than 200 items",schema:200,parentSchema:schema74,data:data51};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if(data51.length < 1){
const err147 = {instancePath:instancePath+"/stations/kept_out",schemaPath:"#/$defs/selectors/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema74,data:data51};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
const len7 = data51.length;
for(let i9=0; i9<len7; i9++){
let data52 = data51[i9];
const _errs134 = errors;
let valid45 = false;
let passing1 = null;
const _errs135 = errors;
if(data52 && typeof data52 == "object" && !Array.isArray(data52)){
if(data52.id === undefined){
const err148 = {instancePath:instancePath+"/stations/kept_out/" + i9,schemaPath:"#/$defs/selectors/items/oneOf/0/required",keyword:"required",params:{missingProperty: "id"},message:"must have required property '"+"id"+"'",schema:schema74.items.oneOf[0].required,parentSchema:schema74.items.oneOf[0],data:data52};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
var _valid1 = _errs135 === errors;
if(_valid1){
valid45 = true;
passing1 = 0;
}
const _errs136 = errors;
if(data52 && typeof data52 == "object" && !Array.isArray(data52)){
if(data52.region === undefined){
const err149 = {instancePath:instancePath+"/stations/kept_out/" + i9,schemaPath:"#/$defs/selectors/items/oneOf/1/required",keyword:"required",params:{missingProperty: "region"},message:"must have required property '"+"region"+"'",schema:schema74.items.oneOf[1].required,parentSchema:schema74.items.oneOf[1],data:data52};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
var _valid1 = _errs136 === errors;
if(_valid1 && valid45){
valid45 = false;
passing1 = [passing1, 1];
}
else {
if(_valid1){
valid45 = true;
passing1 = 1;
}
const _errs137 = errors;
if(data52 && typeof data52 == "object" && !Array.isArray(data52)){
if(data52.criticality === undefined){
const err150 = {instancePath:instancePath+"/stations/kept_out/" + i9,schemaPath:"#/$defs/selectors/items/oneOf/2/required",keyword:"required",params:{missingProperty: "criticality"},message:"must have required property '"+"criticality"+"'",schema:schema74.items.oneOf[2].required,parentSchema:schema74.items.oneOf[2],data:data52};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
var _valid1 = _errs137 === errors;
if(_valid1 && valid45){
valid45 = false;
passing1 = [passing1, 2];
}
else {
if(_valid1){
valid45 = true;
passing1 = 2;
}
}
}
if(!valid45){
const err151 = {instancePath:instancePath+"/stations/kept_out/" + i9,schemaPath:"#/$defs/selectors/items/oneOf",keyword:"oneOf",params:{passingSchemas: passing1},message:"must match exactly one schema in oneOf",schema:schema74.items.oneOf,parentSchema:schema74.items,data:data52};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
else {
errors = _errs134;
if(vErrors !== null){
if(_errs134){
vErrors.length = _errs134;
}
else {
vErrors = null;
}
}
}
if(data52 && typeof data52 == "object" && !Array.isArray(data52)){
for(const key13 in data52){
if(!(((key13 === "id") || (key13 === "region")) || (key13 === "criticality"))){
const err152 = {instancePath:instancePath+"/stations/kept_out/" + i9,schemaPath:"#/$defs/selectors/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},message:"must NOT have additional properties",schema:false,parentSchema:schema74.items,data:data52};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
}
if(data52.id !== undefined){
let data53 = data52.id;
if(typeof data53 === "string"){
if(func3(data53) > 200){
const err153 = {instancePath:instancePath+"/stations/kept_out/" + i9+"/id",schemaPath:"#/$defs/selectors/items/properties/id/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema74.items.properties.id,data:data53};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(func3(data53) < 1){
const err154 = {instancePath:instancePath+"/stations/kept_out/" + i9+"/id",schemaPath:"#/$defs/selectors/items/properties/id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema74.items.properties.id,data:data53};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
else {
const err155 = {instancePath:instancePath+"/stations/kept_out/" + i9+"/id",schemaPath:"#/$defs/selectors/items/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema74.items.properties.id.type,parentSchema:schema74.items.properties.id,data:data53};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
if(data52.region !== undefined){
let data54 = data52.region;
if(typeof data54 === "string"){
if(func3(data54) > 100){
const err156 = {instancePath:instancePath+"/stations/kept_out/" + i9+"/region",schemaPath:"#/$defs/selectors/items/properties/region/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters",schema:100,parentSchema:schema74.items.properties.region,data:data54};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
if(func3(data54) < 1){
const err157 = {instancePath:instancePath+"/stations/kept_out/" + i9+"/region",schemaPath:"#/$defs/selectors/items/properties/region/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema74.items.properties.region,data:data54};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
else {
const err158 = {instancePath:instancePath+"/stations/kept_out/" + i9+"/region",schemaPath:"#/$defs/selectors/items/properties/region/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema74.items.properties.region.type,parentSchema:schema74.items.properties.region,data:data54};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
if(data52.criticality !== undefined){
let data55 = data52.criticality;
if(typeof data55 === "string"){
if(func3(data55) > 100){
const err159 = {instancePath:instancePath+"/stations/kept_out/" + i9+"/criticality",schemaPath:"#/$defs/selectors/items/properties/criticality/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters",schema:100,parentSchema:schema74.items.properties.criticality,data:data55};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if(func3(data55) < 1){
const err160 = {instancePath:instancePath+"/stations/kept_out/" + i9+"/criticality",schemaPath:"#/$defs/selectors/items/properties/criticality/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema74.items.properties.criticality,data:data55};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
}
else {
const err161 = {instancePath:instancePath+"/stations/kept_out/" + i9+"/criticality",schemaPath:"#/$defs/selectors/items/properties/criticality/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema74.items.properties.criticality.type,parentSchema:schema74.items.properties.criticality,data:data55};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
}
else {
const err162 = {instancePath:instancePath+"/stations/kept_out/" + i9,schemaPath:"#/$defs/selectors/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema74.items.type,parentSchema:schema74.items,data:data52};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
}
else {
const err163 = {instancePath:instancePath+"/stations/kept_out",schemaPath:"#/$defs/selectors/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema74.type,parentSchema:schema74,data:data51};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
}
else {
const err164 = {instancePath:instancePath+"/stations",schemaPath:"#/properties/stations/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.stations.type,parentSchema:schema31.properties.stations,data:data44};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
if(data.success !== undefined){
let data56 = data.success;
if(data56 && typeof data56 == "object" && !Array.isArray(data56)){
for(const key14 in data56){
if(!((((key14 === "accuracy") || (key14 === "outcome")) || (key14 === "latency")) || (key14 === "feedback"))){
const err165 = {instancePath:instancePath+"/success",schemaPath:"#/properties/success/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.success,data:data56};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
if(data56.accuracy !== undefined){
let data57 = data56.accuracy;
if(typeof data57 === "string"){
if(!pattern10.test(data57)){
const err166 = {instancePath:instancePath+"/success/accuracy",schemaPath:"#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^(100|[1-9][0-9]?)%$"},message:"must match pattern \""+"^(100|[1-9][0-9]?)%$"+"\"",schema:"^(100|[1-9][0-9]?)%$",parentSchema:schema35,data:data57};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
else {
const err167 = {instancePath:instancePath+"/success/accuracy",schemaPath:"#/$defs/percent/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.type,parentSchema:schema35,data:data57};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
}
if(data56.outcome !== undefined){
let data58 = data56.outcome;
if(typeof data58 === "string"){
if(!pattern10.test(data58)){
const err168 = {instancePath:instancePath+"/success/outcome",schemaPath:"#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^(100|[1-9][0-9]?)%$"},message:"must match pattern \""+"^(100|[1-9][0-9]?)%$"+"\"",schema:"^(100|[1-9][0-9]?)%$",parentSchema:schema35,data:data58};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
}
else {
const err169 = {instancePath:instancePath+"/success/outcome",schemaPath:"#/$defs/percent/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.type,parentSchema:schema35,data:data58};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
if(data56.latency !== undefined){
let data59 = data56.latency;
if((typeof data59 == "number") && (isFinite(data59))){
if(data59 < 0 || isNaN(data59)){
const err170 = {instancePath:instancePath+"/success/latency",schemaPath:"#/properties/success/properties/latency/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema31.properties.success.properties.latency,data:data59};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
else {
const err171 = {instancePath:instancePath+"/success/latency",schemaPath:"#/properties/success/properties/latency/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema31.properties.success.properties.latency.type,parentSchema:schema31.properties.success.properties.latency,data:data59};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
if(data56.feedback !== undefined){
let data60 = data56.feedback;
if(data60 && typeof data60 == "object" && !Array.isArray(data60)){
if(data60.score === undefined){
const err172 = {instancePath:instancePath+"/success/feedback",schemaPath:"#/properties/success/properties/feedback/required",keyword:"required",params:{missingProperty: "score"},message:"must have required property '"+"score"+"'",schema:schema31.properties.success.properties.feedback.required,parentSchema:schema31.properties.success.properties.feedback,data:data60};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
if(data60.answers === undefined){
const err173 = {instancePath:instancePath+"/success/feedback",schemaPath:"#/properties/success/properties/feedback/required",keyword:"required",params:{missingProperty: "answers"},message:"must have required property '"+"answers"+"'",schema:schema31.properties.success.properties.feedback.required,parentSchema:schema31.properties.success.properties.feedback,data:data60};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
for(const key15 in data60){
if(!((key15 === "score") || (key15 === "answers"))){
const err174 = {instancePath:instancePath+"/success/feedback",schemaPath:"#/properties/success/properties/feedback/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key15},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.success.properties.feedback,data:data60};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
}
if(data60.score !== undefined){
let data61 = data60.score;
if((typeof data61 == "number") && (isFinite(data61))){
if(data61 > 5 || isNaN(data61)){
const err175 = {instancePath:instancePath+"/success/feedback/score",schemaPath:"#/properties/success/properties/feedback/properties/score/maximum",keyword:"maximum",params:{comparison: "<=", limit: 5},message:"must be <= 5",schema:5,parentSchema:schema31.properties.success.properties.feedback.properties.score,data:data61};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
if(data61 < 1 || isNaN(data61)){
const err176 = {instancePath:instancePath+"/success/feedback/score",schemaPath:"#/properties/success/properties/feedback/properties/score/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema31.properties.success.properties.feedback.properties.score,data:data61};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
}
else {
const err177 = {instancePath:instancePath+"/success/feedback/score",schemaPath:"#/properties/success/properties/feedback/properties/score/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema31.properties.success.properties.feedback.properties.score.type,parentSchema:schema31.properties.success.properties.feedback.properties.score,data:data61};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
if(data60.answers !== undefined){
let data62 = data60.answers;
if(!(((typeof data62 == "number") && (!(data62 % 1) && !isNaN(data62))) && (isFinite(data62)))){
const err178 = {instancePath:instancePath+"/success/feedback/answers",schemaPath:"#/properties/success/properties/feedback/properties/answers/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema31.properties.success.properties.feedback.properties.answers.type,parentSchema:schema31.properties.success.properties.feedback.properties.answers,data:data62};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
if((typeof data62 == "number") && (isFinite(data62))){
if(data62 > 1000000 || isNaN(data62)){
const err179 = {instancePath:instancePath+"/success/feedback/answers",schemaPath:"#/properties/success/properties/feedback/properties/answers/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema31.properties.success.properties.feedback.properties.answers,data:data62};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
if(data62 < 1 || isNaN(data62)){
const err180 = {instancePath:instancePath+"/success/feedback/answers",schemaPath:"#/properties/success/properties/feedback/properties/answers/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema31.properties.success.properties.feedback.properties.answers,data:data62};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
}
}
else {
const err181 = {instancePath:instancePath+"/success/feedback",schemaPath:"#/properties/success/properties/feedback/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.success.properties.feedback.type,parentSchema:schema31.properties.success.properties.feedback,data:data60};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
}
else {
const err182 = {instancePath:instancePath+"/success",schemaPath:"#/properties/success/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.success.type,parentSchema:schema31.properties.success,data:data56};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
if(data.rollback !== undefined){
let data63 = data.rollback;
if(data63 && typeof data63 == "object" && !Array.isArray(data63)){
for(const key16 in data63){
if(!((key16 === "accuracy") || (key16 === "latency"))){
const err183 = {instancePath:instancePath+"/rollback",schemaPath:"#/properties/rollback/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.rollback,data:data63};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
if(data63.accuracy !== undefined){
let data64 = data63.accuracy;
if(typeof data64 === "string"){
if(!pattern10.test(data64)){
const err184 = {instancePath:instancePath+"/rollback/accuracy",schemaPath:"#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^(100|[1-9][0-9]?)%$"},message:"must match pattern \""+"^(100|[1-9][0-9]?)%$"+"\"",schema:"^(100|[1-9][0-9]?)%$",parentSchema:schema35,data:data64};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
else {
const err185 = {instancePath:instancePath+"/rollback/accuracy",schemaPath:"#/$defs/percent/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.type,parentSchema:schema35,data:data64};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
}
if(data63.latency !== undefined){
let data65 = data63.latency;
if((typeof data65 == "number") && (isFinite(data65))){
if(data65 > 60000 || isNaN(data65)){
const err186 = {instancePath:instancePath+"/rollback/latency",schemaPath:"#/properties/rollback/properties/latency/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000},message:"must be <= 60000",schema:60000,parentSchema:schema31.properties.rollback.properties.latency,data:data65};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
if(data65 <= 0 || isNaN(data65)){
const err187 = {instancePath:instancePath+"/rollback/latency",schemaPath:"#/properties/rollback/properties/latency/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema31.properties.rollback.properties.latency,data:data65};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
else {
const err188 = {instancePath:instancePath+"/rollback/latency",schemaPath:"#/properties/rollback/properties/latency/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema31.properties.rollback.properties.latency.type,parentSchema:schema31.properties.rollback.properties.latency,data:data65};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
}
}
else {
const err189 = {instancePath:instancePath+"/rollback",schemaPath:"#/properties/rollback/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.rollback.type,parentSchema:schema31.properties.rollback,data:data63};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
}
if(data.arms !== undefined){
let data66 = data.arms;
if(data66 && typeof data66 == "object" && !Array.isArray(data66)){
if(data66.default === undefined){
const err190 = {instancePath:instancePath+"/arms",schemaPath:"#/properties/arms/required",keyword:"required",params:{missingProperty: "default"},message:"must have required property '"+"default"+"'",schema:schema31.properties.arms.required,parentSchema:schema31.properties.arms,data:data66};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
if(data66.expected === undefined){
const err191 = {instancePath:instancePath+"/arms",schemaPath:"#/properties/arms/required",keyword:"required",params:{missingProperty: "expected"},message:"must have required property '"+"expected"+"'",schema:schema31.properties.arms.required,parentSchema:schema31.properties.arms,data:data66};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
if(data66.shares === undefined){
const err192 = {instancePath:instancePath+"/arms",schemaPath:"#/properties/arms/required",keyword:"required",params:{missingProperty: "shares"},message:"must have required property '"+"shares"+"'",schema:schema31.properties.arms.required,parentSchema:schema31.properties.arms,data:data66};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
for(const key17 in data66){
if(!(((key17 === "default") || (key17 === "expected")) || (key17 === "shares"))){
const err193 = {instancePath:instancePath+"/arms",schemaPath:"#/properties/arms/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.arms,data:data66};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
}
if(data66.default !== undefined){
let data67 = data66.default;
if(typeof data67 === "string"){
if(!pattern34.test(data67)){
const err194 = {instancePath:instancePath+"/arms/default",schemaPath:"#/$defs/arm/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9-]{0,62}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9-]{0,62}$"+"\"",schema:"^[a-z0-9][a-z0-9-]{0,62}$",parentSchema:schema79,data:data67};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
}
else {
const err195 = {instancePath:instancePath+"/arms/default",schemaPath:"#/$defs/arm/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema79.type,parentSchema:schema79,data:data67};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
}
if(data66.expected !== undefined){
let data68 = data66.expected;
if(typeof data68 === "string"){
if(!pattern34.test(data68)){
const err196 = {instancePath:instancePath+"/arms/expected",schemaPath:"#/$defs/arm/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9-]{0,62}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9-]{0,62}$"+"\"",schema:"^[a-z0-9][a-z0-9-]{0,62}$",parentSchema:schema79,data:data68};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
else {
const err197 = {instancePath:instancePath+"/arms/expected",schemaPath:"#/$defs/arm/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema79.type,parentSchema:schema79,data:data68};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
}
if(data66.shares !== undefined){
let data69 = data66.shares;
if(data69 && typeof data69 == "object" && !Array.isArray(data69)){
if(Object.keys(data69).length > 8){
const err198 = {instancePath:instancePath+"/arms/shares",schemaPath:"#/properties/arms/properties/shares/maxProperties",keyword:"maxProperties",params:{limit: 8},message:"must NOT have more than 8 properties",schema:8,parentSchema:schema31.properties.arms.properties.shares,data:data69};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
if(Object.keys(data69).length < 2){
const err199 = {instancePath:instancePath+"/arms/shares",schemaPath:"#/properties/arms/properties/shares/minProperties",keyword:"minProperties",params:{limit: 2},message:"must NOT have fewer than 2 properties",schema:2,parentSchema:schema31.properties.arms.properties.shares,data:data69};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
for(const key18 in data69){
const _errs182 = errors;
if(typeof key18 === "string"){
if(!pattern34.test(key18)){
const err200 = {instancePath:instancePath+"/arms/shares",schemaPath:"#/$defs/arm/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9-]{0,62}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9-]{0,62}$"+"\"",schema:"^[a-z0-9][a-z0-9-]{0,62}$",parentSchema:schema79,data:key18,propertyName:key18};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
}
else {
const err201 = {instancePath:instancePath+"/arms/shares",schemaPath:"#/$defs/arm/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema79.type,parentSchema:schema79,data:key18,propertyName:key18};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
var valid56 = _errs182 === errors;
if(!valid56){
const err202 = {instancePath:instancePath+"/arms/shares",schemaPath:"#/properties/arms/properties/shares/propertyNames",keyword:"propertyNames",params:{propertyName: key18},message:"property name must be valid",schema:schema31.properties.arms.properties.shares.propertyNames,parentSchema:schema31.properties.arms.properties.shares,data:data69};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
}
for(const key19 in data69){
let data70 = data69[key19];
if(typeof data70 === "string"){
if(!pattern10.test(data70)){
const err203 = {instancePath:instancePath+"/arms/shares/" + key19.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^(100|[1-9][0-9]?)%$"},message:"must match pattern \""+"^(100|[1-9][0-9]?)%$"+"\"",schema:"^(100|[1-9][0-9]?)%$",parentSchema:schema35,data:data70};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
else {
const err204 = {instancePath:instancePath+"/arms/shares/" + key19.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/percent/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.type,parentSchema:schema35,data:data70};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
}
}
else {
const err205 = {instancePath:instancePath+"/arms/shares",schemaPath:"#/properties/arms/properties/shares/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.arms.properties.shares.type,parentSchema:schema31.properties.arms.properties.shares,data:data69};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
}
}
else {
const err206 = {instancePath:instancePath+"/arms",schemaPath:"#/properties/arms/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.arms.type,parentSchema:schema31.properties.arms,data:data66};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
}
if(data.gates !== undefined){
if(!(validate24(data.gates, {instancePath:instancePath+"/gates",parentData:data,parentDataProperty:"gates",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
errors = vErrors.length;
}
}
if(data.judge !== undefined){
let data72 = data.judge;
if(data72 && typeof data72 == "object" && !Array.isArray(data72)){
for(const key20 in data72){
if(!(((((key20 === "truth_delay") || (key20 === "accepted_loss")) || (key20 === "database")) || (key20 === "drift")) || (key20 === "tariff"))){
const err207 = {instancePath:instancePath+"/judge",schemaPath:"#/properties/judge/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key20},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.judge,data:data72};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
}
if(data72.truth_delay !== undefined){
let data73 = data72.truth_delay;
if(typeof data73 === "string"){
if(!pattern19.test(data73)){
const err208 = {instancePath:instancePath+"/judge/truth_delay",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}[dh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}[dh]$"+"\"",schema:"^[1-9][0-9]{0,4}[dh]$",parentSchema:schema45,data:data73};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
}
else {
const err209 = {instancePath:instancePath+"/judge/truth_delay",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema45.type,parentSchema:schema45,data:data73};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
}
if(data72.accepted_loss !== undefined){
let data74 = data72.accepted_loss;
if(typeof data74 === "string"){
if(func3(data74) > 300){
const err210 = {instancePath:instancePath+"/judge/accepted_loss",schemaPath:"#/properties/judge/properties/accepted_loss/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters",schema:300,parentSchema:schema31.properties.judge.properties.accepted_loss,data:data74};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
if(func3(data74) < 10){
const err211 = {instancePath:instancePath+"/judge/accepted_loss",schemaPath:"#/properties/judge/properties/accepted_loss/minLength",keyword:"minLength",params:{limit: 10},message:"must NOT have fewer than 10 characters",schema:10,parentSchema:schema31.properties.judge.properties.accepted_loss,data:data74};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
}
else {
const err212 = {instancePath:instancePath+"/judge/accepted_loss",schemaPath:"#/properties/judge/properties/accepted_loss/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.judge.properties.accepted_loss.type,parentSchema:schema31.properties.judge.properties.accepted_loss,data:data74};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
if(data72.database !== undefined){
let data75 = data72.database;
if(!((data75 === "sqlite") || (data75 === "postgresql"))){
const err213 = {instancePath:instancePath+"/judge/database",schemaPath:"#/properties/judge/properties/database/enum",keyword:"enum",params:{allowedValues: schema31.properties.judge.properties.database.enum},message:"must be equal to one of the allowed values",schema:schema31.properties.judge.properties.database.enum,parentSchema:schema31.properties.judge.properties.database,data:data75};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
}
if(data72.drift !== undefined){
let data76 = data72.drift;
if(data76 && typeof data76 == "object" && !Array.isArray(data76)){
for(const key21 in data76){
if(!((((((key21 === "page_hinkley") || (key21 === "adwin")) || (key21 === "cusum")) || (key21 === "psi")) || (key21 === "ks")) || (key21 === "inputs"))){
const err214 = {instancePath:instancePath+"/judge/drift",schemaPath:"#/$defs/drift/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key21},message:"must NOT have additional properties",schema:false,parentSchema:schema84,data:data76};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
}
if(data76.page_hinkley !== undefined){
let data77 = data76.page_hinkley;
if(data77 && typeof data77 == "object" && !Array.isArray(data77)){
for(const key22 in data77){
if(!((((key22 === "delta") || (key22 === "threshold")) || (key22 === "alpha")) || (key22 === "min_hours"))){
const err215 = {instancePath:instancePath+"/judge/drift/page_hinkley",schemaPath:"#/$defs/drift/properties/page_hinkley/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key22},message:"must NOT have additional properties",schema:false,parentSchema:schema84.properties.page_hinkley,data:data77};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
}
if(data77.delta !== undefined){
let data78 = data77.delta;
if((typeof data78 == "number") && (isFinite(data78))){
if(data78 < 0 || isNaN(data78)){
const err216 = {instancePath:instancePath+"/judge/drift/page_hinkley/delta",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/delta/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema84.properties.page_hinkley.properties.delta,data:data78};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
}
else {
const err217 = {instancePath:instancePath+"/judge/drift/page_hinkley/delta",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/delta/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema84.properties.page_hinkley.properties.delta.type,parentSchema:schema84.properties.page_hinkley.properties.delta,data:data78};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
}
if(data77.threshold !== undefined){
let data79 = data77.threshold;
if((typeof data79 == "number") && (isFinite(data79))){
if(data79 <= 0 || isNaN(data79)){
const err218 = {instancePath:instancePath+"/judge/drift/page_hinkley/threshold",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/threshold/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema84.properties.page_hinkley.properties.threshold,data:data79};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
}
else {
const err219 = {instancePath:instancePath+"/judge/drift/page_hinkley/threshold",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema84.properties.page_hinkley.properties.threshold.type,parentSchema:schema84.properties.page_hinkley.properties.threshold,data:data79};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
}
if(data77.alpha !== undefined){
let data80 = data77.alpha;
if((typeof data80 == "number") && (isFinite(data80))){
if(data80 > 1 || isNaN(data80)){
const err220 = {instancePath:instancePath+"/judge/drift/page_hinkley/alpha",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/alpha/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1",schema:1,parentSchema:schema84.properties.page_hinkley.properties.alpha,data:data80};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
if(data80 <= 0 || isNaN(data80)){
const err221 = {instancePath:instancePath+"/judge/drift/page_hinkley/alpha",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/alpha/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema84.properties.page_hinkley.properties.alpha,data:data80};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
}
else {
const err222 = {instancePath:instancePath+"/judge/drift/page_hinkley/alpha",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/alpha/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema84.properties.page_hinkley.properties.alpha.type,parentSchema:schema84.properties.page_hinkley.properties.alpha,data:data80};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
}
if(data77.min_hours !== undefined){
let data81 = data77.min_hours;
if(!(((typeof data81 == "number") && (!(data81 % 1) && !isNaN(data81))) && (isFinite(data81)))){
const err223 = {instancePath:instancePath+"/judge/drift/page_hinkley/min_hours",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/min_hours/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema84.properties.page_hinkley.properties.min_hours.type,parentSchema:schema84.properties.page_hinkley.properties.min_hours,data:data81};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
if((typeof data81 == "number") && (isFinite(data81))){
if(data81 > 10000 || isNaN(data81)){
const err224 = {instancePath:instancePath+"/judge/drift/page_hinkley/min_hours",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/min_hours/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000},message:"must be <= 10000",schema:10000,parentSchema:schema84.properties.page_hinkley.properties.min_hours,data:data81};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
if(data81 < 1 || isNaN(data81)){
const err225 = {instancePath:instancePath+"/judge/drift/page_hinkley/min_hours",schemaPath:"#/$defs/drift/properties/page_hinkley/properties/min_hours/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema84.properties.page_hinkley.properties.min_hours,data:data81};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
}
}
}
else {
const err226 = {instancePath:instancePath+"/judge/drift/page_hinkley",schemaPath:"#/$defs/drift/properties/page_hinkley/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema84.properties.page_hinkley.type,parentSchema:schema84.properties.page_hinkley,data:data77};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
}
if(data76.adwin !== undefined){
let data82 = data76.adwin;
if(data82 && typeof data82 == "object" && !Array.isArray(data82)){
for(const key23 in data82){
if(!(key23 === "delta")){
const err227 = {instancePath:instancePath+"/judge/drift/adwin",schemaPath:"#/$defs/drift/properties/adwin/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key23},message:"must NOT have additional properties",schema:false,parentSchema:schema84.properties.adwin,data:data82};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
}
if(data82.delta !== undefined){
let data83 = data82.delta;
if((typeof data83 == "number") && (isFinite(data83))){
if(data83 >= 1 || isNaN(data83)){
const err228 = {instancePath:instancePath+"/judge/drift/adwin/delta",schemaPath:"#/$defs/drift/properties/adwin/properties/delta/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1},message:"must be < 1",schema:1,parentSchema:schema84.properties.adwin.properties.delta,data:data83};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
if(data83 <= 0 || isNaN(data83)){
const err229 = {instancePath:instancePath+"/judge/drift/adwin/delta",schemaPath:"#/$defs/drift/properties/adwin/properties/delta/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema84.properties.adwin.properties.delta,data:data83};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
}
else {
const err230 = {instancePath:instancePath+"/judge/drift/adwin/delta",schemaPath:"#/$defs/drift/properties/adwin/properties/delta/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema84.properties.adwin.properties.delta.type,parentSchema:schema84.properties.adwin.properties.delta,data:data83};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
}
}
else {
const err231 = {instancePath:instancePath+"/judge/drift/adwin",schemaPath:"#/$defs/drift/properties/adwin/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema84.properties.adwin.type,parentSchema:schema84.properties.adwin,data:data82};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
}
if(data76.cusum !== undefined){
let data84 = data76.cusum;
if(data84 && typeof data84 == "object" && !Array.isArray(data84)){
for(const key24 in data84){
if(!((key24 === "slack") || (key24 === "limit"))){
const err232 = {instancePath:instancePath+"/judge/drift/cusum",schemaPath:"#/$defs/drift/properties/cusum/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key24},message:"must NOT have additional properties",schema:false,parentSchema:schema84.properties.cusum,data:data84};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
}
if(data84.slack !== undefined){
let data85 = data84.slack;
if((typeof data85 == "number") && (isFinite(data85))){
if(data85 < 0 || isNaN(data85)){
const err233 = {instancePath:instancePath+"/judge/drift/cusum/slack",schemaPath:"#/$defs/drift/properties/cusum/properties/slack/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema84.properties.cusum.properties.slack,data:data85};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
}
else {
const err234 = {instancePath:instancePath+"/judge/drift/cusum/slack",schemaPath:"#/$defs/drift/properties/cusum/properties/slack/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema84.properties.cusum.properties.slack.type,parentSchema:schema84.properties.cusum.properties.slack,data:data85};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
}
if(data84.limit !== undefined){
let data86 = data84.limit;
if((typeof data86 == "number") && (isFinite(data86))){
if(data86 <= 0 || isNaN(data86)){
const err235 = {instancePath:instancePath+"/judge/drift/cusum/limit",schemaPath:"#/$defs/drift/properties/cusum/properties/limit/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema84.properties.cusum.properties.limit,data:data86};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
}
else {
const err236 = {instancePath:instancePath+"/judge/drift/cusum/limit",schemaPath:"#/$defs/drift/properties/cusum/properties/limit/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema84.properties.cusum.properties.limit.type,parentSchema:schema84.properties.cusum.properties.limit,data:data86};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
}
}
else {
const err237 = {instancePath:instancePath+"/judge/drift/cusum",schemaPath:"#/$defs/drift/properties/cusum/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema84.properties.cusum.type,parentSchema:schema84.properties.cusum,data:data84};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
}
if(data76.psi !== undefined){
let data87 = data76.psi;
if(data87 && typeof data87 == "object" && !Array.isArray(data87)){
for(const key25 in data87){
if(!(key25 === "threshold")){
const err238 = {instancePath:instancePath+"/judge/drift/psi",schemaPath:"#/$defs/drift/properties/psi/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key25},message:"must NOT have additional properties",schema:false,parentSchema:schema84.properties.psi,data:data87};
if(vErrors === null){
vErrors = [err238];
}
else {
vErrors.push(err238);
}
errors++;
}
}
if(data87.threshold !== undefined){
let data88 = data87.threshold;
if((typeof data88 == "number") && (isFinite(data88))){
if(data88 <= 0 || isNaN(data88)){
const err239 = {instancePath:instancePath+"/judge/drift/psi/threshold",schemaPath:"#/$defs/drift/properties/psi/properties/threshold/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema84.properties.psi.properties.threshold,data:data88};
if(vErrors === null){
vErrors = [err239];
}
else {
vErrors.push(err239);
}
errors++;
}
}
else {
const err240 = {instancePath:instancePath+"/judge/drift/psi/threshold",schemaPath:"#/$defs/drift/properties/psi/properties/threshold/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema84.properties.psi.properties.threshold.type,parentSchema:schema84.properties.psi.properties.threshold,data:data88};
if(vErrors === null){
vErrors = [err240];
}
else {
vErrors.push(err240);
}
errors++;
}
}
}
else {
const err241 = {instancePath:instancePath+"/judge/drift/psi",schemaPath:"#/$defs/drift/properties/psi/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema84.properties.psi.type,parentSchema:schema84.properties.psi,data:data87};
if(vErrors === null){
vErrors = [err241];
}
else {
vErrors.push(err241);
}
errors++;
}
}
if(data76.ks !== undefined){
let data89 = data76.ks;
if(data89 && typeof data89 == "object" && !Array.isArray(data89)){
for(const key26 in data89){
if(!(key26 === "p_value")){
const err242 = {instancePath:instancePath+"/judge/drift/ks",schemaPath:"#/$defs/drift/properties/ks/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key26},message:"must NOT have additional properties",schema:false,parentSchema:schema84.properties.ks,data:data89};
if(vErrors === null){
vErrors = [err242];
}
else {
vErrors.push(err242);
}
errors++;
}
}
if(data89.p_value !== undefined){
let data90 = data89.p_value;
if((typeof data90 == "number") && (isFinite(data90))){
if(data90 >= 1 || isNaN(data90)){
const err243 = {instancePath:instancePath+"/judge/drift/ks/p_value",schemaPath:"#/$defs/drift/properties/ks/properties/p_value/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1},message:"must be < 1",schema:1,parentSchema:schema84.properties.ks.properties.p_value,data:data90};
if(vErrors === null){
vErrors = [err243];
}
else {
vErrors.push(err243);
}
errors++;
}
if(data90 <= 0 || isNaN(data90)){
const err244 = {instancePath:instancePath+"/judge/drift/ks/p_value",schemaPath:"#/$defs/drift/properties/ks/properties/p_value/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema84.properties.ks.properties.p_value,data:data90};
if(vErrors === null){
vErrors = [err244];
}
else {
vErrors.push(err244);
}
errors++;
}
}
else {
const err245 = {instancePath:instancePath+"/judge/drift/ks/p_value",schemaPath:"#/$defs/drift/properties/ks/properties/p_value/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema84.properties.ks.properties.p_value.type,parentSchema:schema84.properties.ks.properties.p_value,data:data90};
if(vErrors === null){
vErrors = [err245];
}
else {
vErrors.push(err245);
}
errors++;
}
}
}
else {
const err246 = {instancePath:instancePath+"/judge/drift/ks",schemaPath:"#/$defs/drift/properties/ks/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema84.properties.ks.type,parentSchema:schema84.properties.ks,data:data89};
if(vErrors === null){
vErrors = [err246];
}
else {
vErrors.push(err246);
}
errors++;
}
}
if(data76.inputs !== undefined){
let data91 = data76.inputs;
if(data91 && typeof data91 == "object" && !Array.isArray(data91)){
for(const key27 in data91){
if(!(key27 === "share")){
const err247 = {instancePath:instancePath+"/judge/drift/inputs",schemaPath:"#/$defs/drift/properties/inputs/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key27},message:"must NOT have additional properties",schema:false,parentSchema:schema84.properties.inputs,data:data91};
if(vErrors === null){
vErrors = [err247];
}
else {
vErrors.push(err247);
}
errors++;
}
}
if(data91.share !== undefined){
let data92 = data91.share;
if((typeof data92 == "number") && (isFinite(data92))){
if(data92 > 1 || isNaN(data92)){
const err248 = {instancePath:instancePath+"/judge/drift/inputs/share",schemaPath:"#/$defs/drift/properties/inputs/properties/share/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1",schema:1,parentSchema:schema84.properties.inputs.properties.share,data:data92};
if(vErrors === null){
vErrors = [err248];
}
else {
vErrors.push(err248);
}
errors++;
}
if(data92 <= 0 || isNaN(data92)){
const err249 = {instancePath:instancePath+"/judge/drift/inputs/share",schemaPath:"#/$defs/drift/properties/inputs/properties/share/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema84.properties.inputs.properties.share,data:data92};
if(vErrors === null){
vErrors = [err249];
}
else {
vErrors.push(err249);
}
errors++;
}
}
else {
const err250 = {instancePath:instancePath+"/judge/drift/inputs/share",schemaPath:"#/$defs/drift/properties/inputs/properties/share/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema84.properties.inputs.properties.share.type,parentSchema:schema84.properties.inputs.properties.share,data:data92};
if(vErrors === null){
vErrors = [err250];
}
else {
vErrors.push(err250);
}
errors++;
}
}
}
else {
const err251 = {instancePath:instancePath+"/judge/drift/inputs",schemaPath:"#/$defs/drift/properties/inputs/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema84.properties.inputs.type,parentSchema:schema84.properties.inputs,data:data91};
if(vErrors === null){
vErrors = [err251];
}
else {
vErrors.push(err251);
}
errors++;
}
}
}
else {
const err252 = {instancePath:instancePath+"/judge/drift",schemaPath:"#/$defs/drift/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema84.type,parentSchema:schema84,data:data76};
if(vErrors === null){
vErrors = [err252];
}
else {
vErrors.push(err252);
}
errors++;
}
}
if(data72.tariff !== undefined){
let data93 = data72.tariff;
if(data93 && typeof data93 == "object" && !Array.isArray(data93)){
for(const key28 in data93){
if(!(((key28 === "currency") || (key28 === "shortfall_per_mwh")) || (key28 === "surplus_per_mwh"))){
const err253 = {instancePath:instancePath+"/judge/tariff",schemaPath:"#/$defs/tariff/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key28},message:"must NOT have additional properties",schema:false,parentSchema:schema85,data:data93};
if(vErrors === null){
vErrors = [err253];
}
else {
vErrors.push(err253);
}
errors++;
}
}
if(data93.currency !== undefined){
let data94 = data93.currency;
if(typeof data94 === "string"){
if(!pattern39.test(data94)){
const err254 = {instancePath:instancePath+"/judge/tariff/currency",schemaPath:"#/$defs/tariff/properties/currency/pattern",keyword:"pattern",params:{pattern: "^[A-Z]{3}$"},message:"must match pattern \""+"^[A-Z]{3}$"+"\"",schema:"^[A-Z]{3}$",parentSchema:schema85.properties.currency,data:data94};
if(vErrors === null){
vErrors = [err254];
}
else {
vErrors.push(err254);
}
errors++;
}
}
else {
const err255 = {instancePath:instancePath+"/judge/tariff/currency",schemaPath:"#/$defs/tariff/properties/currency/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema85.properties.currency.type,parentSchema:schema85.properties.currency,data:data94};
if(vErrors === null){
vErrors = [err255];
}
else {
vErrors.push(err255);
}
errors++;
}
}
if(data93.shortfall_per_mwh !== undefined){
let data95 = data93.shortfall_per_mwh;
if((typeof data95 == "number") && (isFinite(data95))){
if(data95 < 0 || isNaN(data95)){
const err256 = {instancePath:instancePath+"/judge/tariff/shortfall_per_mwh",schemaPath:"#/$defs/tariff/properties/shortfall_per_mwh/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema85.properties.shortfall_per_mwh,data:data95};
if(vErrors === null){
vErrors = [err256];
}
else {
vErrors.push(err256);
}
errors++;
}
}
else {
const err257 = {instancePath:instancePath+"/judge/tariff/shortfall_per_mwh",schemaPath:"#/$defs/tariff/properties/shortfall_per_mwh/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema85.properties.shortfall_per_mwh.type,parentSchema:schema85.properties.shortfall_per_mwh,data:data95};
if(vErrors === null){
vErrors = [err257];
}
else {
vErrors.push(err257);
}
errors++;
}
}
if(data93.surplus_per_mwh !== undefined){
let data96 = data93.surplus_per_mwh;
if((typeof data96 == "number") && (isFinite(data96))){
if(data96 < 0 || isNaN(data96)){
const err258 = {instancePath:instancePath+"/judge/tariff/surplus_per_mwh",schemaPath:"#/$defs/tariff/properties/surplus_per_mwh/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema85.properties.surplus_per_mwh,data:data96};
if(vErrors === null){
vErrors = [err258];
}
else {
vErrors.push(err258);
}
errors++;
}
}
else {
const err259 = {instancePath:instancePath+"/judge/tariff/surplus_per_mwh",schemaPath:"#/$defs/tariff/properties/surplus_per_mwh/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema85.properties.surplus_per_mwh.type,parentSchema:schema85.properties.surplus_per_mwh,data:data96};
if(vErrors === null){
vErrors = [err259];
}
else {
vErrors.push(err259);
}
errors++;
}
}
}
else {
const err260 = {instancePath:instancePath+"/judge/tariff",schemaPath:"#/$defs/tariff/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema85.type,parentSchema:schema85,data:data93};
if(vErrors === null){
vErrors = [err260];
}
else {
vErrors.push(err260);
}
errors++;
}
}
}
else {
const err261 = {instancePath:instancePath+"/judge",schemaPath:"#/properties/judge/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.judge.type,parentSchema:schema31.properties.judge,data:data72};
if(vErrors === null){
vErrors = [err261];
}
else {
vErrors.push(err261);
}
errors++;
}
}
if(data.resources !== undefined){
let data97 = data.resources;
if(data97 && typeof data97 == "object" && !Array.isArray(data97)){
for(const key29 in data97){
if(!((key29 === "serving") || (key29 === "training"))){
const err262 = {instancePath:instancePath+"/resources",schemaPath:"#/properties/resources/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key29},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.resources,data:data97};
if(vErrors === null){
vErrors = [err262];
}
else {
vErrors.push(err262);
}
errors++;
}
}
if(data97.serving !== undefined){
if(!(validate30(data97.serving, {instancePath:instancePath+"/resources/serving",parentData:data97,parentDataProperty:"serving",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
}
if(data97.training !== undefined){
if(!(validate30(data97.training, {instancePath:instancePath+"/resources/training",parentData:data97,parentDataProperty:"training",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
}
}
else {
const err263 = {instancePath:instancePath+"/resources",schemaPath:"#/properties/resources/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.resources.type,parentSchema:schema31.properties.resources,data:data97};
if(vErrors === null){
vErrors = [err263];
}
else {
vErrors.push(err263);
}
errors++;
}
}
if(data.retraining !== undefined){
let data100 = data.retraining;
if(data100 && typeof data100 == "object" && !Array.isArray(data100)){
if(data100.days === undefined){
const err264 = {instancePath:instancePath+"/retraining",schemaPath:"#/properties/retraining/required",keyword:"required",params:{missingProperty: "days"},message:"must have required property '"+"days"+"'",schema:schema31.properties.retraining.required,parentSchema:schema31.properties.retraining,data:data100};
if(vErrors === null){
vErrors = [err264];
}
else {
vErrors.push(err264);
}
errors++;
}
if(data100.from === undefined){
const err265 = {instancePath:instancePath+"/retraining",schemaPath:"#/properties/retraining/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'",schema:schema31.properties.retraining.required,parentSchema:schema31.properties.retraining,data:data100};
if(vErrors === null){
vErrors = [err265];
}
else {
vErrors.push(err265);
}
errors++;
}
if(data100.to === undefined){
const err266 = {instancePath:instancePath+"/retraining",schemaPath:"#/properties/retraining/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'",schema:schema31.properties.retraining.required,parentSchema:schema31.properties.retraining,data:data100};
if(vErrors === null){
vErrors = [err266];
}
else {
vErrors.push(err266);
}
errors++;
}
for(const key30 in data100){
if(!((((((key30 === "days") || (key30 === "from")) || (key30 === "to")) || (key30 === "zone")) || (key30 === "model")) || (key30 === "history"))){
const err267 = {instancePath:instancePath+"/retraining",schemaPath:"#/properties/retraining/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key30},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.retraining,data:data100};
if(vErrors === null){
vErrors = [err267];
}
else {
vErrors.push(err267);
}
errors++;
}
}
if(data100.days !== undefined){
let data101 = data100.days;
if(Array.isArray(data101)){
if(data101.length > 7){
const err268 = {instancePath:instancePath+"/retraining/days",schemaPath:"#/properties/retraining/properties/days/maxItems",keyword:"maxItems",params:{limit: 7},message:"must NOT have more than 7 items",schema:7,parentSchema:schema31.properties.retraining.properties.days,data:data101};
if(vErrors === null){
vErrors = [err268];
}
else {
vErrors.push(err268);
}
errors++;
}
if(data101.length < 1){
const err269 = {instancePath:instancePath+"/retraining/days",schemaPath:"#/properties/retraining/properties/days/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.retraining.properties.days,data:data101};
if(vErrors === null){
vErrors = [err269];
}
else {
vErrors.push(err269);
}
errors++;
}
const len8 = data101.length;
for(let i10=0; i10<len8; i10++){
let data102 = data101[i10];
if(!(((((((data102 === "mon") || (data102 === "tue")) || (data102 === "wed")) || (data102 === "thu")) || (data102 === "fri")) || (data102 === "sat")) || (data102 === "sun"))){
const err270 = {instancePath:instancePath+"/retraining/days/" + i10,schemaPath:"#/properties/retraining/properties/days/items/enum",keyword:"enum",params:{allowedValues: schema31.properties.retraining.properties.days.items.enum},message:"must be equal to one of the allowed values",schema:schema31.properties.retraining.properties.days.items.enum,parentSchema:schema31.properties.retraining.properties.days.items,data:data102};
if(vErrors === null){
vErrors = [err270];
}
else {
vErrors.push(err270);
}
errors++;
}
}
let i11 = data101.length;
let j2;
if(i11 > 1){
outer1:
for(;i11--;){
for(j2 = i11; j2--;){
if(func0(data101[i11], data101[j2])){
const err271 = {instancePath:instancePath+"/retraining/days",schemaPath:"#/properties/retraining/properties/days/uniqueItems",keyword:"uniqueItems",params:{i: i11, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i11+" are identical)",schema:true,parentSchema:schema31.properties.retraining.properties.days,data:data101};
if(vErrors === null){
vErrors = [err271];
}
else {
vErrors.push(err271);
}
errors++;
break outer1;
}
}
}
}
}
else {
const err272 = {instancePath:instancePath+"/retraining/days",schemaPath:"#/properties/retraining/properties/days/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.retraining.properties.days.type,parentSchema:schema31.properties.retraining.properties.days,data:data101};
if(vErrors === null){
vErrors = [err272];
}
else {
vErrors.push(err272);
}
errors++;
}
}
if(data100.from !== undefined){
let data103 = data100.from;
if(typeof data103 === "string"){
if(!pattern29.test(data103)){
const err273 = {instancePath:instancePath+"/retraining/from",schemaPath:"#/$defs/clock/pattern",keyword:"pattern",params:{pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$"},message:"must match pattern \""+"^([01][0-9]|2[0-3]):[0-5][0-9]$"+"\"",schema:"^([01][0-9]|2[0-3]):[0-5][0-9]$",parentSchema:schema73,data:data103};
if(vErrors === null){
vErrors = [err273];
}
else {
vErrors.push(err273);
}
errors++;
}
}
else {
const err274 = {instancePath:instancePath+"/retraining/from",schemaPath:"#/$defs/clock/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema73.type,parentSchema:schema73,data:data103};
if(vErrors === null){
vErrors = [err274];
}
else {
vErrors.push(err274);
}
errors++;
}
}
if(data100.to !== undefined){
let data104 = data100.to;
if(typeof data104 === "string"){
if(!pattern29.test(data104)){
const err275 = {instancePath:instancePath+"/retraining/to",schemaPath:"#/$defs/clock/pattern",keyword:"pattern",params:{pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$"},message:"must match pattern \""+"^([01][0-9]|2[0-3]):[0-5][0-9]$"+"\"",schema:"^([01][0-9]|2[0-3]):[0-5][0-9]$",parentSchema:schema73,data:data104};
if(vErrors === null){
vErrors = [err275];
}
else {
vErrors.push(err275);
}
errors++;
}
}
else {
const err276 = {instancePath:instancePath+"/retraining/to",schemaPath:"#/$defs/clock/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema73.type,parentSchema:schema73,data:data104};
if(vErrors === null){
vErrors = [err276];
}
else {
vErrors.push(err276);
}
errors++;
}
}
if(data100.zone !== undefined){
let data105 = data100.zone;
if(typeof data105 === "string"){
if(!pattern8.test(data105)){
const err277 = {instancePath:instancePath+"/retraining/zone",schemaPath:"#/$defs/time_zone/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][-A-Za-z0-9_+/]{1,59}$"},message:"must match pattern \""+"^[A-Za-z][-A-Za-z0-9_+/]{1,59}$"+"\"",schema:"^[A-Za-z][-A-Za-z0-9_+/]{1,59}$",parentSchema:schema32,data:data105};
if(vErrors === null){
vErrors = [err277];
}
else {
vErrors.push(err277);
}
errors++;
}
}
else {
const err278 = {instancePath:instancePath+"/retraining/zone",schemaPath:"#/$defs/time_zone/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.type,parentSchema:schema32,data:data105};
if(vErrors === null){
vErrors = [err278];
}
else {
vErrors.push(err278);
}
errors++;
}
}
if(data100.model !== undefined){
let data106 = data100.model;
if(!(((((data106 === "dense") || (data106 === "ridge")) || (data106 === "online")) || (data106 === "ensemble")) || (data106 === "all"))){
const err279 = {instancePath:instancePath+"/retraining/model",schemaPath:"#/properties/retraining/properties/model/enum",keyword:"enum",params:{allowedValues: schema31.properties.retraining.properties.model.enum},message:"must be equal to one of the allowed values",schema:schema31.properties.retraining.properties.model.enum,parentSchema:schema31.properties.retraining.properties.model,data:data106};
if(vErrors === null){
vErrors = [err279];
}
else {
vErrors.push(err279);
}
errors++;
}
}
if(data100.history !== undefined){
let data107 = data100.history;
if(typeof data107 === "string"){
if(!pattern19.test(data107)){
const err280 = {instancePath:instancePath+"/retraining/history",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}[dh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}[dh]$"+"\"",schema:"^[1-9][0-9]{0,4}[dh]$",parentSchema:schema45,data:data107};
if(vErrors === null){
vErrors = [err280];
}
else {
vErrors.push(err280);
}
errors++;
}
}
else {
const err281 = {instancePath:instancePath+"/retraining/history",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema45.type,parentSchema:schema45,data:data107};
if(vErrors === null){
vErrors = [err281];
}
else {
vErrors.push(err281);
}
errors++;
}
}
}
else {
const err282 = {instancePath:instancePath+"/retraining",schemaPath:"#/properties/retraining/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.retraining.type,parentSchema:schema31.properties.retraining,data:data100};
if(vErrors === null){
vErrors = [err282];
}
else {
vErrors.push(err282);
}
errors++;
}
}
if(data.evidence !== undefined){
let data108 = data.evidence;
if(data108 && typeof data108 == "object" && !Array.isArray(data108)){
if(data108.retain === undefined){
const err283 = {instancePath:instancePath+"/evidence",schemaPath:"#/properties/evidence/required",keyword:"required",params:{missingProperty: "retain"},message:"must have required property '"+"retain"+"'",schema:schema31.properties.evidence.required,parentSchema:schema31.properties.evidence,data:data108};
if(vErrors === null){
vErrors = [err283];
}
else {
vErrors.push(err283);
}
errors++;
}
for(const key31 in data108){
if(!(key31 === "retain")){
const err284 = {instancePath:instancePath+"/evidence",schemaPath:"#/properties/evidence/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key31},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.evidence,data:data108};
if(vErrors === null){
vErrors = [err284];
}
else {
vErrors.push(err284);
}
errors++;
}
}
if(data108.retain !== undefined){
let data109 = data108.retain;
if(typeof data109 === "string"){
if(!pattern19.test(data109)){
const err285 = {instancePath:instancePath+"/evidence/retain",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}[dh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}[dh]$"+"\"",schema:"^[1-9][0-9]{0,4}[dh]$",parentSchema:schema45,data:data109};
if(vErrors === null){
vErrors = [err285];
}
else {
vErrors.push(err285);
}
errors++;
}
}
else {
const err286 = {instancePath:instancePath+"/evidence/retain",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema45.type,parentSchema:schema45,data:data109};
if(vErrors === null){
vErrors = [err286];
}
else {
vErrors.push(err286);
}
errors++;
}
}
}
else {
const err287 = {instancePath:instancePath+"/evidence",schemaPath:"#/properties/evidence/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.evidence.type,parentSchema:schema31.properties.evidence,data:data108};
if(vErrors === null){
vErrors = [err287];
}
else {
vErrors.push(err287);
}
errors++;
}
}
if(data.acknowledge !== undefined){
let data110 = data.acknowledge;
if(data110 && typeof data110 == "object" && !Array.isArray(data110)){
if(Object.keys(data110).length > 20){
const err288 = {instancePath:instancePath+"/acknowledge",schemaPath:"#/properties/acknowledge/maxProperties",keyword:"maxProperties",params:{limit: 20},message:"must NOT have more than 20 properties",schema:20,parentSchema:schema31.properties.acknowledge,data:data110};
if(vErrors === null){
vErrors = [err288];
}
else {
vErrors.push(err288);
}
errors++;
}
for(const key32 in data110){
const _errs283 = errors;
if(typeof key32 === "string"){
if(!pattern14.test(key32)){
const err289 = {instancePath:instancePath+"/acknowledge",schemaPath:"#/$defs/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"},message:"must match pattern \""+"^sha256:[0-9a-f]{64}$"+"\"",schema:"^sha256:[0-9a-f]{64}$",parentSchema:schema40,data:key32,propertyName:key32};
if(vErrors === null){
vErrors = [err289];
}
else {
vErrors.push(err289);
}
errors++;
}
}
else {
const err290 = {instancePath:instancePath+"/acknowledge",schemaPath:"#/$defs/digest/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema40.type,parentSchema:schema40,data:key32,propertyName:key32};
if(vErrors === null){
vErrors = [err290];
}
else {
vErrors.push(err290);
}
errors++;
}
var valid83 = _errs283 === errors;
if(!valid83){
const err291 = {instancePath:instancePath+"/acknowledge",schemaPath:"#/properties/acknowledge/propertyNames",keyword:"propertyNames",params:{propertyName: key32},message:"property name must be valid",schema:schema31.properties.acknowledge.propertyNames,parentSchema:schema31.properties.acknowledge,data:data110};
if(vErrors === null){
vErrors = [err291];
}
else {
vErrors.push(err291);
}
errors++;
}
}
for(const key33 in data110){
let data111 = data110[key33];
if(typeof data111 === "string"){
if(func3(data111) > 300){
const err292 = {instancePath:instancePath+"/acknowledge/" + key33.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/acknowledge/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters",schema:300,parentSchema:schema31.properties.acknowledge.additionalProperties,data:data111};
if(vErrors === null){
vErrors = [err292];
}
else {
vErrors.push(err292);
}
errors++;
}
if(func3(data111) < 10){
const err293 = {instancePath:instancePath+"/acknowledge/" + key33.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/acknowledge/additionalProperties/minLength",keyword:"minLength",params:{limit: 10},message:"must NOT have fewer than 10 characters",schema:10,parentSchema:schema31.properties.acknowledge.additionalProperties,data:data111};
if(vErrors === null){
vErrors = [err293];
}
else {
vErrors.push(err293);
}
errors++;
}
}
else {
const err294 = {instancePath:instancePath+"/acknowledge/" + key33.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/acknowledge/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.acknowledge.additionalProperties.type,parentSchema:schema31.properties.acknowledge.additionalProperties,data:data111};
if(vErrors === null){
vErrors = [err294];
}
else {
vErrors.push(err294);
}
errors++;
}
}
}
else {
const err295 = {instancePath:instancePath+"/acknowledge",schemaPath:"#/properties/acknowledge/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.acknowledge.type,parentSchema:schema31.properties.acknowledge,data:data110};
if(vErrors === null){
vErrors = [err295];
}
else {
vErrors.push(err295);
}
errors++;
}
}
if(data.rehearsal !== undefined){
let data112 = data.rehearsal;
if(data112 && typeof data112 == "object" && !Array.isArray(data112)){
if(data112.shadow === undefined){
const err296 = {instancePath:instancePath+"/rehearsal",schemaPath:"#/properties/rehearsal/required",keyword:"required",params:{missingProperty: "shadow"},message:"must have required property '"+"shadow"+"'",schema:schema31.properties.rehearsal.required,parentSchema:schema31.properties.rehearsal,data:data112};
if(vErrors === null){
vErrors = [err296];
}
else {
vErrors.push(err296);
}
errors++;
}
if(data112.ramp === undefined){
const err297 = {instancePath:instancePath+"/rehearsal",schemaPath:"#/properties/rehearsal/required",keyword:"required",params:{missingProperty: "ramp"},message:"must have required property '"+"ramp"+"'",schema:schema31.properties.rehearsal.required,parentSchema:schema31.properties.rehearsal,data:data112};
if(vErrors === null){
vErrors = [err297];
}
else {
vErrors.push(err297);
}
errors++;
}
for(const key34 in data112){
if(!((key34 === "shadow") || (key34 === "ramp"))){
const err298 = {instancePath:instancePath+"/rehearsal",schemaPath:"#/properties/rehearsal/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key34},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.rehearsal,data:data112};
if(vErrors === null){
vErrors = [err298];
}
else {
vErrors.push(err298);
}
errors++;
}
}
if(data112.shadow !== undefined){
let data113 = data112.shadow;
if(typeof data113 === "string"){
if(!pattern19.test(data113)){
const err299 = {instancePath:instancePath+"/rehearsal/shadow",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}[dh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}[dh]$"+"\"",schema:"^[1-9][0-9]{0,4}[dh]$",parentSchema:schema45,data:data113};
if(vErrors === null){
vErrors = [err299];
}
else {
vErrors.push(err299);
}
errors++;
}
}
else {
const err300 = {instancePath:instancePath+"/rehearsal/shadow",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema45.type,parentSchema:schema45,data:data113};
if(vErrors === null){
vErrors = [err300];
}
else {
vErrors.push(err300);
}
errors++;
}
}
if(data112.ramp !== undefined){
let data114 = data112.ramp;
if(typeof data114 === "string"){
if(!pattern19.test(data114)){
const err301 = {instancePath:instancePath+"/rehearsal/ramp",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}[dh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}[dh]$"+"\"",schema:"^[1-9][0-9]{0,4}[dh]$",parentSchema:schema45,data:data114};
if(vErrors === null){
vErrors = [err301];
}
else {
vErrors.push(err301);
}
errors++;
}
}
else {
const err302 = {instancePath:instancePath+"/rehearsal/ramp",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema45.type,parentSchema:schema45,data:data114};
if(vErrors === null){
vErrors = [err302];
}
else {
vErrors.push(err302);
}
errors++;
}
}
}
else {
const err303 = {instancePath:instancePath+"/rehearsal",schemaPath:"#/properties/rehearsal/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.rehearsal.type,parentSchema:schema31.properties.rehearsal,data:data112};
if(vErrors === null){
vErrors = [err303];
}
else {
vErrors.push(err303);
}
errors++;
}
}
}
else {
const err304 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.type,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err304];
}
else {
vErrors.push(err304);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
