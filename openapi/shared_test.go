package openapi_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// shared reads a file of the folder of facts beside the repository.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", filepath.FromSlash(name)))
	if os.IsNotExist(err) {
		t.Skipf("the folder shared, with %s, is not beside the repository", name)
	}
	require.NoError(t, err)
	return data
}

func TestEveryFactIsAStatement(t *testing.T) {
	rows := regexp.MustCompile(`(?m)^\| ([OPBSLAEF]\d+) \|`).FindAllSubmatch(shared(t, "CONTRACT.md"), -1)
	require.NotEmpty(t, rows)
	eachProfile(t, func(t *testing.T, p profile) {
		known := p.statements(t)
		for _, row := range rows {
			id := string(row[1])
			if id == "S6" && p.name == "documented" {
				continue
			}
			require.Contains(t, known, id)
			delete(known, id)
		}
		require.Empty(t, known, "statements that are no fact")
	})
}

// entry is what these tests read of a recorded exchange.
type entry struct {
	Request struct {
		Method string `json:"method"`
		URL    string `json:"url"`
	} `json:"request"`
	Response struct {
		Status  int `json:"status"`
		Content struct {
			Text string `json:"text"`
		} `json:"content"`
	} `json:"response"`
}

func recorded(t *testing.T, name string) []entry {
	t.Helper()
	var har struct {
		Log struct {
			Entries []entry `json:"entries"`
		} `json:"log"`
	}
	require.NoError(t, json.Unmarshal(shared(t, "recorded/"+name), &har))
	return har.Log.Entries
}

// Every recorded reply satisfies the profile that says what was recorded, but
// for the one page of a proxy.
func TestRecordedRepliesSatisfyTheObservedProfile(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ replies, undeclared int }{
		"aws.har": {281, 1}, "azure.har": {341, 0}, "gcp.har": {403, 0}, "regional-mode.har": {141, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entries := recorded(t, name)
			require.Len(t, entries, want.replies)
			doc, err := openapi3.NewLoader().LoadFromData(observed(t))
			require.NoError(t, err)
			undeclared := 0
			for _, e := range entries {
				op := operationFor(doc, e)
				require.NotNil(t, op, e.Request.URL)
				response := op.Responses.Value(strconv.Itoa(e.Response.Status))
				if response == nil {
					require.Equal(t, 502, e.Response.Status, e.Request.URL)
					undeclared++
					continue
				}
				var body any
				require.NoError(t, json.Unmarshal([]byte(e.Response.Content.Text), &body))
				schema := response.Value.Content.Get("application/json").Schema.Value
				require.NoError(t, schema.VisitJSON(body), e.Response.Content.Text)
			}
			require.Equal(t, want.undeclared, undeclared)
		})
	}
}

// operationFor finds the operation of a recorded request: the path with the
// fewest parameters that fits.
func operationFor(doc *openapi3.T, e entry) *openapi3.Operation {
	_, path, _ := strings.Cut(e.Request.URL, "/api/atlas/v2")
	for _, template := range doc.Paths.InMatchingOrder() {
		if fits(strings.Split(template, "/"), strings.Split(path, "/")) {
			if op := doc.Paths.Value(template).GetOperation(e.Request.Method); op != nil {
				return op
			}
		}
	}
	return nil
}

func fits(template, path []string) bool {
	if len(template) != len(path) {
		return false
	}
	for i, segment := range template {
		if !strings.HasPrefix(segment, "{") && segment != path[i] {
			return false
		}
	}
	return true
}
