package har_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/har"
)

// wrap makes a HAR file of entries.
func wrap(entries ...string) string {
	return `{"log":{"version":"1.2","creator":{"name":"t","version":"1"},"entries":[` + strings.Join(entries, ",") + `]}}`
}

// reply is an entry with the given response members.
func reply(members string) string {
	return `{"startedDateTime":"2025-03-31T12:44:21+00:00","time":12.5,` +
		`"request":{"method":"GET","url":"http://a.test/x"},"response":{` + members + `}}`
}

func readAll(t *testing.T, text string) ([]*contract.Exchange, []error) {
	t.Helper()
	return collect(strings.NewReader(text))
}

func collect(r io.Reader) (xs []*contract.Exchange, errs []error) {
	for x, err := range har.Read(r, "t.har") {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		xs = append(xs, x)
	}
	return xs, errs
}

func readOne(t *testing.T, entry string) *contract.Exchange {
	t.Helper()
	xs, errs := readAll(t, wrap(entry))
	require.Empty(t, errs)
	require.Len(t, xs, 1)
	return xs[0]
}

func TestReadEntry(t *testing.T) {
	t.Parallel()
	x := readOne(t, `{"startedDateTime":"2025-03-31T12:44:21.5Z","time":12.5,"comment":"c","_own":{"deep":[1,{"a":"}\""}]},
		"request":{"method":"POST","url":"http://a.test/x?y=1#f","httpVersion":"h2","cookies":[],
			"headers":[{"name":":authority","value":"a.test"},{"name":"content-type","value":"application/json","comment":"c"},
				{"name":"X-A","value":"1"},{"name":"x-a","value":"2"}],
			"queryString":[{"name":"y","value":"1"}],"postData":{"mimeType":"text/plain","text":"{\"a\":\"\u00e9\ud83d\ude00\n\/\"}"}},
		"response":{"status":201,"statusText":"Created","headers":[{"name":"Set-Cookie","value":"a=1\nb=2"}],
			"content":{"size":2,"mimeType":"application/json","text":"{}"},"bodySize":2}}`)
	require.True(t, x.Recorded)
	require.Equal(t, time.Date(2025, 3, 31, 12, 44, 21, 5e8, time.UTC), x.Start)
	require.Equal(t, 12500*time.Microsecond, x.Elapsed)
	require.Equal(t, contract.Request{
		Method: "POST", URL: "http://a.test/x?y=1",
		Header: http.Header{"Content-Type": {"application/json"}, "X-A": {"1", "2"}},
		Body:   []byte("{\"a\":\"é😀\n/\"}"),
	}, x.Request)
	require.Equal(t, &contract.Response{
		Status: 201, Reason: "Created", Body: []byte("{}"),
		Header: http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"a=1", "b=2"}},
	}, x.Response)
	require.Empty(t, x.Failure)
}

func TestReadBodies(t *testing.T) {
	t.Parallel()
	binary := base64.StdEncoding.EncodeToString([]byte{0, 0xff, 0xfe, '-'})
	tests := map[string]struct {
		members   string
		body      string
		truncated bool
	}{
		"base64":                       {`"status":200,"content":{"size":4,"encoding":"base64","text":"` + binary + `"}`, "\x00\xff\xfe-", false},
		"base64, unpadded URL letters": {`"status":200,"content":{"encoding":"base64","text":"_-8"}`, "\xff\xef", false},
		"no text, some size":           {`"status":200,"content":{"size":9}`, "", true},
		"no text, unknown size":        {`"status":200,"content":{}`, "", true},
		"no content":                   {`"status":200`, "", true},
		"no text, size 0":              {`"status":200,"content":{"size":0}`, "", false},
		"no text, bodySize 0":          {`"status":200,"bodySize":0`, "", false},
		"no text, length 0":            {`"status":200,"headers":[{"name":"content-length","value":"0"}]`, "", false},
		"no text, none allowed":        {`"status":204`, "", false},
		"null text":                    {`"status":200,"content":{"size":4,"text":null}`, "", true},
		"empty text":                   {`"status":200,"content":{"text":""}`, "", false},
		"shorter than its size":        {`"status":200,"content":{"size":10,"text":"123"}`, "123", true},
		"marked as cut":                {`"status":200,"content":{"text":"123","_truncated":true}`, "123", true},
		"aborted while it came":        {`"status":200,"_error":"net::ERR_ABORTED","content":{"text":"123"}`, "123", true},
		"characters are not bytes":     {`"status":200,"content":{"size":2,"text":"é"}`, "é", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := readOne(t, reply(test.members))
			require.NotNil(t, x.Response)
			require.Equal(t, test.body, string(x.Response.Body))
			require.Equal(t, test.truncated, x.Response.Truncated)
		})
	}
}

func TestReadHeaders(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		members string
		want    http.Header
	}{
		"media type beside the headers": {`"status":200,"content":{"mimeType":"text/css","text":"a"}`, http.Header{"Content-Type": {"text/css"}}},
		"the header wins":               {`"status":200,"headers":[{"name":"content-type","value":"a/b"}],"content":{"mimeType":"text/css","text":"a"}`, http.Header{"Content-Type": {"a/b"}}},
		"an invented media type":        {`"status":200,"content":{"mimeType":"x-unknown","text":"a"}`, nil},
		"decoded content":               {`"status":200,"headers":[{"name":"content-encoding","value":"gzip"},{"name":"content-length","value":"3"}],"content":{"text":"abcdef"}`, http.Header{}},
		"content as it was": {
			`"status":200,"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"encoding":"base64","text":"H4sI"}`,
			http.Header{"Content-Encoding": {"gzip"}},
		},
		"headers that are null": {`"status":200,"headers":null`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, readOne(t, reply(test.members)).Response.Header)
		})
	}
}

func TestReadRequest(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		members string
		want    contract.Request
	}{
		"query beside the URL": {`"url":"http://a/b#c","queryString":[{"name":"q","value":"a b&"},{"name":"r"}]`, contract.Request{URL: "http://a/b?q=a+b%26&r="}},
		"query in the URL":     {`"url":"http://a/b?q=%41","queryString":[{"name":"q","value":"A"}]`, contract.Request{URL: "http://a/b?q=%41"}},
		"form":                 {`"url":"http://a/b","postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a","value":"b c"}]}`, contract.Request{URL: "http://a/b", Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte("a=b+c")}},
		"empty body":           {`"url":"http://a/b","postData":{"mimeType":"","text":""}`, contract.Request{URL: "http://a/b", Body: []byte{}}},
		"null body":            {`"url":"http://a/b","postData":null`, contract.Request{URL: "http://a/b"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.want.Method = "PUT"
			x := readOne(t, `{"request":{"method":"PUT",`+test.members+`},"response":{"status":204}}`)
			require.Equal(t, test.want, x.Request)
		})
	}
}

func TestReadFailedEntries(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`{"request":{"method":"GET","url":"http://a/"},"response":{"status":0,"_error":"net::ERR_FAILED"}}`: "recorded without a response: net::ERR_FAILED",
		`{"request":{"method":"GET","url":"http://a/"},"response":{"status":0}}`:                            "recorded without a response",
		`{"request":{"method":"GET","url":"http://a/"},"response":null}`:                                    "recorded without a response",
		`{"request":{"method":"GET","url":"http://a/"}}`:                                                    "recorded without a response",
		`{"request":{"method":"GET","url":"http://a/"},"_failure":"no reply within 1s"}`:                    "no reply within 1s",
	}
	for entry, want := range tests {
		x := readOne(t, entry)
		require.Nil(t, x.Response, entry)
		require.Equal(t, want, x.Failure, entry)
	}
}

func TestReadTimes(t *testing.T) {
	t.Parallel()
	want := time.Date(2025, 3, 31, 12, 44, 21, 0, time.UTC)
	for _, text := range []string{
		"2025-03-31T12:44:21Z", "2025-03-31T12:44:21+00:00", "2025-03-31T14:44:21.000+0200", "2025-03-31T12:44:21",
		"2025-03-31T12:44:21.0000000Z", "2025-03-31 12:44:21Z", "2025-03-31 12:44:21", "Mon, 31 Mar 2025 12:44:21 GMT",
	} {
		x := readOne(t, `{"startedDateTime":"`+text+`","request":{"method":"GET","url":"http://a/"}}`)
		require.True(t, want.Equal(x.Start), "%s: %s", text, x.Start)
	}
	x := readOne(t, `{"startedDateTime":"soon","request":{"method":"GET","url":"http://a/"}}`)
	require.True(t, x.Start.IsZero())
}
