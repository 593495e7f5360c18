package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/prometheus/common/route"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	v1 "github.com/prometheus/prometheus/web/api/v1"

	// For its HTTP transports.
	_ "unsafe"

	_ "github.com/argoproj/argo-rollouts/metricproviders/prometheus"
)

// Argo's Prometheus provider speaks over these two and offers no other way to it. They are taken for what they are, HTTP transports that
// know how to serve a scheme otherwise, so that no socket is needed, whose waiting no clock could see.
//
//go:linkname argoTransport github.com/argoproj/argo-rollouts/metricproviders/prometheus.secureTransport
var argoTransport *http.Transport

//go:linkname argoInsecureTransport github.com/argoproj/argo-rollouts/metricproviders/prometheus.insecureTransport
var argoInsecureTransport *http.Transport

// Serving is who answers, whatever the address; one run is judged at a time.
var serving *prometheus

func takeRequestsInProcess() {
	for _, transport := range []*http.Transport{argoTransport, argoInsecureTransport} {
		for _, scheme := range []string{"http", "https"} {
			transport.RegisterProtocol(scheme, inProcess{})
		}
	}
}

const apiPath = "/api/v1"

type inProcess struct{}

func (inProcess) RoundTrip(asked *http.Request) (*http.Response, error) {
	now := time.Now()
	for _, outage := range serving.outages {
		if !now.Before(outage.Start) && now.Before(outage.End) {
			return nil, fmt.Errorf("dial %s: connection refused", asked.URL.Host)
		}
	}
	// A path before the API's, as behind a gateway, is part of the address.
	if at := strings.Index(asked.URL.Path, apiPath+"/"); at >= 0 {
		asked.URL.Path = asked.URL.Path[at:]
	}
	said := httptest.NewRecorder()
	serving.api.ServeHTTP(said, asked)
	return said.Result(), nil
}

// Prometheus' own engine behind its own HTTP API, with the series and nothing else.
type prometheus struct {
	api     http.Handler
	outages []outage
}

func newPrometheus(series *store, asked request) *prometheus {
	lookback := time.Duration(asked.LookbackS * float64(time.Second))
	// As cmd/prometheus sets them by default.
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples:               50_000_000,
		Timeout:                  2 * time.Minute,
		LookbackDelta:            lookback,
		NoStepSubqueryIntervalFn: func(int64) int64 { return time.Minute.Milliseconds() },
		EnableAtModifier:         true,
		EnableNegativeOffset:     true,
	})
	always := func(handler http.HandlerFunc) http.HandlerFunc { return handler }
	api := v1.NewAPI(
		engine, series, nil, nil, nil, nil, nil, func() config.Config { return config.Config{} }, nil, v1.GlobalURLOptions{}, always,
		nil, "", false, false, 0, slog.New(slog.DiscardHandler), nil, 0, 0, 0, false, nil, nil, nil, nil, nil, nil, nil, nil,
		false, nil, false, false, false, lookback, false, false, nil, nil, v1.OpenAPIOptions{}, parser.NewParser(parser.Options{}), false, 0,
	)
	router := route.New().WithPrefix(apiPath)
	api.Register(router)
	return &prometheus{api: router, outages: asked.Outages}
}
