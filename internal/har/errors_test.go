package har_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/har"
)

func TestReadGoesOnAfterABadEntry(t *testing.T) {
	t.Parallel()
	good := reply(`"status":200,"content":{"text":""}`)
	tests := map[string]struct{ entry, want string }{
		"wrong type":       {reply("\n\"status\":\"200\""), `read recording t.har: log.entries[1]: line 5: response: status: found a string where a number was expected`},
		"no object":        {`17`, `log.entries[1]: line 4: found a number where an object was expected`},
		"no method":        {`{"request":{"url":"http://a/"}}`, `line 4: its request has no method or no url`},
		"no URL":           {`{"request":{"method":"GET"}}`, `line 4: its request has no method or no url`},
		"only a fragment":  {`{"request":{"method":"GET","url":"#a"}}`, `line 4: its request has no method or no url`},
		"impossible code":  {reply(`"status":-7`), `response: -7 is not a status`},
		"fractional code":  {reply(`"status":200.5`), `response: 200.5 is not a status`},
		"not a number":     {reply(`"status":2-0`), `"2-0}}" is not a number`},
		"bad base64":       {reply(`"status":200,"content":{"encoding":"base64","text":"!"}`), `response: the body is not base64`},
		"unknown encoding": {reply(`"status":200,"content":{"encoding":"zip","text":"!"}`), `the body has encoding "zip", and only base64 is known`},
		"bad escape":       {reply(`"statusText":"\q"`), `a string has the unknown escape "\\q"`},
		"bad hex":          {reply(`"statusText":"\u12x4"`), `a string has the unknown escape "\\u12x4"`},
		"no colon":         {reply(`"status" 200`), `found a number where a colon was expected`},
		"no comma":         {reply(`"status":200 "a":1`), `found a string where a comma was expected`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := "{\"log\":{\n\"entries\":[\n" + good + ",\n" + test.entry + ",\n" + good + "]}}"
			xs, errs := readAll(t, text)
			require.Len(t, xs, 2)
			require.Len(t, errs, 1)
			require.ErrorContains(t, errs[0], test.want)
			require.ErrorContains(t, errs[0], "read recording t.har: log.entries[1]: line ")
		})
	}
}

func TestReadRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"empty":            {"", "it is empty: a HAR file is needed"},
		"white space":      {"\ufeff \n", "it is empty"},
		"HTML":             {"<!doctype html>", "it begins with <, as HTML and XML do: a HAR file is needed"},
		"an array":         {"[1]", `it begins with "[": a HAR file is needed`},
		"YAML":             {"openapi: 3.0.3", `it begins with "o"`},
		"gzip":             {"\x1f\x8b\x08\x00", "compressed with gzip: decompress it first"},
		"zip":              {"PK\x03\x04", "zip archive: unpack it first"},
		"UTF-16":           {"\xff\xfe{\x00", "UTF-16: save it as UTF-8"},
		"another document": {`{"openapi":"3.0.3","info":{},"paths":{"a":[1,"]"]}}`, `it is a JSON object with the members "openapi", "info", "paths" and without log.entries`},
		"no members":       {`{}`, "it is a JSON object with no members and without log.entries"},
		"no entries":       {`{"log":{"version":"1.2"}}`, `the members "log.version" and without log.entries`},
		"entries no array": {"{\"log\":{\n\"entries\":{}}}", `line 2: it is not valid JSON: found "{" where an array was expected`},
		"log no object":    {`{"log":3}`, `found "3" where an object was expected`},
		"cut in an entry":  {"{\"log\":{\n\"entries\":[\n{\"a\":[1", "the file ends within log.entries[0], which begins on line 3: was the recording cut off?"},
		"cut elsewhere":    {`{"log":{"entries":[`, "line 1: the file ends in the middle"},
		"cut in a name":    {`{"log":{"ent`, "line 1: the file ends in the middle"},
		"trailing text":    {wrap() + "\n}", `line 2: it is not valid JSON: found "}" where the end of the file was expected`},
		"no value":         {`{"log":}`, `found "}" where an object was expected`},
		"no value to skip": {`{"a":,"log":{}}`, `found "," where a value was expected`},
		"no member name":   {`{log:1}`, `found "l" where the name of a member was expected`},
		"trailing comma":   {`{"log":{"entries":[],}}`, `found "}" where the name of a member was expected`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			xs, errs := readAll(t, test.text)
			require.Empty(t, xs)
			require.Len(t, errs, 1)
			require.ErrorContains(t, errs[0], "read recording t.har: ")
			require.ErrorContains(t, errs[0], test.want)
		})
	}
}

func TestReadEmptyRecording(t *testing.T) {
	t.Parallel()
	xs, errs := readAll(t, wrap())
	require.Empty(t, xs)
	require.Empty(t, errs)
}

func TestReadSurvivesAnyPieces(t *testing.T) {
	t.Parallel()
	text := "\ufeff" + wrap(reply(`"status":200,"content":{"text":"a\"\\é\u00e9"}`), reply(`"status":404`)) + " \n"
	whole, errs := readAll(t, text)
	require.Empty(t, errs)
	require.Len(t, whole, 2)
	pieces, errs := collect(iotest.OneByteReader(strings.NewReader(text)))
	require.Empty(t, errs)
	require.Equal(t, whole, pieces)
}

func TestReadReportsTheReadersError(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	r := io.MultiReader(strings.NewReader(wrap(reply(`"status":204`))[:150]), iotest.ErrReader(broken))
	_, errs := collect(r)
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], broken)
}

func TestReadStopsWhenAsked(t *testing.T) {
	t.Parallel()
	text := wrap(reply(`"status":200`), reply(`"status":201`))
	var got []int
	for x, err := range har.Read(strings.NewReader(text), "t.har") {
		require.NoError(t, err)
		got = append(got, x.Response.Status)
		break
	}
	require.Equal(t, []int{200}, got)
}

func TestReadLeavesOutAnEntryThatIsTooLarge(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads more than 64 MiB")
	}
	r := io.MultiReader(
		strings.NewReader(`{"log":{"entries":[{"x":"`), io.LimitReader(endless('a'), 65<<20),
		strings.NewReader(`"},`+reply(`"status":200`)+`]}}`))
	xs, errs := collect(r)
	require.Len(t, errs, 1)
	require.EqualError(t, errs[0], "read recording t.har: log.entries[0]: line 1: it is larger than 64 MiB")
	require.Len(t, xs, 1)
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}
