package har_test

import (
	"bytes"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/har"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC)
	want := []*contract.Exchange{
		{
			Request:  contract.Request{Method: "POST", URL: "http://a/b?c=%zz&d", Header: http.Header{"A": {"1", "2"}}, Body: []byte("<&>\u2028\"")},
			Response: &contract.Response{Status: 201, Reason: "Created", Header: http.Header{"Content-Type": {"x/y"}}, Body: []byte{0xff, 0}},
			Start:    start, Elapsed: 1500 * time.Microsecond, Recorded: true,
		},
		{
			Request:  contract.Request{Method: "PUT", URL: "http://a/", Body: []byte{}},
			Response: &contract.Response{Status: 200, Body: []byte("cu"), Truncated: true},
			Failure:  "reply cut after 2 of 4 bytes", Start: start, Recorded: true,
		},
		{Request: contract.Request{Method: "GET", URL: "http://a/"}, Failure: "no reply within 1s", Start: start, Recorded: true},
	}
	var file bytes.Buffer
	enc := har.NewEncoder(&file, "conformance", "1")
	for _, x := range want {
		require.NoError(t, enc.Encode(x))
	}
	require.NoError(t, enc.Close())
	got, errs := collect(&file)
	require.Empty(t, errs)
	require.Equal(t, want, got)
}

func TestEncodeWritesTheChallengeFirst(t *testing.T) {
	t.Parallel()
	request := contract.Request{Method: "GET", URL: "http://a/"}
	var file bytes.Buffer
	enc := har.NewEncoder(&file, "conformance", "1")
	require.NoError(t, enc.Encode(&contract.Exchange{
		Request: request, Response: &contract.Response{Status: 200},
		Challenge: &contract.Exchange{Request: request, Response: &contract.Response{Status: 401}},
	}))
	require.NoError(t, enc.Close())
	xs, errs := collect(&file)
	require.Empty(t, errs)
	require.Len(t, xs, 2)
	require.Equal(t, []int{401, 200}, []int{xs[0].Response.Status, xs[1].Response.Status})
}

func TestEncodeNothing(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	require.NoError(t, har.NewEncoder(&file, "conformance", "1").Close())
	xs, errs := collect(&file)
	require.Empty(t, xs)
	require.Empty(t, errs)
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestEncodeReportsTheWritersError(t *testing.T) {
	t.Parallel()
	enc := har.NewEncoder(fullDisk{}, "conformance", "1")
	require.EqualError(t, enc.Encode(&contract.Exchange{}), "write recording: disk full")
	require.EqualError(t, enc.Close(), "write recording: disk full")
}
