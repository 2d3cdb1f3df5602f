package main

import (
	"flag"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/reference"
	"github.com/atlas-contract/conformance/internal/transport"
)

// Many seeds take long: go test ./cmd/conformance -run TestTheServerWithoutAFault -seeds 50
var (
	seeds = flag.Int64("seeds", 1, "how many seeds each server without a fault is tried with")
	draws = flag.Int("draws", 5, "how many requests of each operation are drawn at random")
)

// TestTheServerWithoutAFault holds it to the contract in each form that it may
// have: both profiles, both keys of an envelope, with optional members and
// without. Nothing is found, and all that can be is judged.
func TestTheServerWithoutAFault(t *testing.T) {
	if testing.Short() {
		t.Skip("whole runs are sent by make test and make conformance")
	}
	t.Parallel()
	form := 0
	for _, profile := range []string{documented, observed} {
		for _, key := range []string{"envelope", "content"} {
			form++
			for seed := int64(form); seed < int64(form)+*seeds; seed++ {
				optional := seed%2 == 0
				t.Run(fmt.Sprintf("%s/%s/seed-%d", profile, key, seed), func(t *testing.T) {
					sound(t, profile, key, optional, seed)
				})
			}
		}
	}
}

func sound(t *testing.T, profile, key string, optional bool, seed int64) {
	c, err := (&documentFlags{Profile: profile}).load()
	require.NoError(t, err)
	to, o, err := staged(c, profile, nil, nil)
	require.NoError(t, err)
	o.EnvelopeKey, o.Optional = key, optional
	server, err := reference.New(o)
	require.NoError(t, err)
	defer server.Close()
	base, err := url.Parse("http://in-process" + c.Base)
	require.NoError(t, err)
	client, err := transport.New(transport.Options{Base: base, Handler: server, Credentials: to.credentials, Timeout: time.Minute})
	require.NoError(t, err)
	defer client.Close()
	to.base = base.String()
	options := to.options(c, &caseFlags{Seed: seed, Cases: uint(*draws)})
	options.Client = client
	runner, err := run.New(options)
	require.NoError(t, err)
	judged := 0
	for v, err := range runner.Verdicts(t.Context()) {
		require.NoError(t, err)
		var says []string
		for _, f := range v.Findings {
			says = append(says, fmt.Sprintf("%s %s: %s (expected %s, got %s)", f.Check, f.Statement, f.Message, f.Expected, f.Got))
		}
		if v.Outcome != contract.Kept {
			t.Errorf("%s is %s: %s %s", v.Case.ID, v.Outcome, v.Reason, strings.Join(says, "; "))
		}
		judged++
	}
	require.Greater(t, judged, 1000)
}
