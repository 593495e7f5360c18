package main

import (
	"encoding/json"
	"testing"
	"time"
)

// A request is one set of series and the runs that are judged by it.
type request struct {
	Series series `json:"series"`
	// How far Prometheus looks back for a series' last sample.
	LookbackS float64 `json:"lookback_s"`
	// Times in which Prometheus is not reached.
	Outages []outage  `json:"outages"`
	Runs    []runSpec `json:"runs"`
}

// An outage holds for start ≤ t < end.
type outage struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

type runSpec struct {
	// An AnalysisTemplate; read strictly.
	Template json.RawMessage   `json:"template"`
	Args     map[string]string `json:"args"`
	// Absent: StartAfterS after the first sample.
	Start       *time.Time `json:"start"`
	StartAfterS float64    `json:"start_after_s"`
	// What has not ended by then is left Running. Absent: the last sample.
	End *time.Time `json:"end"`
}

type answer struct {
	// Why nothing was judged; absent if it was.
	Fault *fault `json:"fault,omitempty"`
	// The first sample's time.
	First time.Time `json:"first,omitzero"`
	Runs  []ran     `json:"runs,omitempty"`
}

// A fault of the input: in `series` number `at`, in `openmetrics` after `at` samples, or in the `template` of run `at`.
type fault struct {
	In      string `json:"in"`
	At      int    `json:"at"`
	Message string `json:"message"`
}

type ran struct {
	// Running, or how it ended.
	Phase       string        `json:"phase"`
	Message     string        `json:"message"`
	StartedAt   *time.Time    `json:"started_at"`
	CompletedAt *time.Time    `json:"completed_at"`
	Metrics     []metric      `json:"metrics"`
	Measured    []measurement `json:"measurements"`
}

type metric struct {
	Name    string `json:"name"`
	Phase   string `json:"phase"`
	Message string `json:"message"`
	DryRun  bool   `json:"dry_run"`
	// With its arguments filled in, as Argo sent it.
	Query string `json:"query"`
	counters
}

// Counters as Argo keeps them, after the measurement.
type counters struct {
	Count              int32 `json:"count"`
	Successful         int32 `json:"successful"`
	Failed             int32 `json:"failed"`
	Inconclusive       int32 `json:"inconclusive"`
	Error              int32 `json:"error"`
	ConsecutiveError   int32 `json:"consecutive_error"`
	ConsecutiveSuccess int32 `json:"consecutive_success"`
}

type measurement struct {
	Metric string `json:"metric"`
	// Whole seconds: Argo stores no more.
	StartedAt time.Time `json:"started_at"`
	Value     string    `json:"value"`
	Phase     string    `json:"phase"`
	Message   string    `json:"message"`
	// The metric's, after this measurement.
	MetricPhase string `json:"metric_phase"`
	counters
}

func answerTo(t *testing.T, asked request) answer {
	store, wrong := asked.Series.load()
	if wrong != nil {
		return answer{Fault: wrong}
	}
	defer store.close()
	server := newPrometheus(store, asked)
	answered := answer{First: store.first}
	for at, spec := range asked.Runs {
		run, err := spec.analysisRun()
		if err != nil {
			return answer{Fault: &fault{"template", at, err.Error()}}
		}
		start, end := spec.between(store.first, store.last)
		answered.Runs = append(answered.Runs, judge(t, run, server, start, end))
	}
	return answered
}

func (spec runSpec) between(first, last time.Time) (start, end time.Time) {
	start, end = first.Add(time.Duration(spec.StartAfterS*float64(time.Second))), last
	if spec.Start != nil {
		start = *spec.Start
	}
	if spec.End != nil {
		end = *spec.End
	}
	// At the end itself there is still a look.
	return start, end.Add(lastLook)
}

// LastLook is far longer than what is due at an instant takes in the bubble, and far shorter than an interval.
const lastLook = 100 * time.Millisecond
