package har_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/har"
)

// FuzzRead reads anything without a panic, and what it reads it can write and
// read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(wrap(reply(`"status":200,"content":{"size":4,"encoding":"base64","text":"AAAA"}`))))
	f.Add([]byte(wrap(reply(`"status":0,"_error":"x"`), `{"request":{"method":"A","url":"b","postData":{"text":"\ud800"}}}`)))
	f.Add([]byte("\ufeff{\"a\":[{}],\"log\":{\"entries\":[null,1,\"\\\\\\\"\"]}}"))
	f.Add([]byte(`{"log":{"entries":[{"request":{"headers":[{"name":":a"},{"name":"B","value":"c\nd"}]}}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		xs, _ := collect(bytes.NewReader(text))
		var file bytes.Buffer
		enc := har.NewEncoder(&file, "t", "1")
		for _, x := range xs {
			require.NoError(t, enc.Encode(x))
		}
		require.NoError(t, enc.Close())
		again, errs := collect(&file)
		require.Empty(t, errs)
		require.Len(t, again, len(xs))
	})
}

func BenchmarkRead(b *testing.B) {
	var entries []string
	for i := range 200 {
		entries = append(entries, reply(fmt.Sprintf(`"status":200,"statusText":"OK","headers":[%s],"content":{"size":%d,"mimeType":"application/json","text":%q},"bodySize":180`,
			strings.TrimSuffix(strings.Repeat(`{"name":"X-Frame-Options","value":"DENY"},`, 13), ","), 180+i%10, strings.Repeat(`{"id":"67ea"}`, 14))))
	}
	text := wrap(entries...)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	count := 0
	for b.Loop() {
		for _, err := range har.Read(strings.NewReader(text), "b.har") {
			if err != nil {
				b.Fatal(err)
			}
			count++
		}
	}
	b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "exchanges/s")
}

func BenchmarkReadRecordings(b *testing.B) {
	text, err := os.ReadFile(filepath.Join(recordings(b), "gcp.har"))
	require.NoError(b, err)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	count := 0
	for b.Loop() {
		for range har.Read(bytes.NewReader(text), "gcp.har") {
			count++
		}
	}
	b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "exchanges/s")
}
