// Command analysis-run judges AnalysisTemplates over series: Argo Rollouts' own analysis controller, unchanged, asks Prometheus' own
// engine, in time that only passes when everybody waits for it. It reads one JSON request after another and answers each with one line.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/sirupsen/logrus"
)

func main() {
	// What Argo logs goes into its answers already: every measurement with its message.
	logrus.SetOutput(io.Discard)
	takeRequestsInProcess()
	// Go's clock that can be turned belongs to its tests, so a test is what this program runs. It ends itself, before testing says PASS.
	all := func(string, string) (bool, error) { return true, nil }
	testing.Main(all, []testing.InternalTest{{Name: "requests", F: answerAll}}, nil, nil)
}

func answerAll(t *testing.T) {
	requests := json.NewDecoder(os.Stdin)
	requests.DisallowUnknownFields()
	answers := json.NewEncoder(os.Stdout)
	for {
		var asked request
		err := requests.Decode(&asked)
		if errors.Is(err, io.EOF) {
			os.Exit(0)
		}
		if err == nil {
			err = answers.Encode(answerTo(t, asked))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
