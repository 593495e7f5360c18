package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// Series, in one of two forms.
type series struct {
	// In promtool's notation: the first sample at `from`, then one every interval.
	Notation []struct {
		Series string `json:"series"`
		Values string `json:"values"`
	} `json:"notation"`
	From      time.Time `json:"from"`
	IntervalS float64   `json:"interval_s"`
	// Or with their times, as `promtool tsdb dump-openmetrics` prints them.
	OpenMetrics string `json:"openmetrics"`
}

// More would be a mistake in a file, and take all memory.
const mostSamples = 20_000_000

type sample struct {
	labels labels.Labels
	atMs   int64
	value  float64
}

// Store is Prometheus' own, without its files: everything stays in the head.
type store struct {
	// Nothing here is asked for chunks: they are for remote reads.
	storage.ChunkQueryable
	head        *tsdb.Head
	folder      string
	first, last time.Time
}

func (s series) load() (*store, *fault) {
	samples, wrong := s.fromNotation()
	if wrong == nil && s.OpenMetrics != "" {
		samples, wrong = s.fromOpenMetrics()
	}
	if wrong != nil {
		return nil, wrong
	}
	if len(samples) == 0 {
		return nil, &fault{"series", 0, "no samples"}
	}
	// A head takes samples in the order of their times only.
	slices.SortStableFunc(samples, func(a, b sample) int { return cmp.Compare(a.atMs, b.atMs) })
	return newStore(samples)
}

func (s series) fromNotation() ([]sample, *fault) {
	notation := parser.NewParser(parser.Options{})
	var samples []sample
	for at, line := range s.Notation {
		named, values, err := notation.ParseSeriesDesc(line.Series + " " + line.Values)
		if err == nil && len(samples)+len(values) > mostSamples {
			err = fmt.Errorf("more than %d samples", mostSamples)
		}
		if err != nil {
			return nil, &fault{"series", at, err.Error()}
		}
		for step, value := range values {
			atMs := s.From.UnixMilli() + int64(math.Round(float64(step)*s.IntervalS*1000))
			switch {
			case value.Histogram != nil:
				return nil, &fault{"series", at, "native histograms are not read"}
			case !value.Omitted:
				samples = append(samples, sample{named, atMs, value.Value})
			}
		}
	}
	return samples, nil
}

func (s series) fromOpenMetrics() ([]sample, *fault) {
	metrics, err := textparse.New([]byte(s.OpenMetrics), "application/openmetrics-text", labels.NewSymbolTable(), textparse.ParserOptions{})
	var samples []sample
	for err == nil {
		var entry textparse.Entry
		if entry, err = metrics.Next(); err != nil || entry != textparse.EntrySeries {
			continue
		}
		name, atMs, value := metrics.Series()
		var named labels.Labels
		metrics.Labels(&named)
		switch {
		case atMs == nil:
			err = fmt.Errorf("%s has no time", name)
		case len(samples) == mostSamples:
			err = fmt.Errorf("more than %d samples", mostSamples)
		default:
			samples = append(samples, sample{named, *atMs, value})
		}
	}
	if errors.Is(err, io.EOF) {
		return samples, nil
	}
	return nil, &fault{"openmetrics", len(samples), err.Error()}
}

func newStore(samples []sample) (*store, *fault) {
	folder, err := os.MkdirTemp("", "gridramp-analysis-")
	if err != nil {
		panic(err)
	}
	options := tsdb.DefaultHeadOptions()
	options.ChunkDirRoot = folder
	// Nothing is too old to be taken.
	options.ChunkRange = math.MaxInt64 / 4
	head, err := tsdb.NewHead(nil, nil, nil, nil, options, nil)
	if err == nil {
		err = head.Init(math.MinInt64)
	}
	if err != nil {
		panic(err)
	}
	first, last := time.UnixMilli(samples[0].atMs), time.UnixMilli(samples[len(samples)-1].atMs)
	kept := &store{head: head, folder: folder, first: first, last: last}
	appender := head.Appender(context.Background())
	for _, sample := range samples {
		if _, err := appender.Append(0, sample.labels, sample.atMs, sample.value); err != nil {
			kept.close()
			return nil, &fault{"series", 0, fmt.Sprintf("%s at %v: %v", sample.labels, time.UnixMilli(sample.atMs).UTC(), err)}
		}
	}
	if err := appender.Commit(); err != nil {
		panic(err)
	}
	return kept, nil
}

func (s *store) Querier(mint, maxt int64) (storage.Querier, error) {
	return tsdb.NewBlockQuerier(tsdb.NewRangeHead(s.head, mint, maxt), mint, maxt)
}

func (s *store) close() {
	if err := errors.Join(s.head.Close(), os.RemoveAll(s.folder)); err != nil {
		panic(err)
	}
}
