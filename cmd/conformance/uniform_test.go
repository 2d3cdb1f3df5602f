package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

func TestATargetThatAlwaysSaysTheSameIsNoticed(t *testing.T) {
	t.Parallel()
	reply := func(status int) contract.Verdict {
		return contract.Verdict{Exchanges: []*contract.Exchange{{Response: &contract.Response{Status: status}}, {Failure: "no reply"}}}
	}
	for _, c := range []struct {
		status int
		note   string
	}{
		{404, "each of the 12 requests got the status 404: check the URL and its base path"},
		{301, "each of the 12 requests got the status 301: check the URL and its base path"},
		{401, "each of the 12 requests got the status 401: give the credentials that the target wants, or check them"},
		{429, "each of the 12 requests got the status 429: ask more slowly, with --rate"},
		{500, "each of the 12 requests got the status 500: the target, or what stands before it, does not work at all"},
		{200, "each of the 12 requests got the status 200: the target does not seem to read the requests"},
	} {
		var u uniform
		for range 12 {
			u.add(reply(c.status))
		}
		require.Equal(t, c.note, u.note())
		u.add(reply(418))
		require.Empty(t, u.note(), "another status came")
	}
	var few uniform
	few.add(reply(404))
	require.Empty(t, few.note())
}
