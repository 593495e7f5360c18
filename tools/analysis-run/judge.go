package main

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	analysisutil "github.com/argoproj/argo-rollouts/utils/analysis"
	"sigs.k8s.io/yaml"

	promprovider "github.com/argoproj/argo-rollouts/metricproviders/prometheus"
)

const (
	namespace = "rehearsal"
	runName   = "run"
)

// AnalysisRun that a Rollout with these arguments would make of the template.
func (spec runSpec) analysisRun() (*v1alpha1.AnalysisRun, error) {
	var template v1alpha1.AnalysisTemplate
	if err := yaml.UnmarshalStrict(spec.Template, &template); err != nil {
		return nil, err
	}
	if len(template.Spec.Templates) > 0 {
		return nil, fmt.Errorf("spec.templates names other templates, which are not looked up")
	}
	for at := range template.Spec.Metrics {
		metric := &template.Spec.Metrics[at]
		if metric.Provider.Prometheus == nil {
			return nil, fmt.Errorf("metric %q is not measured by Prometheus", metric.Name)
		}
		// How Prometheus is reached is not what is judged.
		metric.Provider.Prometheus.Authentication = v1alpha1.Authentication{}
	}
	var args []v1alpha1.Argument
	for at, arg := range template.Spec.Args {
		if value, given := spec.Args[arg.Name]; given {
			template.Spec.Args[at].ValueFrom = nil
			args = append(args, v1alpha1.Argument{Name: arg.Name, Value: &value})
		}
	}
	templates := []*v1alpha1.AnalysisTemplate{&template}
	return analysisutil.NewAnalysisRunFromTemplates(templates, nil, args, nil, nil, nil, nil, runName, "", namespace)
}

// Judge lets Argo's controller carry the run out from start to its end, or to `end`. Inside the bubble all clocks are one that stands
// still while anybody works and jumps to the next timer when all wait: an hour takes milliseconds, and is always the same hour.
func judge(t *testing.T, run *v1alpha1.AnalysisRun, server *prometheus, start, end time.Time) ran {
	serving = server
	seen := ran{Metrics: []metric{}, Measured: []measurement{}}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(start.Add(-controllerStarts)))
		controller := startController()
		defer controller.stop()
		time.Sleep(time.Until(start))
		ctx, cancel := context.WithDeadline(t.Context(), end)
		defer cancel()
		for updated := range controller.carryOut(ctx, run) {
			seen.add(updated)
		}
	})
	return seen
}

// Add notes what an update of the run brings: each brings at most one measurement of each metric.
func (r *ran) add(run *v1alpha1.AnalysisRun) {
	run = run.DeepCopy()
	status := run.Status
	r.Phase, r.Message = string(status.Phase), status.Message
	if status.StartedAt != nil {
		r.StartedAt = &status.StartedAt.Time
	}
	if status.CompletedAt != nil {
		r.CompletedAt = &status.CompletedAt.Time
	}
	before := r.Metrics
	r.Metrics = []metric{}
	// Argo measures all metrics at once and appends them as they come.
	place := func(r v1alpha1.MetricResult) int {
		return slices.IndexFunc(run.Spec.Metrics, func(m v1alpha1.Metric) bool { return m.Name == r.Name })
	}
	slices.SortFunc(status.MetricResults, func(a, b v1alpha1.MetricResult) int { return place(a) - place(b) })
	for _, result := range status.MetricResults {
		now := metric{
			Name: result.Name, Phase: string(result.Phase), Message: result.Message, DryRun: result.DryRun,
			Query: result.Metadata[promprovider.ResolvedPrometheusQuery], counters: countersOf(result),
		}
		r.Metrics = append(r.Metrics, now)
		at := slices.IndexFunc(before, func(m metric) bool { return m.Name == now.Name })
		if at >= 0 && before[at].Count+before[at].Error == now.Count+now.Error {
			continue
		}
		last := result.Measurements[len(result.Measurements)-1]
		r.Measured = append(r.Measured, measurement{
			Metric: now.Name, StartedAt: last.StartedAt.Time, Value: last.Value, Phase: string(last.Phase), Message: last.Message,
			MetricPhase: now.Phase, counters: now.counters,
		})
	}
}

func countersOf(r v1alpha1.MetricResult) counters {
	return counters{r.Count, r.Successful, r.Failed, r.Inconclusive, r.Error, r.ConsecutiveError, r.ConsecutiveSuccess}
}
